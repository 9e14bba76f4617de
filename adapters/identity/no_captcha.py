"""Asking nothing, for installations that robots cannot reach."""

from collections.abc import Mapping
from typing import Any


class NoCaptcha:
    """Takes everybody for a person."""

    name = "none"

    def challenge(self) -> Mapping[str, Any]:
        """Ask nothing."""
        return {}

    def check(self, solution: str) -> None:
        """Take anything."""
