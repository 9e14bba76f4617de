"""JSON as it is stored."""

import json
from typing import Any

_encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def write_json(value: Any) -> str:
    """Write a value; NaN and infinity are not JSON and are refused with ValueError."""
    return _encoder.encode(value)


def read_json(text: str) -> Any:
    """Read a value."""
    return json.loads(text)
