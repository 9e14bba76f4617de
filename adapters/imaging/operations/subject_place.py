"""Scale and align the subject on its canvas by margins or by fill."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft

KEY = "subject.place"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Ask for a place for the subject; where it is, is measured when the canvas is known."""
    draft.place = params
