"""Identifiers: 26 characters, sortable by time (the ULID form, github.com/ulid/spec)."""

from core.errors import InvalidInputError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26


def encode_id(milliseconds: int, randomness: int) -> str:
    """Write a time (48 bits, ms since 1970) and 80 random bits as 26 characters of Crockford base 32."""
    value = (milliseconds << 80) | randomness
    digits = [ALPHABET[(value >> shift) & 31] for shift in range((LENGTH - 1) * 5, -1, -5)]
    return "".join(digits).lower()


def check_id(text: str, *, what: str) -> str:
    """Return a well-formed id unchanged.

    Raises:
        InvalidInputError: the text cannot be an id.
    """
    if len(text) != LENGTH or any(c.upper() not in ALPHABET for c in text):
        raise InvalidInputError(f"{text!r} is not the id of a {what}.", code="invalid_id", details={"what": what})
    return text
