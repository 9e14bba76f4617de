"""Previews as they are kept: the same picture with the same steps is rendered once."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import attrs

from core.domain.editing.resolve import ImagePlan
from core.errors import NotFoundError
from core.ports.blob_store import BlobNotFoundError, BlobStore
from core.ports.image_engine import Flag, Severity

PREVIEW_EDGE = 1024
NAME = re.compile(r"[0-9a-f]{64}-[0-9]{1,3}\.(?P<format>jpeg|png|webp|avif)", re.ASCII)


@attrs.frozen(kw_only=True)
class PreviewFile:
    """One rendered preview: its name among those of the order, where its content is, and its size in pixels."""

    output: str
    name: str
    storage_key: str
    format: str
    width: int
    height: int


@attrs.frozen(kw_only=True)
class Look:
    """What was rendered for a preview."""

    files: tuple[PreviewFile, ...]
    flags: tuple[Flag, ...]
    confidence: float | None


def preview_key(sha256: str, plan: ImagePlan, *, engine: str) -> str:
    """Return what names a preview: a hash of the picture, its steps, and the engine."""
    outputs = [[o.name, [[s.op, s.params] for s in o.steps]] for o in plan.outputs]
    facts = json.dumps([sha256, outputs, engine, PREVIEW_EDGE], sort_keys=True, default=str)
    return hashlib.sha256(facts.encode()).hexdigest()


def stored_as(order_id: str, name: str) -> str:
    """Return where a preview is kept: with its order, because whoever may see the order may see it.

    Raises:
        NotFoundError: no preview has such a name.
    """
    if not NAME.fullmatch(name):
        raise NotFoundError("There is no such preview.", details={"what": "preview"})
    return f"previews/{order_id}/{name}"


def format_of(name: str) -> str:
    """Return the format of a preview by its name."""
    return name.rpartition(".")[2]


def find_look(blobs: BlobStore, order_id: str, key: str) -> Look | None:
    """Return what was rendered earlier, if all of it is still there."""
    try:
        with blobs.open(_list_key(order_id, key)) as file:
            look = _read(json.load(file))
    except BlobNotFoundError:
        return None
    return look if all(blobs.exists(file.storage_key) for file in look.files) else None


def keep_look(blobs: BlobStore, order_id: str, *, key: str, look: Look) -> None:
    """Remember what was rendered, after its files are stored."""
    document: Mapping[str, Any] = {
        "files": [attrs.asdict(file) for file in look.files],
        "flags": [attrs.asdict(flag) for flag in look.flags],
        "confidence": look.confidence,
    }
    with blobs.staging() as folder:
        path = folder / "list.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        blobs.put(_list_key(order_id, key), path, move=True)


def _list_key(order_id: str, key: str) -> str:
    return f"previews/{order_id}/{key}.json"


def _read(document: Mapping[str, Any]) -> Look:
    return Look(
        files=tuple(PreviewFile(**file) for file in document["files"]),
        flags=tuple(Flag(**{**flag, "severity": Severity(flag["severity"])}) for flag in document["flags"]),
        confidence=document["confidence"],
    )
