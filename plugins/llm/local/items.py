"""Pieces of meaning found in an instruction: a phrase of the lexicon, a measured value or the name of a file."""

from collections.abc import Sequence
from typing import Any

import attrs

from plugins.llm.local.text import Token


@attrs.define(kw_only=True, eq=False)
class Item:
    """One piece of meaning and where it stands.

    Args:
        kind: table of the lexicon, or ``size``, ``length``, ``percent``, ``file`` … for values.
        key: which entry, unit or sub-kind.
        value: the value itself, if it has one.
        first, last: token indexes, ``last`` not included.
        start, end: character offsets.
        is_used: whether some reading took it into account.
    """

    kind: str
    key: str = ""
    value: Any = None
    first: int = 0
    last: int = 0
    start: int = 0
    end: int = 0
    is_used: bool = False

    def use(self) -> "Item":
        """Mark as taken into account."""
        self.is_used = True
        return self

    def named(self, kind: str, *keys: str) -> bool:
        """Whether it is of a kind and, if any are given, has one of the keys."""
        return self.kind == kind and (not keys or self.key in keys)


def item_of(tokens: Sequence[Token], first: int, last: int, **fields: Any) -> Item:
    """Build an item that covers some tokens."""
    return Item(first=first, last=last, start=tokens[first].start, end=tokens[last - 1].end, **fields)
