"""Marking what others wrote as data, so that no text can end its own mark or pass for an instruction."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable

# Addresses of people are of no use to a model: each letter becomes an x, so that places in the text stay the same.
PRIVATE = re.compile(
    r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"  # mail
    r"|(?:\+|\b00)\d[\d ()/.-]{6,18}\d"  # telephone
    r"|(?<=://)[^\s/@:]{1,99}:[^\s/@]{1,99}(?=@)"  # user and password in an address
    r"|\b(?:sk|pk|rk|ghp|xox[bp])[-_][\w-]{12,}",  # keys of services
    re.ASCII,
)


def masked(text: str) -> str:
    """Return the text with addresses of people made unreadable; its length and all other places stay."""
    return PRIVATE.sub(lambda found: re.sub(r"\w", "x", found[0]), text)


def fence(text: str, *, key: bytes, name: str) -> str:
    """Put a text between two lines that its writer cannot have foreseen.

    Args:
        key: secret of the installation; with it the lines are computed from the text itself.
        name: what the text is, in capitals.
    """
    mark = hmac.new(key, f"{name}\n{text}".encode(), hashlib.sha256).hexdigest()[:24]
    return f"<{name} {mark}>\n{text}\n</{name} {mark}>"


def listed(texts: Iterable[str]) -> str:
    """Write short texts as JSON, one a line, with nothing that could be taken for a line of its own."""
    return "\n".join(json.dumps(text) for text in texts)
