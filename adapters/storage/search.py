"""What every store of orders has to agree on: how names are searched and how a page is resumed."""

import base64
import binascii
import datetime as dt
import unicodedata

from core.errors import InvalidInputError


def fold(text: str) -> str:
    """Return a text in the form in which letter case and composed accents make no difference."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def to_cursor(created_at: dt.datetime, row_id: str) -> str:
    """Write the place of a row in a list that is sorted by creation time, then id."""
    return base64.urlsafe_b64encode(f"{created_at.isoformat()}|{row_id}".encode()).decode().rstrip("=")


def from_cursor(cursor: str) -> tuple[dt.datetime, str]:
    """Read a place written by ``to_cursor``.

    Raises:
        InvalidInputError: code ``invalid_cursor``.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        moment, _, row_id = text.partition("|")
        return dt.datetime.fromisoformat(moment).astimezone(dt.UTC), row_id
    except (ValueError, binascii.Error, OverflowError) as error:
        raise InvalidInputError("This page cursor cannot be read.", code="invalid_cursor") from error
