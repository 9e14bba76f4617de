"""Where words stand in a text: a model quotes, the places are computed here."""

import bisect
import re
from collections.abc import Iterable

import attrs

from core.domain.editing.plan import Cause

MAX_QUOTE = 2000
AROUND = " \t\r\n\"'“”„«»‘’.,;:!?"
# Signs that models like to exchange; each for one sign, so that places stay.
SAME = str.maketrans("’‘“”„«»–—−\u00a0", '\'\'"""""--- ')
ENDS = re.compile(r"[.!?。！？।]+(?:\s|$)|\n")
WORD = re.compile(r"\w+")


def find_quote(text: str, quote: str) -> Cause | None:
    """Return where the words stand; blanks, letter case and the kind of quotation marks and dashes do not matter.

    Returns:
        The first place, with the words as they stand in the text; None when they do not.
    """
    words = quote.strip(AROUND)
    if not words or len(quote) > MAX_QUOTE:
        return None
    start = text.find(words)
    if start >= 0:
        return Cause(start=start, end=start + len(words), words=words)
    pattern = r"\s+".join(re.escape(part) for part in words.translate(SAME).split())
    found = re.search(pattern, text.translate(SAME), re.IGNORECASE)
    return Cause(start=found.start(), end=found.end(), words=text[found.start() : found.end()]) if found else None


def sentences(text: str, causes: Iterable[Cause]) -> list[Cause]:
    """Return the whole sentences, or lines, in which some words stand, one for each."""
    ends = list(ENDS.finditer(text))
    starts, stops = [0, *(e.end() for e in ends)], [*(e.start() for e in ends), len(text)]
    found = []
    for cause in causes:
        start = starts[bisect.bisect_right(starts, cause.start) - 1]
        stop = stops[min(bisect.bisect_left(stops, cause.end), len(stops) - 1)]
        found.append(Cause(start=start, end=max(stop, cause.end), words=text[start : max(stop, cause.end)]))
    return found


@attrs.frozen
class Words:
    """A set of places in a text; only letters and digits count, not the signs between them.

    Args:
        places: offsets of the characters.
    """

    places: frozenset[int]

    @classmethod
    def of(cls, text: str, causes: Iterable[Cause | None]) -> "Words":
        """Return the places of some words; words that are not of this text have none."""
        places: set[int] = set()
        for cause in causes:
            if cause is not None and text[cause.start : cause.end] == cause.words:
                for found in WORD.finditer(cause.words):
                    places.update(range(cause.start + found.start(), cause.start + found.end()))
        return cls(frozenset(places))

    def touches(self, other: "Words") -> bool:
        """Whether both have a place in common."""
        return not self.places.isdisjoint(other.places)

    def within(self, other: "Words") -> bool:
        """Whether there is anything, and all of it is in the other."""
        return bool(self.places) and self.places <= other.places

    def share_in(self, other: "Words") -> float:
        """Return which part of these places the other covers, from 0 to 1."""
        return len(self.places & other.places) / len(self.places) if self.places else 0.0
