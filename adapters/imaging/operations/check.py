"""Check against a marketplace profile: judged outside the engine, from the measures of every file."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft

KEY = "check"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Ask that the background is measured on the decoded file, as the marketplace will see it."""
    draft.is_judged = True
