"""Port: proof that a form was not sent by the thousand."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Protocol

import attrs


@attrs.frozen
class Proof:
    """A solved riddle.

    Args:
        key: names the riddle; the same one is taken once.
        expires_at: when it stops being a proof anyway.
    """

    key: str
    expires_at: dt.datetime


class Captcha(Protocol):
    """Asks and checks."""

    name: str

    def challenge(self) -> Mapping[str, Any]:
        """Return a new riddle for the browser; empty when nothing is asked."""
        ...

    def check(self, solution: str) -> Proof | None:
        """Check a solution; None when nothing is asked.

        Raises:
            InvalidInputError: code ``captcha_failed``, for a missing, wrong or late solution.
        """
        ...
