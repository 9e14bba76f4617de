"""Name the file: decided outside the engine, which gives its files neutral names."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft

KEY = "naming"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Change no pixel."""
