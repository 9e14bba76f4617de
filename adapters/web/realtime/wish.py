"""What a client asks of a stream, the same for Flask and for the streams beside it."""

from collections.abc import Mapping
from typing import Protocol

import attrs

from core.errors import InvalidInputError

DIGITS = 10
MAX_SEQUENCE = 2**31 - 1
FLAGS = {"": False, "0": False, "false": False, "1": True, "true": True}


@attrs.frozen
class Wish:
    """How a client wants to follow.

    Args:
        after: sequence number of the last event that it has; None to begin now.
        is_named: whether each event carries its name in a line of its own.
    """

    after: int | None
    is_named: bool


class Headers(Protocol):
    """Headers of a request, of whatever library."""

    def get(self, key: str, default: str, /) -> str:
        """Return a header, in any letter case."""
        ...


def read_wish(headers: Headers, query: Mapping[str, str]) -> Wish:
    """Read ``Last-Event-ID``, ``after`` and ``unnamed``.

    An EventSource repeats its address when it comes back, so its header is newer than the address.

    Raises:
        InvalidInputError: a number that is none, or a flag that is none.
    """
    place, given = "Last-Event-ID", headers.get("Last-Event-ID", "")
    if not given:
        place, given = "after", query.get("after", "")
    if given and not (given.isascii() and given.isdigit() and len(given) <= DIGITS and int(given) <= MAX_SEQUENCE):
        raise _invalid(place, "it is not the sequence number of an event")
    flag = query.get("unnamed", "").lower()
    if flag not in FLAGS:
        raise _invalid("unnamed", "it is 1 or 0")
    return Wish(after=int(given) if given else None, is_named=not FLAGS[flag])


def _invalid(place: str, words: str) -> InvalidInputError:
    return InvalidInputError(f"{place}: {words}", details={"fields": {place: [words]}})
