"""Where words stand in a brief, as somebody who holds the document would say it."""

from bisect import bisect_right
from collections.abc import Sequence

import attrs

# Ends a line that was full, in the middle of a sentence (U+2028, the line separator): a line to those who count them,
# a space to those who read.
SOFT_BREAK = "\u2028"


@attrs.frozen(kw_only=True)
class Citation:
    """A place in a document.

    Args:
        page: from 1; None where the format has no pages.
        line: from 1, counted on its page; a paragraph or a row of a table is a line where the format has no lines.
    """

    line: int
    page: int | None = None

    def within(self, name: str) -> str:
        """Say the place with the name of its document: ``brief.pdf, page 2, line 7``."""
        page = f"page {self.page}, " if self.page is not None else ""
        return f"{name or 'brief'}, {page}line {self.line}"


def on_one_line(words: str) -> str:
    """Return words as they are quoted."""
    return words.replace(SOFT_BREAK, " ")


def cite(text: str, page_starts: Sequence[int], start: int) -> Citation:
    """Return where a character of a text stands.

    Args:
        page_starts: where each page begins in the text, ascending; empty where the format has no pages. A page
            without words begins where the next one does.
        start: offset of the character; one beyond the text counts as its end.
    """
    place = max(0, min(start, len(text)))
    number = bisect_right(page_starts, place)
    begins = page_starts[number - 1] if number else 0
    lines = text.count("\n", begins, place) + text.count(SOFT_BREAK, begins, place)
    return Citation(page=max(1, number) if page_starts else None, line=lines + 1)
