"""A marketplace profile: the dated rules of one use of pictures, and the edit steps that lead there."""

import datetime as dt
import re
from typing import Any

import attrs

from core.domain.compliance.rules import ID, Rule
from core.errors import InvalidInputError

COLOUR = re.compile(r"#[0-9A-F]{6}")
ASPECT = re.compile(r"[0-9]+(\.[0-9]+)?:[0-9]+(\.[0-9]+)?")
SHADOWS = ("natural",)


@attrs.frozen(kw_only=True)
class Preset:
    """What a planner may ask of an edit so that the result suits the profile; None leaves the choice open.

    Args:
        canvas_width, canvas_height: exact size of the output, px.
        aspect: width:height, e.g. ``4:5``.
        min_long_edge_px, max_long_edge_px: permitted longest side, px.
        fill_min, fill_max: share of the canvas side that the longest side of the subject takes, 0…1.
        background: colour behind the subject, ``#RRGGBB``.
        formats: accepted file formats, the preferred one first.
        icc: short name of the colour profile to convert to, e.g. ``srgb``.
        bit_depth: bits per channel.
        max_bytes: largest file.
        jpeg_quality: lowest advised quality, 1…100.
        dpi: pixels per inch to write in the file.
        shadow: ``natural`` where one has to stay.

    Raises:
        InvalidInputError: code ``invalid_preset``; ``details["field"]`` names the field.
    """

    canvas_width: int | None = None
    canvas_height: int | None = None
    aspect: str | None = None
    min_long_edge_px: int | None = None
    max_long_edge_px: int | None = None
    fill_min: float | None = None
    fill_max: float | None = None
    background: str | None = None
    formats: tuple[str, ...] | None = None
    icc: str | None = None
    bit_depth: int | None = None
    max_bytes: int | None = None
    jpeg_quality: int | None = None
    dpi: int | None = None
    shadow: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse values that no edit step could take."""
        for name in WHOLE:
            value = getattr(self, name)
            self._require(value is None or (type(value) is int and value > 0), name, "a whole number above 0")
        for name in ("fill_min", "fill_max"):
            value = getattr(self, name)
            fits = value is None or (type(value) in (int, float) and 0 < value <= 1)
            self._require(fits, name, "a share above 0 and up to 1")
        self._require_order("min_long_edge_px", "max_long_edge_px")
        self._require_order("fill_min", "fill_max")
        together = (self.canvas_width is None) == (self.canvas_height is None)
        self._require(together, "canvas_height", "both canvas sides or neither")
        self._require(self.aspect is None or ASPECT.fullmatch(self.aspect), "aspect", "width:height such as 4:5")
        self._require(self.background is None or COLOUR.fullmatch(self.background), "background", "#RRGGBB, capitals")
        self._require(self.formats is None or self.formats, "formats", "at least one format")
        self._require(self.jpeg_quality is None or self.jpeg_quality <= 100, "jpeg_quality", "at most 100")
        self._require(self.shadow is None or self.shadow in SHADOWS, "shadow", "natural")

    def as_mapping(self) -> dict[str, Any]:
        """Return the keys that are set, in the order of declaration."""
        return {name: value for name in PRESET_KEYS if (value := getattr(self, name)) is not None}

    def _require_order(self, low: str, high: str) -> None:
        lower, upper = getattr(self, low), getattr(self, high)
        self._require(lower is None or upper is None or lower <= upper, high, f"at least {low}")

    def _require(self, condition: object, field: str, expected: str) -> None:
        if not condition:
            raise InvalidInputError(
                f"Preset {field} is {getattr(self, field)!r}; expected {expected}.",
                code="invalid_preset",
                details={"field": field},
            )


PRESET_KEYS = tuple(field.name for field in attrs.fields(Preset))
WHOLE = (
    "canvas_width",
    "canvas_height",
    "min_long_edge_px",
    "max_long_edge_px",
    "bit_depth",
    "max_bytes",
    "jpeg_quality",
    "dpi",
)


@attrs.frozen(kw_only=True)
class MarketplaceProfile:
    """The rules of one marketplace for one use of a picture, as read on a day.

    Args:
        id: snake_case name, e.g. ``amazon_main``.
        operator: who runs the marketplace.
        version: date of this edition of the profile; checked_on: the day on which its sources were read.
        effective_from: first day of the profile as a whole; None when it is in force already.
        aliases: other names under which people ask for it.
        note: what a reader has to know about the profile as a whole.

    Raises:
        InvalidInputError: code ``invalid_profile``; ``details["field"]`` names the field.
    """

    id: str
    title: str
    operator: str
    version: dt.date
    checked_on: dt.date
    rules: tuple[Rule, ...]
    preset: Preset = Preset()
    effective_from: dt.date | None = None
    aliases: tuple[str, ...] = ()
    note: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a profile that cannot be named or holds a rule twice."""
        self._require(ID.fullmatch(self.id), "id", "a snake_case name of at most 60 letters, digits and underscores")
        self._require(self.title, "title", "a title")
        self._require(self.operator, "operator", "the name of who runs the marketplace")
        self._require(self.rules, "rules", "at least one rule")
        ids = [rule.id for rule in self.rules]
        doubled = sorted({name for name in ids if ids.count(name) > 1})
        self._require(not doubled, "rules", f"each id once; more than once: {', '.join(doubled)}")

    @property
    def is_unverified(self) -> bool:
        """Whether any of the facts is unverified or disputed."""
        return any(rule.trust.is_unverified for rule in self.rules)

    def _require(self, condition: object, field: str, expected: str) -> None:
        if not condition:
            raise InvalidInputError(
                f"Profile {self.id!r}: {field} should be {expected}.", code="invalid_profile", details={"field": field}
            )
