"""Comparing values: exact, in a range, one of several, or within the tolerance of numbers."""

from typing import Any

TOLERANCE = 0.02
PIXELS_FROM_MM = 1.0
# What an expected reading says about itself rather than about the operation.
REMARKS = frozenset(("op", "scope", "assumed", "conflict", "steps", "name", "folder"))
SIDES = ("top", "right", "bottom", "left")


def same(expected: Any, found: Any) -> bool:
    """Whether a found value fulfils an expected one."""
    if isinstance(expected, dict) and "range" in expected:
        low, high = expected["range"]
        return isinstance(found, int | float) and not isinstance(found, bool) and low <= found <= high
    if isinstance(expected, dict) and "any_of" in expected:
        return any(same(e, found) for e in expected["any_of"])
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(same(v, found.get(k)) for k, v in expected.items())
    if isinstance(expected, list):
        return _same_list(expected, list(found) if isinstance(found, list | tuple) else [found])
    if isinstance(found, list | tuple) and len(found) == 1:
        return same(expected, found[0])
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return abs(expected - found) <= max(abs(expected) * TOLERANCE, PIXELS_FROM_MM if abs(expected) > 100 else 0)
    return bool(expected == found) or str(expected).casefold() == str(found).casefold()


def _same_list(expected: list[Any], found: list[Any]) -> bool:
    """Whether two lists hold the same values, numbers in this order and words in any."""
    if len(expected) != len(found):
        return False
    if all(isinstance(e, str) for e in expected):
        return sorted(str(e).casefold() for e in expected) == sorted(str(f).casefold() for f in found)
    return all(map(same, expected, found))


def plain(op: str, params: dict[str, Any]) -> dict[str, Any]:
    """Bring the short forms of expected parameters to the long ones: all margins, both alignments."""
    named = {k: v for k, v in params.items() if k not in REMARKS}
    if op == "subject.place":
        if isinstance(named.get("margin"), int | float | str):
            named["margin"] = {"all": named["margin"]}
        if isinstance(named.get("align"), str):
            named["align"] = {"x": named["align"], "y": named["align"]}
        if "margin" in named:
            named["margin"] = _margins(named["margin"])
    return named


def _margins(margin: dict[str, Any]) -> dict[str, Any]:
    spread = dict.fromkeys(SIDES, margin["all"]) if "all" in margin else {}
    return spread | {k.removesuffix("_min"): v for k, v in margin.items() if k != "all"}


def accuracy(op: str, expected: dict[str, Any], found: dict[str, Any]) -> tuple[int, int, list[str]]:
    """Count the expected parameters that a matched operation has right.

    Returns:
        right, all, and the names of the wrong ones.
    """
    wanted = plain(op, expected)
    wrong = [name for name, value in wanted.items() if not same(value, found.get(name))]
    return len(wanted) - len(wrong), len(wanted), wrong
