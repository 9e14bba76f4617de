"""Scopes: which pictures a step is for."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.editing.conditions import read_condition
from core.domain.editing.scope import ALL, ImageFacts, Scope
from core.domain.editing.tags import clean_tag, with_kinds
from core.errors import InvalidInputError


def picture(name: str, position: int = 1, count: int = 10) -> ImageFacts:
    return ImageFacts(name=name, position=position, count=count)


@pytest.mark.parametrize(
    ("scope", "name", "position", "matches"),
    [
        (Scope(files=("IMG_0412",)), "img_0412.jpg", 1, True),
        (Scope(files=("IMG_0412.JPG",)), "IMG_0412.jpg", 1, True),
        (Scope(files=("IMG_0412",)), "IMG_0413.jpg", 1, False),
        (Scope(ranges=(("IMG_0413", "IMG_0418"),)), "IMG_0413.jpg", 1, True),
        (Scope(ranges=(("IMG_0413", "IMG_0418"),)), "IMG_0418.jpg", 1, True),
        (Scope(ranges=(("IMG_0413", "IMG_0418"),)), "IMG_0419.jpg", 1, False),
        (Scope(ranges=(("IMG_0413", "IMG_0418"),)), "DSC_0415.jpg", 1, False),
        (Scope(ranges=(("0413", "0418"),)), "DSC_0415.jpg", 1, True),
        (Scope(ranges=(("0418", "0413"),)), "DSC_0415.jpg", 1, True),
        (Scope(globs=("IMG_12*",)), "img_1299.png", 1, True),
        (Scope(globs=("*_front",)), "shoe_front.jpg", 1, True),
        (Scope(globs=("*_front",)), "shoe_back.jpg", 1, False),
        (Scope(not_globs=("*_back",)), "shoe_back.jpg", 1, False),
        (Scope(not_globs=("*_back",)), "shoe_front.jpg", 1, True),
        (Scope(indexes=((1, 3),)), "a.jpg", 3, True),
        (Scope(indexes=((1, 3),)), "a.jpg", 4, False),
        (Scope(indexes=((-1, -1),)), "a.jpg", 10, True),
        (Scope(indexes=((-2, -1),)), "a.jpg", 8, False),
        (ALL, "anything.tif", 7, True),
        (Scope(rest=True), "anything.tif", 7, False),
    ],
)
def test_names_the_pictures_a_customer_means(scope: Scope, name: str, position: int, matches: bool) -> None:
    assert scope.names(picture(name, position)) is matches


def test_a_named_file_is_more_specific_than_a_range_a_glob_and_all() -> None:
    ranks = [
        Scope(files=("a",)),
        Scope(ranges=(("a1", "a2"),)),
        Scope(globs=("*",)),
        Scope(tags=("shoe", "facing_left")),
        Scope(tags=("shoe",)),
        Scope(not_tags=("shoe",)),
        Scope(rest=True),
        ALL,
    ]
    assert [s.specificity for s in ranks] == sorted((s.specificity for s in ranks), reverse=True)


SHOE: dict[str, Any] = {"tags": frozenset({"sneaker", "facing_right"}), "width": 3000, "height": 2000, "format": "jpeg"}


@pytest.mark.parametrize(
    ("scope", "facts", "matches"),
    [
        (Scope(tags=("shoe",)), SHOE, True),
        (Scope(tags=("bag", "shoe")), SHOE, True),
        (Scope(tags=("bag",)), SHOE, False),
        (Scope(tags=("shoe", "facing_right")), SHOE, True),
        (Scope(tags=("shoe", "facing_left")), SHOE, False),
        (Scope(tags=("shoe",)), {}, False),
        (Scope(not_tags=("shoe",)), SHOE, False),
        (Scope(not_tags=("scarf",)), SHOE, True),
        (Scope(files=("a",), tags=("bag",)), SHOE, False),
        (Scope(globs=("*",), not_globs=("a",)), {}, False),
        (Scope(roles=("main",)), {"role": "main"}, True),
        (Scope(roles=("main",)), {"group_position": 1}, True),
        (Scope(roles=("main",)), {}, False),
        (Scope(roles=("back",)), {"name": "A7_back.jpg"}, True),
        (Scope(roles=("back",)), {"name": "A7_back.jpg", "role": "front"}, False),
        (Scope(groups=("A7",)), {"name": "A7_back.jpg"}, True),
        (Scope(groups=("A7",)), {"name": "A8_back.jpg"}, False),
        (Scope(groups=("A7",)), {"name": "A8_back.jpg", "group": "a7"}, True),
        (Scope(group_indexes=((1, 2),)), {"group_position": 2}, True),
        (Scope(group_indexes=((1, 2),)), {"group_position": 3}, False),
        (Scope(group_indexes=((1, 2),)), {}, False),
    ],
)
def test_content_roles_and_products_narrow_a_selection(scope: Scope, facts: dict[str, Any], matches: bool) -> None:
    image = attrs.evolve(picture("a.jpg"), **facts)
    assert scope.names(image) is matches


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("long_edge < 3000", False),
        ("long_edge >= 3000", True),
        ("short_edge == 2000", True),
        ("width > 2999", True),
        ("height != 2000", False),
        ("megapixels <= 6", True),
        ("aspect = 3:2", True),
        ("orientation == landscape", True),
        ("orientation != portrait", True),
        ("format == png", False),
    ],
)
def test_conditions_are_measured(text: str, holds: bool) -> None:
    condition = read_condition(text)
    assert condition.holds(width=3000, height=2000, format="jpeg") is holds
    assert condition.holds(width=0, height=0, format="") is None
    scope = Scope(conditions=(condition,))
    assert scope.names(ImageFacts(name="a.jpg", position=1, count=1, width=3000, height=2000, format="jpeg")) is holds
    assert not scope.names(picture("a.jpg")), "what is not known does not hold"
    assert read_condition(str(condition)) == condition


@pytest.mark.parametrize(
    "text",
    ["size < 3", "width ~ 3", "width < three", "orientation < square", "format == exe", "aspect == 1:0", "", "x"],
)
def test_refuses_conditions_that_compare_nothing(text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_condition(text)


def test_tags_are_one_list_of_words() -> None:
    assert [clean_tag(t) for t in ("Shoes", "T-Shirt", "scarves", "facing left")] == [
        "shoe", "t_shirt", "scarf", "facing_left",
    ]  # fmt: skip
    assert with_kinds(frozenset({"sneaker"})) == {"sneaker", "shoe", "footwear"}
    with pytest.raises(InvalidInputError):
        clean_tag("gizmo")


@pytest.mark.parametrize(
    "bad",
    [
        {"files": ("",)}, {"files": ("x" * 256,)}, {"indexes": ((0, 3),)}, {"tags": ("gizmo",)},
        {"roles": ("villain",)}, {"group_indexes": ((0, 1),)},
    ],
)  # fmt: skip
def test_refuses_what_could_not_match(bad: dict[str, tuple[object, ...]]) -> None:
    with pytest.raises(InvalidInputError):
        Scope(**bad)  # type: ignore[arg-type]


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=40), max_size=4))
def test_never_fails_on_strange_names(name: str, parts: list[str]) -> None:
    scope = Scope(files=tuple(parts), globs=tuple(parts), ranges=tuple((p, p) for p in parts))
    assert scope.names(picture(name)) in (True, False)
