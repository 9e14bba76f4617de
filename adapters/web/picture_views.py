"""Pictures as the large view shows them: flags, checks and measures in plain words, with their figures."""

from collections.abc import Mapping
from typing import Any

import attrs

from core.domain.action_log import ActionLogEntry
from core.domain.images import ImageVersion, OrderImage, VersionFile, VersionFlag
from core.usecases.queries.pictures import PictureView, VersionStory

FLAG_TITLES = {
    "uncertain_mask": "The cut-out may be wrong", "not_enlarged": "Smaller than asked",
    "fill_not_reached": "The subject is too small", "canvas_too_small": "The canvas is too small",
    "max_bytes_unreachable": "The file is too large", "letters_missing": "Letters are missing",
    "not_compliant": "Not compliant", "no_subject_found": "No subject found", "nothing_to_trim": "Nothing to trim",
    "no_tilt_found": "Nothing to level by", "shadow_needs_cutout": "No shadow without a cut-out",
    "depth_not_possible": "8 bits only", "no_extra_depth": "No more than 8 bits in the original",
}  # fmt: skip
FLAG_UNITS = {
    "not_enlarged": "px", "canvas_too_small": "px", "max_bytes_unreachable": "bytes", "uncertain_mask": "share",
    "fill_not_reached": "%",
}  # fmt: skip
VERDICTS = {"compliant": ("Passed", "good"), "not_compliant": ("Not compliant", "bad"), "unknown": ("Open", "quiet")}
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WebP", "tiff": "TIFF", "avif": "AVIF", "gif": "GIF", "heic": "HEIC"}
BROWSER_FORMATS = frozenset({"jpeg", "png", "webp", "avif", "gif", "bmp"})


@attrs.frozen(kw_only=True)
class FlagWords:
    """A flag: what is wrong, why, and the figure with its limit; texts are empty where there is none."""

    title: str
    message: str
    needs_look: bool
    measured: str
    limit: str
    output: str


@attrs.frozen(kw_only=True)
class CheckWords:
    """One rule of a profile: pass, fail, advice, not_checked or not_yet_effective; what was found and what it asks."""

    status: str
    found: str
    asked: str


@attrs.frozen(kw_only=True)
class ReportWords:
    """What one profile says about one file."""

    title: str
    version: str
    output: str
    verdict: str
    tone: str
    unverified: bool
    checks: tuple[CheckWords, ...]

    def having(self, *statuses: str) -> tuple[CheckWords, ...]:
        """Return the checks with one of some outcomes."""
        return tuple(c for c in self.checks if c.status in statuses)


