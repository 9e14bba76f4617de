"""Scopes: which pictures a step is for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.editing.scope import ALL, ImageFacts, Scope
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
        Scope(rest=True),
        ALL,
    ]
    assert [s.specificity for s in ranks] == sorted((s.specificity for s in ranks), reverse=True)


@pytest.mark.parametrize("bad", [{"files": ("",)}, {"files": ("x" * 256,)}, {"indexes": ((0, 3),)}])
def test_refuses_what_could_not_match(bad: dict[str, tuple[object, ...]]) -> None:
    with pytest.raises(InvalidInputError):
        Scope(**bad)  # type: ignore[arg-type]


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=40), max_size=4))
def test_never_fails_on_strange_names(name: str, parts: list[str]) -> None:
    scope = Scope(files=tuple(parts), globs=tuple(parts), ranges=tuple((p, p) for p in parts))
    assert scope.names(picture(name)) in (True, False)
