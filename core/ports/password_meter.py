"""Port: how hard a password is to guess."""

from collections.abc import Sequence
from typing import Protocol

import attrs


@attrs.frozen
class Strength:
    """What a meter says.

    Args:
        score: 0 (guessed at once) to 4 (safe).
        hint: a sentence about what would be better; empty when there is none.
    """

    score: int
    hint: str = ""


class PasswordMeter(Protocol):
    """Compares passwords with dictionaries and patterns."""

    def measure(self, password: str, *, words: Sequence[str] = ()) -> Strength:
        """Measure a password.

        Args:
            words: what attackers know of the person, such as name and address.
        """
        ...
