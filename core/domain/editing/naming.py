"""File names of finished pictures: patterns of tokens, made safe, collisions resolved."""

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

import attrs

from core.domain.editing.operations.delivery import read_table
from core.domain.editing.resolve import OutputPlan

EXTENSIONS = {"jpeg": "jpg", "png": "png", "webp": "webp", "tiff": "tif", "avif": "avif"}
MAX_STEM_BYTES = 180
RESERVED = frozenset(["con", "prn", "aux", "nul"] + [f"{port}{n}" for port in ("com", "lpt") for n in range(10)])


@attrs.frozen(kw_only=True)
class Deliverable:
    """One finished file before it has a name.

    Args:
        key: anything that identifies it to the caller.
        original_name: name of the uploaded file.
        position: 1-based place in the order.
        output: the plan of its output.
        format: encoded format, a key of ``EXTENSIONS``.
        order_name: name of the order.
        is_only_output: whether the picture has no other deliverable.
    """

    key: str
    original_name: str
    position: int
    output: OutputPlan
    format: str
    order_name: str
    is_only_output: bool


def assign_names(deliverables: Iterable[Deliverable]) -> dict[str, str]:
    """Give every deliverable a relative path, unique also where letter case does not count.

    Returns:
        key -> ``folder/stem.ext``; later ones of the same name get ``-2``, ``-3`` …
    """
    taken: set[str] = set()
    names: dict[str, str] = {}
    for item in deliverables:
        stem, extension = _stem(item), EXTENSIONS[item.format]
        folder = _folder(item)
        number = 1
        path = _join(folder, stem, extension)
        while _fold(path) in taken:
            number += 1
            path = _join(folder, f"{stem}-{number}", extension)
        taken.add(_fold(path))
        names[item.key] = path
    return names


def _fold(path: str) -> str:
    return unicodedata.normalize("NFKC", path).casefold()


def _join(folder: str, stem: str, extension: str) -> str:
    name = f"{stem}.{extension}"
    return f"{folder}/{name}" if folder else name


def _folder(item: Deliverable) -> str:
    if item.output.folder:
        return "/".join(safe_stem(part) for part in item.output.folder.split("/"))
    pattern = (item.output.params("naming") or {}).get("pattern") or ""
    # Several deliverables of one picture need a place of their own unless the pattern tells them apart.
    return "" if item.is_only_output or "{output}" in pattern else safe_stem(item.output.name)


def _stem(item: Deliverable) -> str:
    naming = item.output.params("naming")
    original = PurePosixPath(item.original_name.replace("\\", "/")).stem
    if naming is None:
        return safe_stem(original)
    tokens = {"original": original, "index": item.position, "output": item.output.name, "order": item.order_name}
    if naming.get("table"):
        # A picture that the table does not name keeps the name that it has.
        own = (read_table(naming["table"]) or {}).get(original.casefold())
        return safe_stem(original) if own is None else _named(naming, tokens | own, original)
    if naming["sku_pattern"]:
        tokens["sku"] = find_sku(naming["sku_pattern"], original) or original
    return _named(naming, tokens, original)


def _named(naming: Mapping[str, Any], tokens: Mapping[str, Any], original: str) -> str:
    try:
        stem = naming["pattern"].format_map(tokens)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        stem = original
    cased = {"lower": stem.lower(), "upper": stem.upper()}.get(naming["case"], stem)
    return safe_stem(cased)


def find_sku(shape: str, name: str) -> str | None:
    """Read the SKU from a file name by a shape such as ``{sku}_*``; None when the name has another shape.

    The SKU begins as early and is as long as the shape permits, and holds neither blanks nor underscores. No regular
    expression is built: one with several wildcards takes minutes on a hostile name.
    """
    before, _, after = shape.partition("{sku}")
    name = name[:255]
    starts = [i for i in range(len(name)) if _fits(before, name[:i])]
    ends = [i for i in range(len(name), 0, -1) if _fits(after, name[i:])]
    breaks = [i for i, c in enumerate(name) if c == "_" or c.isspace()]
    for start in starts:
        limit = next((i for i in breaks if i >= start), len(name))
        end = next((i for i in ends if i <= limit), 0)
        if end > start:
            return name[start:end]
    return None


def _fits(shape: str, text: str) -> bool:
    """Whether a text has a shape in which ``*`` stands for anything."""
    first, *middle = shape.split("*")
    if not middle:
        return text == shape
    last = middle.pop()
    position, end = len(first), len(text) - len(last)
    if position > end or not (text.startswith(first) and text.endswith(last)):
        return False
    for part in middle:
        found = text.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True


def safe_stem(text: str) -> str:
    """Make a text usable as a file name on every system, without folders, controls or hidden direction marks."""
    normal = unicodedata.normalize("NFC", text)
    kept = "".join("_" if c in '<>:"/\\|?*' else c for c in normal if unicodedata.category(c)[0] != "C")
    while len(kept.encode()) > MAX_STEM_BYTES:
        kept = kept[:-1]
    kept = kept.strip(" .")
    if not kept:
        return "image"
    return f"_{kept}" if kept.split(".")[0].casefold() in RESERVED else kept
