"""Which keys a store accepts."""

import re

from core.errors import InvalidInputError

MAX_KEY = 512
MAX_SEGMENT = 200
SEGMENT = re.compile(r"[a-z0-9_-][a-z0-9._-]*", re.ASCII)


def check_key(key: str) -> str:
    """Return a key unchanged that is safe as a path below any folder and as the name of an object.

    A segment does not begin with a dot: that rules out ``.``, ``..`` and the names of unfinished files.

    Raises:
        InvalidInputError: code ``invalid_key``.
    """
    segments = key.split("/")
    if len(key) > MAX_KEY or not all(len(part) <= MAX_SEGMENT and SEGMENT.fullmatch(part) for part in segments):
        raise InvalidInputError(f"{key[:100]!r} cannot be the key of a stored file.", code="invalid_key")
    return key


def check_prefix(prefix: str) -> str:
    """Return the beginning of keys unchanged; empty means all.

    Raises:
        InvalidInputError: code ``invalid_key``: no key can begin like this.
    """
    if prefix:
        check_key(prefix.removesuffix("/"))
    return prefix


def content_key(prefix: str, sha256: str) -> str:
    """Return the key of an ingested content: ``<prefix>/<aa>/<sha256>``."""
    return check_key(f"{prefix}/{sha256[:2]}/{sha256}")
