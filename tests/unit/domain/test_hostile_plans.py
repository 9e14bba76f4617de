"""Plans that are meant to do harm: they are refused, or cost no more than others."""

from typing import Any

import pytest

from core.domain.editing.document import from_document
from core.domain.editing.naming import find_sku
from core.domain.editing.plan import MAX_NAMES
from core.errors import InvalidInputError


def _plan(**parts: Any) -> dict[str, Any]:
    return {"format": 1, **parts}


def _answer(op: str, params: dict[str, Any]) -> dict[str, Any]:
    changes = [{"kind": "set", "op": op, "params": params}]
    return _plan(questions=[{"key": "q", "about": "?", "options": [{"key": "a", "label": "A", "changes": changes}]}])


def _named(count: int) -> dict[str, Any]:
    globs = [f"{i}*" for i in range(count)]
    parts = [globs[i : i + 500] for i in range(0, count, 500)]
    return _plan(steps=[{"op": "overlay.text", "params": {"text": "a"}, "scope": {"globs": p}} for p in parts])


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (_plan(steps=[{"op": "exposure", "params": {"ev": 10**400}}]), "invalid_parameter"),
        (_plan(steps=[{"op": "resize", "params": {"long_edge": 10**4000}}]), "invalid_parameter"),
        (_answer("exposure", {"ev": [[["deep"]]]}), "invalid_parameter"),
        (_answer("exposure", {"speed": 1}), "unknown_parameter"),
        (_answer("dance", {}), "unknown_operation"),
        (_named(MAX_NAMES + 1), "plan_too_long"),
    ],
)
def test_a_hostile_plan_is_refused(document: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        from_document(document)
    assert refused.value.code == code
    assert len(refused.value.message) < 300


def test_a_plan_may_name_many_pictures() -> None:
    assert len(from_document(_named(MAX_NAMES)).steps) == MAX_NAMES // 500


def test_a_shape_with_wildcards_does_not_get_lost_in_a_long_name() -> None:
    assert find_sku("*a*a*a*{sku}!", "a" * 255) is None
    assert find_sku("*{sku}*a*a*a!", "a" * 255) is None


@pytest.mark.parametrize(
    ("shape", "name", "sku"),
    [
        ("{sku}_*", "AB-12_front", "AB-12"),
        ("*_{sku}", "front_AB-12", "AB-12"),
        ("*-{sku}", "a-_-b", "b"),
        ("{sku}*b", "aabb", "aab"),
        ("*{sku}*", "_x y_", "x"),
        ("SKU{sku}", "SKU", None),
        ("a*a{sku}", "a", None),
        ("{sku}_*", "no blank", None),
    ],
)
def test_a_sku_is_read_as_early_and_as_long_as_the_shape_permits(shape: str, name: str, sku: str | None) -> None:
    assert find_sku(shape, name) == sku
