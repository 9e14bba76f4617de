"""How pictures are encoded, named, labelled and handed over."""

import re
from collections.abc import Iterator
from typing import Any

from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft
from plugins.llm.local.items import Item
from plugins.llm.local.numbers import TWELVE_STEPS

WRITABLE = frozenset(("jpeg", "png", "webp", "tiff", "avif"))
# Formats of cameras: pictures come in them, nobody delivers in them.
CAMERA = frozenset(("raw", "heic"))
TARGETS = ("sftp", "ftp", "dropbox", "google drive", "wetransfer")
READABLE = frozenset(("jpeg", "png", "webp", "tiff"))
PUBLIC_ICC = frozenset(("srgb", "adobe-rgb", "display-p3"))


def read(clause: Clause, draft: Draft) -> None:
    """Read format, quality, limits, resolution, colour space and metadata."""
    if clause.has("act", "skip"):
        return
    _sources(clause, draft)
    _metadata(clause, draft)
    if clause.polarity is Polarity.NOT and clause.has("thing", "artefacts"):
        draft.is_artless = clause.cause([*clause.all("neg"), *clause.use("thing", "artefacts")])
        return
    if clause.polarity in (Polarity.NOT, Polarity.REMOVE):
        for unwanted in clause.all("format") if clause.has("neg") else ():
            about = f"Not delivered as {unwanted.key.upper()}, as asked."
            draft.assume(about, clause.cause([unwanted.use(), *clause.use("neg")]))
        return
    _encoding(clause, draft)
    _colour(clause, draft)
    if clause.polarity is Polarity.KEEP:
        return
    for pack in clause.use("act", "zip"):
        draft.assume("Delivery: every finished order can be downloaded as one ZIP.", clause.cause([pack]))
    if sends := clause.all("act", "deliver"):
        reason = "Delivery is not a step of the plan; connect the target and export the finished order to it."
        words = " ".join(clause.words[i.start : i.end].casefold() for i in sends)
        params = {"target": next((t.replace(" ", "_") for t in TARGETS if t in words), "")}
        draft.decline(clause, sends, op="deliver", reason=reason, params={k: v for k, v in params.items() if v})


def is_source(clause: Clause, item: Item) -> bool:
    """Whether a format is what pictures come in: ``convert the PSDs to JPG``, ``aus PSD``."""
    if item.kind == "format" and item.key in CAMERA:
        return True
    if not clause.has("act", "convert") or item.kind != "format":
        return False
    formats = [i for i in clause.items if i.kind == "format"]
    return len(formats) > 1 and item is formats[0]


def _sources(clause: Clause, draft: Draft) -> None:
    for item in clause.all("format"):
        if is_source(clause, item) or item.key in CAMERA:
            if item.key not in READABLE:
                draft.sources[item.key] = clause.cause([item, *clause.all("act", "convert")])
            item.use()


def _encoding(clause: Clause, draft: Draft) -> None:
    params: dict[str, Any] = {}
    items = [
        *_formats(clause, draft, params),
        *_qualities(clause, draft, params),
        *_limits(clause, params),
        *_tiff(clause, params),
    ]
    if draft.topic == "export" and not items and all(i.kind == "percent" for i in clause.items):
        params["quality"] = round(max(1, min(100, clause.items[0].value)))
        items = list(clause.items)
    if items:
        items += [*clause.all("act", "convert"), *clause.all("thing", "format")]
    if "format" in params or clause.has("icc"):
        draft.topic = "export"
    if "dpi" in params:
        clause.use("thing", "size")
    if items:
        draft.put(clause, "export", items, **params)


def _formats(clause: Clause, draft: Draft, params: dict[str, Any]) -> Iterator[Item]:
    for chosen in clause.all("format"):
        if chosen.key in WRITABLE:
            params["format"] = chosen.key
            yield chosen
        else:
            _decline_format(clause, draft, chosen=chosen)


def _qualities(clause: Clause, draft: Draft, params: dict[str, Any]) -> Iterator[Item]:
    for short in clause.all("quality"):
        params["quality"] = short.value
        yield short
        if short.key == "12" and not clause.has("format"):
            draft.jpeg_scale = clause.cause([short])
    quality = _quality(clause)
    if quality and "quality" not in params:
        is_twelve = quality.kind == "number" and quality.value <= 12
        params["quality"] = TWELVE_STEPS[int(quality.value)] if is_twelve else round(quality.value)
        yield from (i for i in clause.all("number") if clause.has("slot", "quality") and i.value <= 100)
        yield from (quality, *clause.all("slot", "quality"))
    for best in clause.all("slot", "best"):
        params.setdefault("quality", 95)
        yield best


