"""Port: a place to which finished pictures are exported (a DAM, a shop, a folder)."""

import datetime as dt
import enum
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import attrs

from core.domain.editing.naming import safe_stem
from core.domain.integrations import KEY, Setting, SettingKind, clean_settings
from core.errors import ProviderRejectedError, ProviderUnavailableError


class DamFullError(ProviderUnavailableError):
    """The place has no room left; nothing half-written is visible."""

    default_code = "dam_full"


class DamRateLimitedError(ProviderUnavailableError):
    """The place accepts no more for now.

    Args:
        retry_after: seconds until it is worth another try; None when it does not say.
    """

    default_code = "rate_limited_by_provider"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message, details={"retry_after": retry_after})
        self.retry_after = retry_after


class DamFormatError(ProviderRejectedError):
    """The place does not take pictures of this format or size."""

    default_code = "unsupported_format"


class Capability(enum.StrEnum):
    """What a place can do with a picture beyond keeping it."""

    FOLDERS = "folders"
    METADATA = "metadata"
    TAGS = "tags"
    VERSIONS = "versions"
    VISIBILITY = "visibility"
    PRODUCTS = "products"
    CAPTIONS = "captions"
    PULL_URL = "pull_url"


@attrs.frozen(kw_only=True)
class DamItem:
    """One finished picture to export.

    Args:
        key: the same for every attempt to export this picture to this connection; where the place has no such key,
            look whether the picture is there before sending it again.
        path: local file, to be read only.
        name: file name with extension, without folders.
        format: jpeg, png, webp, tiff or avif.
        width, height: pixels as displayed.
        bytes: file size.
        sha256: lowercase hex digest of the file.
        date: day of the export.
        order, sku, category: empty when unknown.
        title, alt, caption: texts for people; empty when there are none.
        tags: words to find it by.
        metadata: JSON-ready facts about how it was made.
        options: what the customer chose for this export (``product_id``, ``position``, ``vendor`` …).
    """

    key: str
    path: Path
    name: str
    format: str
    width: int
    height: int
    bytes: int
    sha256: str
    date: dt.date
    order: str = ""
    sku: str = ""
    category: str = ""
    title: str = ""
    alt: str = ""
    caption: str = ""
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = attrs.field(factory=dict)
    options: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def safe_name(self) -> str:
        """The name, usable on every system, without folders."""
        stem, dot, extension = self.name.rpartition(".")
        return f"{safe_stem(stem)}.{safe_stem(extension)}" if stem and dot else safe_stem(self.name)

    def subfolder(self, pattern: str) -> str:
        """Fill in a checked sub-folder pattern; what is unknown becomes ``unknown``, and no value adds a level.

        Returns:
            A relative path with ``/``; empty for an empty pattern.
        """
        values = {"order": self.order, "date": self.date.isoformat(), "sku": self.sku, "category": self.category}

        def fill(part: str) -> str:
            filled = re.sub(r"\{(\w+)\}", lambda token: values[token[1]].strip() or "unknown", part)
            return safe_stem(filled)

        return "/".join(fill(part) for part in pattern.split("/")) if pattern else ""


@attrs.frozen(kw_only=True)
class DamReceipt:
    """What the place says about a picture that it has.

    Args:
        remote_id: how the place calls it; never empty.
        remote_url: where people can look at it; None when nowhere.
        is_new: False when an earlier attempt had already brought it there.
    """

    remote_id: str
    remote_url: str | None = None
    is_new: bool = True


class Dam(Protocol):
    """A connection to one place, used by one export at a time.

    Every method raises ``CredentialsError`` when the place does not accept who we are, ``ProviderUnavailableError``
    (``DamRateLimitedError``, ``DamFullError``) when another try may succeed, and ``ProviderRejectedError``
    (``DamFormatError``) when it would not. Any other exception counts as a failure of the plugin.
    """

    def verify(self) -> None:
        """Prove that uploads would be accepted, without leaving anything behind."""
        ...

    def upload(self, item: DamItem) -> DamReceipt:
        """Bring one picture there, completely or not at all; a second call for the same key adds nothing."""
        ...

    def finish(self) -> None:
        """Do what belongs after the last picture of an export, if anything; also called when none went through."""
        ...


@attrs.frozen(kw_only=True)
class DamContext:
    """What a plugin receives to make a connection.

    Args:
        settings: one value per field of the descriptor, checked, defaults filled in, secrets readable.
    """

    settings: Mapping[str, Any] = attrs.field(repr=False)


def _check_key(_descriptor: object, _field: object, key: str) -> None:
    if not KEY.fullmatch(key):
        raise ValueError(f"{key!r} cannot be a key; use lowercase letters, digits and underscores")


def _check_settings(_descriptor: object, _field: object, settings: tuple[Setting, ...]) -> None:
    names = [setting.name for setting in settings]
    if len(set(names)) != len(names) or not all(KEY.fullmatch(name) for name in names):
        raise ValueError("each setting needs a name of its own, of lowercase letters, digits and underscores")
    for setting in settings:
        if setting.default is not None:
            setting.clean(setting.default)


@attrs.frozen(kw_only=True)
class DamDescriptor:
    """One kind of place that a plugin offers.

    Args:
        key: stable name, e.g. ``folder``; connections refer to it.
        label: what people call it.
        summary: one sentence for the list of places.
        settings: fields that a connection has to fill in.
        capabilities: what it can do beyond keeping a file.
        formats: formats that it takes; empty for all.
        max_bytes: largest file that it takes; None for no limit.
        create: makes a connection; it must not talk to the place yet.

    Raises:
        ValueError: a bad key, or a setting with a bad or repeated name or a default that its own rules refuse.
    """

    key: str = attrs.field(validator=_check_key)
    label: str
    summary: str = ""
    settings: tuple[Setting, ...] = attrs.field(default=(), validator=_check_settings)
    capabilities: frozenset[Capability] = frozenset()
    formats: frozenset[str] = frozenset()
    max_bytes: int | None = None
    create: Callable[[DamContext], Dam]

    @property
    def secret_names(self) -> frozenset[str]:
        """Names of the fields that are stored encrypted and never shown."""
        return frozenset(setting.name for setting in self.settings if setting.kind is SettingKind.SECRET)

    def connect(self, settings: Mapping[str, Any]) -> Dam:
        """Check settings and make a connection with them.

        Raises:
            InvalidSettingsError: names every bad field.
        """
        return self.create(DamContext(settings=clean_settings(self.settings, settings)))

    def check_item(self, item: DamItem) -> None:
        """Refuse a picture that this place does not take, before anything is sent.

        Raises:
            DamFormatError: by format or size.
        """
        if self.formats and item.format not in self.formats:
            raise DamFormatError(
                f"{self.label} does not take {item.format}; use {', '.join(sorted(self.formats))}.",
                details={"format": item.format, "accepted": sorted(self.formats)},
            )
        if self.max_bytes is not None and item.bytes > self.max_bytes:
            raise DamFormatError(
                f"{item.name} has {item.bytes} bytes; {self.label} takes at most {self.max_bytes}.",
                details={"bytes": item.bytes, "max_bytes": self.max_bytes},
            )
