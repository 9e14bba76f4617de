"""What every store of orders has to agree on: how names are searched and how a page is resumed."""

import base64
import binascii
import datetime as dt
import json
import unicodedata

from core.errors import InvalidInputError
from core.ports.repositories.orders import OrderSort

Place = tuple[dt.datetime | str | int, str]
"""Where a row stands in a sorted list: the value that is sorted by, and its id."""

MAX_COUNT = 2**63 - 1


def fold(text: str) -> str:
    """Return a text in the form in which letter case and composed accents make no difference."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def to_cursor(sort: OrderSort, place: Place) -> str:
    """Write the place of a row in a sorted list."""
    value, row_id = place
    plain = value.isoformat() if isinstance(value, dt.datetime) else value
    return base64.urlsafe_b64encode(json.dumps([sort.value, plain, row_id]).encode()).decode().rstrip("=")


def from_cursor(cursor: str, sort: OrderSort) -> Place:
    """Read a place written by ``to_cursor`` for the same sort.

    Raises:
        InvalidInputError: code ``invalid_cursor``.
    """
    try:
        document = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        written_for, value, row_id = document
        if written_for != sort.value:
            raise ValueError("the list was sorted otherwise")
        return _value(value, sort), _text(row_id)
    except (ValueError, TypeError, RecursionError, binascii.Error, OverflowError) as error:
        raise InvalidInputError("This page cursor cannot be read.", code="invalid_cursor") from error


def _value(value: object, sort: OrderSort) -> dt.datetime | str | int:
    if sort.key == "created":
        return dt.datetime.fromisoformat(_text(value)).astimezone(dt.UTC)
    if sort.key == "name":
        return _text(value)
    if not isinstance(value, int) or not 0 <= value <= MAX_COUNT:
        raise ValueError("not a count")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not a text")
    value.encode()
    return value