@attrs.frozen(kw_only=True)
class Shown:
    """One version (0 is the original), or one file of it, as it is looked at.

    Args:
        story: how the version came to be; None for the original.
        file: the chosen deliverable; None for the original.
    """

    view: PictureView
    number: int
    story: VersionStory | None
    file: VersionFile | None

    @property
    def flags(self) -> tuple[FlagWords, ...]:
        """Reasons to look at it, those that need a look first."""
        flags = self.story.version.flags if self.story else ()
        return tuple(sorted((self._short(f) for f in flags), key=lambda f: not f.needs_look))

    def _short(self, flag: VersionFlag) -> FlagWords:
        """Say how many rules are broken where the report beside it says which."""
        words = flag_words(flag)
        broken = [r for r in self.reports if flag.code == "not_compliant" and flag.message.startswith(f"{r.title}:")]
        if not broken:
            return words
        count = len(broken[0].having("fail"))
        rules = "1 rule is" if count == 1 else f"{count} rules are"
        return attrs.evolve(words, message=f"{broken[0].title}: {rules} not kept. They are listed below.")

    @property
    def reports(self) -> tuple[ReportWords, ...]:
        """What the profiles say about the file."""
        return tuple(report_words(r, self.file.output) for r in self.file.compliance) if self.file else ()

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Figures that matter, each with its name."""
        image = self.view.image
        if self.file is None:
            return (
                ("Size", size_words(image.width, image.height)),
                ("File", f"{format_words(image.format)}, {bytes_words(image.bytes)}"),
            )
        return file_facts(self.file)

    @property
    def log(self) -> tuple[ActionLogEntry, ...]:
        """What happened to the picture, newest first."""
        return self.view.log[::-1]


def shown(view: PictureView, *, version: int | None, output: str | None) -> Shown | None:
    """Return what is looked at; None when there is no such version or output."""
    number = view.image.latest_version if version is None else version
    if number == 0:
        return Shown(view=view, number=0, story=None, file=None)
    story = next((s for s in view.stories if s.version.number == number), None)
    files = story.version.files if story else ()
    file = next((f for f in files if output in (None, f.output)), None)
    return None if file is None else Shown(view=view, number=number, story=story, file=file)


def flag_words(flag: VersionFlag) -> FlagWords:
    """Say what is wrong, with the figure and its limit."""
    unit = FLAG_UNITS.get(flag.code, "")
    return FlagWords(
        title=FLAG_TITLES.get(flag.code, flag.code.replace("_", " ").capitalize()), message=flag.message,
        needs_look=flag.severity == "review", output=flag.output,
        measured="" if flag.measured is None else figure(flag.measured, unit),
        limit="" if flag.limit is None else figure(flag.limit, unit),
    )  # fmt: skip


def report_words(report: Mapping[str, Any], output: str) -> ReportWords:
    """Put a stored report into words; a sentence of a rule names what was found, then what is asked."""
    verdict, tone = VERDICTS.get(report["verdict"], VERDICTS["unknown"])
    checks = []
    for result in report["results"]:
        found, _, asked = str(result["message"]).partition("; ")
        checks.append(CheckWords(status=result["status"], found=found, asked=asked))
    return ReportWords(
        title=report["title"], version=report["version"], output=output, verdict=verdict, tone=tone,
        unverified=bool(report["unverified"]), checks=tuple(checks),
    )  # fmt: skip


def file_facts(file: VersionFile) -> tuple[tuple[str, str], ...]:
    """Return the figures of a finished file that a reviewer asks for."""
    measures = file.measures
    facts = [
        ("Size", size_words(file.width, file.height)),
        ("File", f"{format_words(file.format)}, {bytes_words(file.bytes)}"),
    ]
    for name, label, unit in (
        ("fill_longest_side", "Fill of the longer side", "share"),
        ("background_white_share", "Pure white ground", "share"),
        ("background_transparent_share", "Transparent ground", "share"),
        ("sharpness", "Sharpness", ""), ("dpi", "Resolution", "dpi"),
    ):  # fmt: skip
        value = measures.get(name)
        if isinstance(value, int | float) and not (name == "background_transparent_share" and value == 0):
            facts.append((label, figure(value, unit)))
    if measures.get("icc"):
        facts.append(("Colour profile", str(measures["icc"])))
    return tuple(facts)


def figure(value: float, unit: str) -> str:
    """Write a figure with its unit: px, bytes, dpi, % or share (0…1, written as a percentage)."""
    if unit == "bytes":
        return bytes_words(round(value))
    if unit == "share":
        # 99.96 % must not look like the whole.
        rounded = round(value * 100, 1)
        return f"{rounded if rounded < 100 or value >= 1 else 99.9:g} %"
    if unit in ("px", "dpi"):
        return f"{value:,.0f} {unit}"
    return f"{value:.3g} {unit}".strip() if abs(value) < 1000 else f"{value:,.0f} {unit}".strip()


def bytes_words(count: int) -> str:
    """Write a size of a file."""
    if count < 1000:
        return f"{count} bytes"
    value, unit = (count / 1000, "kB") if count < 1_000_000 else (count / 1_000_000, "MB")
    return f"{value:.0f} {unit}" if value >= 100 else f"{value:.1f} {unit}"


def size_words(width: int, height: int) -> str:
    """Write the sides of a picture."""
    return f"{width:,} × {height:,} px"


def format_words(name: str) -> str:
    """Write the name of a file format."""
    return FORMATS.get(name, name.upper())


def files_data(image: OrderImage, version: ImageVersion | None) -> list[dict[str, Any]]:
    """Return what a script needs to show the files of a version, or the original when there is none."""
    if version is None:
        return [_file_data("", image.format, width=image.width, height=image.height)]
    return [_file_data(f.output, f.format, width=f.width, height=f.height) for f in version.files]


def _file_data(output: str, format: str, *, width: int, height: int) -> dict[str, Any]:
    return {
        "output": output, "format": format_words(format), "width": width, "height": height,
        "isShownWhole": format in BROWSER_FORMATS,
    }  # fmt: skip
