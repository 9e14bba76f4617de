"""Schemas under their own names."""

import json
from typing import Any

ROOT = "#/components/schemas/"


def flatten(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a document in which each schema stands once: APIFlask repeats nested ones as ``Parent.Child``."""
    text = json.dumps(spec)
    names = sorted(spec["components"]["schemas"], key=len, reverse=True)
    for name in names:
        if "." in name:
            text = text.replace(json.dumps(ROOT + name), json.dumps(ROOT + name.rpartition(".")[2]))
    flat: dict[str, Any] = json.loads(text)
    found = flat["components"]["schemas"]
    flat["components"]["schemas"] = {name.rpartition(".")[2]: found[name] for name in sorted(found)}
    return flat
