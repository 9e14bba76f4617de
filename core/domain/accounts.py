"""Users and their API keys."""

import datetime as dt
import enum
import re

import attrs

from core.errors import InvalidInputError
from core.kernel.actor import Role, Scope

MAX_API_KEYS = 10
MAX_COMPANY = 100
# Without the characters that separate or quote addresses in a mail's header.
_PLAIN = r"[^@\s\x00-\x1f\x7f,;:<>()\[\]\\\"{}]+"
_LABEL = _PLAIN.format(".")
ADDRESS = rf"{_PLAIN.format('')}@{_LABEL}(\.{_LABEL})*"
OPERATOR_EMAIL = "operator@localhost"


class UserStatus(enum.StrEnum):
    """Whether an account may be used."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


@attrs.frozen(kw_only=True)
class User:
    """One person with one e-mail address and a set of roles.

    Args:
        email: casefolded and unique.
        is_unmetered: whether work is recorded at list price without a balance that could run out.
        quota_bytes: most bytes this account may store; None for the installation's default.
    """

    id: str
    email: str
    name: str
    created_at: dt.datetime
    company_name: str = ""
    roles: frozenset[Role] = frozenset({Role.CUSTOMER})
    status: UserStatus = UserStatus.ACTIVE
    email_verified_at: dt.datetime | None = None
    is_unmetered: bool = False
    quota_bytes: int | None = None
    row_version: int = 1

    def storage_quota(self, default: int) -> int:
        """Return how many bytes the account may store."""
        return default if self.quota_bytes is None else self.quota_bytes


@attrs.frozen(kw_only=True)
class ApiKey:
    """A key for programs: the secret is shown once, only its hash is kept.

    Args:
        prefix: the first characters of the secret, to tell keys apart.
        secret_hash: SHA-256 hex digest of the whole secret.
    """

    id: str
    user_id: str
    name: str
    prefix: str
    secret_hash: str
    scopes: frozenset[Scope]
    created_at: dt.datetime
    expires_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
    last_used_at: dt.datetime | None = None

    def is_valid(self, now: dt.datetime) -> bool:
        """Whether the key opens the door at this moment."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def clean_email(text: str) -> str:
    """Return an address in the form in which it is stored and compared.

    Raises:
        InvalidInputError: code ``invalid_email``.
    """
    email = text.strip().casefold()
    if len(email) > 254 or not re.fullmatch(ADDRESS, email):
        raise InvalidInputError(f"{text[:80]!r} is not an e-mail address.", code="invalid_email")
    return email


def clean_company(text: str) -> str:
    """Return a company's name without outer blanks; it may be empty.

    Raises:
        InvalidInputError: code ``invalid_company``.
    """
    name = text.strip()
    if len(name) > MAX_COMPANY or not name.isprintable():
        raise InvalidInputError(f"A company's name has at most {MAX_COMPANY} characters.", code="invalid_company")
    return name


def clean_name(text: str, *, low: int = 2, high: int = 50) -> str:
    """Return a person's or a key's name without outer blanks.

    Raises:
        InvalidInputError: code ``invalid_name``.
    """
    name = text.strip()
    if not low <= len(name) <= high or not name.isprintable():
        raise InvalidInputError(f"A name has {low} to {high} printable characters.", code="invalid_name")
    return name
