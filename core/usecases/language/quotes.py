"""Where words stand in a text: a model quotes, the places are computed here."""

import bisect
import re
from collections.abc import Iterable
from functools import cached_property

import attrs

from core.domain.editing.plan import Cause

MAX_QUOTE = 2000
AROUND = " \t\r\n\"'“”„«»‘’.,;:!?"
# Signs that models like to exchange; each for one sign, so that places stay.
SAME = str.maketrans("’‘“”„«»–—−\u00a0İı", '\'\'"""""--- ii')
ENDS = re.compile(r"[.!?。！？।]+(?:\s|$)|\n")
WORD = re.compile(r"\w+")


@attrs.frozen(slots=False)
class QuotedText:
    """A text in which quotes are looked for; it is made ready for that once, for all of them."""

    text: str

    def find(self, quote: str) -> Cause | None:
        """Return where the words stand; blanks, letter case and the kind of quotation marks and dashes do not matter.

        Returns:
            The first place, with the words as they stand in the text; None when they do not.
        """
        words = quote.strip(AROUND)
        if not words or len(quote) > MAX_QUOTE:
            return None
        start = self.text.find(words)
        if start >= 0:
            return Cause(start=start, end=start + len(words), words=words)
        pattern = r"\s+".join(re.escape(part) for part in _folded(words).split())
        found = re.search(pattern, self._folded)
        return Cause(start=found.start(), end=found.end(), words=self.text[slice(*found.span())]) if found else None

    @cached_property
    def _folded(self) -> str:
        return _folded(self.text)


def _folded(text: str) -> str:
    """Return a text without differences that do not matter; every sign stays at its place."""
    plain = text.translate(SAME)
    return plain.translate({ord(sign): _lower(sign) for sign in set(plain)})


def _lower(sign: str) -> str:
    return next((low for low in (sign.casefold(), sign.lower()) if len(low) == 1), sign)


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
