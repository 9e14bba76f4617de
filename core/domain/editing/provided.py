"""Wishes that no configured engine fulfils: they stay in the plan, unpriced, for a provider or a person."""

from collections.abc import Mapping
from typing import Any

from core.errors import InvalidInputError

# What such a wish is called, by its operation; its parameters say the rest.
TITLES = {
    "retouch": "Retouch",
    "remove_object": "Remove",
    "ghost_mannequin": "Combine to a hollow garment",
    "symmetry": "Make symmetrical",
    "colour.match": "Match the colour",
    "colour.replace": "Recolour",
    "generate.model": "Show on a person",
    "generate.scene": "Show in a scene",
    "reshape": "Reshape",
    "perspective": "Correct the perspective",
    "blur": "Blur",
    "group": "Put pictures together",
    "clipping_path": "Clipping path",
    "layers": "Layers",
    "shadow": "Shadow",
    "background.set": "Background",
    "canvas": "Border",
    "straighten": "Straighten a part",
    "export": "File format",
    "overlay.logo": "Logo",
}
MAX_PARAMS, MAX_VALUES, MAX_TEXT = 20, 50, 500


def is_provided(op: str | None) -> bool:
    """Whether a wish of this operation waits for a provider; all others are only told."""
    return op in TITLES


def wish_sentence(op: str, params: Mapping[str, Any]) -> str:
    """Say what a wish asks for, with its parameters."""
    said = ", ".join(_value(name, value) for name, value in params.items())
    title = TITLES.get(op, op.replace("_", " ").replace(".", " ").capitalize())
    return f"{title}: {said}" if said else title


def _value(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        text = " ".join(f"{k.replace('_', ' ')} {v}" for k, v in value.items())
    elif isinstance(value, list | tuple):
        text = ", ".join(map(str, value))
    else:
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return text if name in ("what", "targets", "type", "format") else f"{name.replace('_', ' ')} {text}"


def check_wish(params: Mapping[str, Any]) -> None:
    """Refuse parameters that are not short plain values.

    Raises:
        InvalidInputError: code ``invalid_wish``.
    """
    if len(params) > MAX_PARAMS or not all(_is_plain(v) for v in params.values()):
        raise InvalidInputError(
            f"A wish holds at most {MAX_PARAMS} short values, lists or groups of values.", code="invalid_wish"
        )


def _is_plain(value: Any, *, depth: int = 1) -> bool:
    if isinstance(value, list | tuple):
        return depth > 0 and len(value) <= MAX_VALUES and all(_is_plain(v, depth=depth - 1) for v in value)
    if isinstance(value, dict):
        names = all(isinstance(k, str) and len(k) <= 40 for k in value)
        return depth > 0 and names and len(value) <= MAX_PARAMS and all(_is_plain(v, depth=0) for v in value.values())
    if isinstance(value, str):
        return len(value) <= MAX_TEXT and value.isprintable()
    return isinstance(value, int | float)
