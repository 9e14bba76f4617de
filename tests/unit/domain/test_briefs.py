"""Places in a brief are cited as somebody who holds the document would say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.briefs import SOFT_BREAK, Citation, cite, on_one_line

PAGES = f"One{SOFT_BREAK}goes on.\nTwo.\n\nThree.\nFour."
STARTS = (0, PAGES.index("Three"), PAGES.index("Three"))


@pytest.mark.parametrize(
    ("words", "page", "line"), [("One", 1, 1), ("goes", 1, 2), ("Two", 1, 3), ("Three", 3, 1), ("Four", 3, 2)]
)
@pytest.mark.req("S0-BRIEF-01")
def test_a_place_is_told_by_page_and_line(words: str, page: int, line: int) -> None:
    assert cite(PAGES, STARTS, PAGES.index(words)) == Citation(page=page, line=line)


def test_without_pages_lines_count_from_the_beginning() -> None:
    assert cite("\n\nWhite.\nGrey.", (), 9) == Citation(page=None, line=4)
    assert cite("", (), 5) == Citation(line=1)


def test_a_citation_is_said_in_words() -> None:
    assert Citation(page=2, line=7).within("brief.pdf") == "brief.pdf, page 2, line 7"
    assert Citation(line=7).within("wishes.txt") == "wishes.txt, line 7"
    assert Citation(line=1).within("") == "brief, line 1"


def test_a_line_that_goes_on_is_quoted_as_one() -> None:
    assert on_one_line(f"2000 x{SOFT_BREAK}3000 px") == "2000 x 3000 px"


@given(
    st.text(alphabet=f"ab \n{SOFT_BREAK}", max_size=60), st.sets(st.integers(0, 60), max_size=5), st.integers(-3, 70)
)
def test_every_place_has_a_page_and_a_line_that_exist(text: str, starts: set[int], place: int) -> None:
    pages = tuple(sorted({0, *(s for s in starts if s <= len(text))}))
    found = cite(text, pages, place)
    assert found.page is not None
    assert 1 <= found.page <= len(pages)
    page = text[pages[found.page - 1] : (*pages, len(text))[found.page]]
    assert 1 <= found.line <= page.count("\n") + page.count(SOFT_BREAK) + 1
