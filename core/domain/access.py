"""How people get in: passwords that are kept as hashes, sessions, and links that work once."""

import datetime as dt
import enum

import attrs

SHORT_SESSION = dt.timedelta(days=7)
LONG_SESSION = dt.timedelta(days=30)
SEEN_EVERY = dt.timedelta(minutes=5)
MAX_AGENT = 200


class Purpose(enum.StrEnum):
    """What a link that was mailed is good for."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose

    @property
    def lifetime(self) -> dt.timedelta:
        """How long the link works."""
        return dt.timedelta(hours=24 if self is Purpose.VERIFY_EMAIL else 1)


@attrs.frozen(kw_only=True)
class Credential:
    """A user's password.

    Args:
        password_hash: in the form of the hasher, with its parameters in it.
    """

    user_id: str
    password_hash: str
    changed_at: dt.datetime


@attrs.frozen(kw_only=True)
class Session:
    """Somebody signed in with a browser or a program; only the digest of the secret is kept.

    Args:
        secret_hash: SHA-256 hex digest of the whole secret.
        is_remembered: whether it lives for 30 days instead of 7.
        user_agent, address: where it was begun, so that people can tell their sessions apart.
    """

    id: str
    user_id: str
    secret_hash: str
    created_at: dt.datetime
    last_seen_at: dt.datetime
    expires_at: dt.datetime
    is_remembered: bool = False
    user_agent: str = ""
    address: str = ""
    revoked_at: dt.datetime | None = None

    def is_valid(self, now: dt.datetime) -> bool:
        """Whether the session opens the door at this moment."""
        return self.revoked_at is None and now < self.expires_at


@attrs.frozen(kw_only=True)
class OneTimeToken:
    """A link that was mailed: it works once, for a while, and only the newest of its purpose."""

    id: str
    user_id: str
    purpose: Purpose
    created_at: dt.datetime
    expires_at: dt.datetime
    used_at: dt.datetime | None = None


def session_lifetime(*, is_remembered: bool) -> dt.timedelta:
    """Return how long a new session lives."""
    return LONG_SESSION if is_remembered else SHORT_SESSION


def clean_agent(text: str) -> str:
    """Return what a browser says about itself, fit to be stored and shown."""
    return "".join(c for c in text if c.isprintable())[:MAX_AGENT]


def coarse_address(address: str) -> str:
    """Return an IP address without its last part (IPv4) or the interface half (IPv6): enough to recognise a place."""
    if ":" in address:
        return ":".join(address.split("%", maxsplit=1)[0].split(":")[:3]) + "::"
    parts = address.split(".")
    return ".".join([*parts[:3], "0"]) if len(parts) == 4 else ""
