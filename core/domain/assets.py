"""Stored files: one store for every picture and document, each with an owner and a purpose."""

import datetime as dt
import enum

import attrs

from core.errors import LimitReachedError, TooLargeError, UnsupportedTypeError

MB = 1_000_000
MAX_NAME = 255


class Purpose(enum.StrEnum):
    """What a stored file is for; it decides what is accepted."""

    ORDER_IMAGE = "order_image"
    RESULT = "result"
    LOGO = "logo"
    BRIEF = "brief"


class AssetState(enum.StrEnum):
    """Whether a file may be used."""

    READY = "ready"
    DELETED = "deleted"


@attrs.frozen(kw_only=True)
class Asset:
    """A stored file.

    Args:
        format: jpeg, png, webp, tiff, gif, avif or heic, from the content.
        bytes: size of the file.
        width, height: pixels as displayed.
        sha256: lowercase hex digest of the content.
        storage_key: key in the blob store; never holds text of a user.
        original_name: name as uploaded, for people only.
    """

    id: str
    owner_id: str
    purpose: Purpose
    format: str
    bytes: int
    width: int
    height: int
    sha256: str
    storage_key: str
    original_name: str
    created_at: dt.datetime
    state: AssetState = AssetState.READY

    def deleted(self) -> "Asset":
        """Return the asset marked for the sweeper."""
        return attrs.evolve(self, state=AssetState.DELETED)


@attrs.frozen(kw_only=True)
class UploadPolicy:
    """What is accepted for a purpose (source: requirement S0-UPL-05, S0-UPL-06)."""

    formats: frozenset[str]
    max_bytes: int


UPLOAD_POLICIES = {
    Purpose.ORDER_IMAGE: UploadPolicy(
        formats=frozenset({"jpeg", "png", "webp", "tiff", "gif", "avif", "heic"}), max_bytes=50 * MB
    ),
    Purpose.LOGO: UploadPolicy(formats=frozenset({"png", "webp", "jpeg"}), max_bytes=5 * MB),
    Purpose.BRIEF: UploadPolicy(formats=frozenset({"pdf", "docx", "doc", "text"}), max_bytes=10 * MB),
}


def clean_file_name(name: str) -> str:
    """Return a name as it can be stored and shown: what no database keeps or no eye sees becomes ``\ufffd``."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name[:MAX_NAME]) or "file"


def check_upload_size(purpose: Purpose, *, name: str, size: int) -> None:
    """Refuse a file by its size, before anything is read.

    Raises:
        TooLargeError: code ``file_too_large``.
        UnsupportedTypeError: code ``empty_file``.
    """
    limit = UPLOAD_POLICIES[purpose].max_bytes
    if size > limit:
        raise TooLargeError(
            f"{name}: {size / MB:.1f} MB; at most {limit // MB} MB are accepted.",
            code="file_too_large",
            details={"name": name, "bytes": size, "max_bytes": limit},
        )
    if size == 0:
        raise UnsupportedTypeError(f"{name}: the file is empty.", code="empty_file", details={"name": name})


def check_upload_format(purpose: Purpose, *, name: str, format: str) -> None:
    """Refuse a file by the type of its content.

    Raises:
        UnsupportedTypeError: code ``unsupported_type``.
    """
    accepted = UPLOAD_POLICIES[purpose].formats
    if format not in accepted:
        raise UnsupportedTypeError(
            f"{name}: {format} is not accepted here; use {', '.join(sorted(accepted))}.",
            details={"name": name, "format": format, "accepted": sorted(accepted)},
        )


def check_quota(*, used: int, adding: int, quota: int) -> None:
    """Refuse what would exceed the account's storage.

    Raises:
        LimitReachedError: code ``quota_exceeded``.
    """
    if used + adding > quota:
        raise LimitReachedError(
            f"This account stores {used / MB:.0f} MB of {quota / MB:.0f} MB; {adding / MB:.1f} MB more do not fit.",
            code="quota_exceeded",
            details={"used": used, "adding": adding, "quota": quota},
        )