def _limits(clause: Clause, params: dict[str, Any]) -> Iterator[Item]:
    for limit in clause.all("bytes"):
        if 1000 <= limit.value <= 500_000_000:
            params["max_bytes"] = limit.value
            yield from (limit, *clause.all("slot", "max"))
    for dpi in clause.all("dpi"):
        if 1 <= dpi.value <= 2400:
            params["dpi"] = dpi.value
            yield dpi


def _tiff(clause: Clause, params: dict[str, Any]) -> Iterator[Item]:
    for bits in clause.all("bits"):
        if bits.value in (8, 16):
            params["bit_depth"] = f"{bits.value:g}"
            yield bits
    for packing in clause.all("compression"):
        params["compression"] = packing.key
        yield packing
        yield from (i for i in clause.items if i.kind == "unknown" and i.key.startswith("compress"))
    for lossless in clause.all("slot", "lossless"):
        params["lossless"] = True
        yield lossless


def _quality(clause: Clause) -> Item | None:
    """Find the share or number that is a quality: next to that word, or next to a format."""
    formats = [i for i in clause.items if i.kind == "format"]
    numbers = [i for i in clause.all("number") if i.value is not None and 1 <= i.value <= 100]
    if not clause.has("slot", "quality"):
        numbers = [
            i
            for i in numbers
            if (i.value >= 30 or i.value in range(6, 13)) and any(_follows(clause, f, i) for f in formats)
        ]
    keywords = [
        i
        for i in clause.items
        if i.kind in ("slot", "format", "shadow", "edge", "thing") and i.key not in ("max", "min", "lossless")
    ]
    for share in [*clause.all("percent"), *numbers]:
        nearest = clause.nearest(share, keywords)
        is_quality = nearest is not None and (nearest.kind == "format" or nearest.key == "quality")
        if is_quality and 1 <= share.value <= 100:
            return share
    return None


def _follows(clause: Clause, chosen: Item, number: Item) -> bool:
    """Whether a number follows a format: ``JPG 85``, ``webp at 80``."""
    between = clause.words[chosen.end : number.start].split()
    return chosen.last <= number.first and len(between) <= 1 and all(w.isalpha() or w == "@" for w in between)


def _decline_format(clause: Clause, draft: Draft, *, chosen: Item) -> None:
    layers = [i for i in clause.all("wish", "layers") if chosen.key == "psd"]
    params = {"format": chosen.key} | ({"layers": True} if layers else {})
    if chosen.key == "psd":
        draft.warn("Layered PSD needs a writer plugin; a TIFF or a transparent PNG can be delivered instead.")
    reason = f"{chosen.key.upper()} cannot be written; choose JPEG, PNG, WebP, TIFF or AVIF."
    draft.decline(clause, [chosen, *layers], op="export", reason=reason, params=params)


def _colour(clause: Clause, draft: Draft) -> None:
    for profile in clause.all("icc"):
        draft.put(clause, "export", [profile, *clause.all("act", "convert")], icc=profile.key)
    for space in clause.all("space"):
        draft.put(clause, "export", [space], colour_space=space.key)


def _metadata(clause: Clause, draft: Draft) -> None:
    named = clause.all("thing", "metadata", "copyright")
    if not named:
        return
    if clause.polarity in (Polarity.REMOVE, Polarity.NOT):
        draft.put(clause, "metadata", [*clause.all("verb", "remove"), *clause.all("neg"), *named], mode="strip")
    elif clause.polarity is Polarity.DO and any(i.key == "copyright" for i in named):
        text = _notice(clause, named[-1])
        if text:
            rest = [i for i in clause.items if i.first >= named[0].first or i.kind == "verb"]
            draft.put(clause, "metadata", rest, mode="set", copyright=text)


def _notice(clause: Clause, after: Item) -> str:
    """Take the copyright notice: what is quoted, else the words after the colon or the copyright sign."""
    quoted = clause.find("quote")
    if quoted:
        return str(quoted.value)[:200]
    end = max(i.end for i in clause.items)
    tail = clause.words[after.end : max(end, after.end)]
    found = re.search(r"[:©]\s*(.+)", tail + clause.words[end : end + 1].strip(".,;!\n"))
    return found.group(0).lstrip(": ").strip()[:200] if found else ""
