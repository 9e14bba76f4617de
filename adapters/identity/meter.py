"""How hard a password is to guess, by zxcvbn: dictionaries, keyboards, dates and repetitions."""

import threading
from collections.abc import Sequence

from core.ports.password_meter import Strength

# The search grows quickly with the length, most of all with digits that may stand for letters: 64 characters can take
# two seconds, 32 less than half of one. What is longer is judged by its beginning.
LOOKED_AT = 32
# The library keeps the words of the current question in a table that all threads share.
_lock = threading.Lock()


class ZxcvbnMeter:
    """Measures with word lists that come with the package."""

    def measure(self, password: str, *, words: Sequence[str] = ()) -> Strength:
        """Measure a password."""
        from zxcvbn import zxcvbn

        if not password:
            return Strength(0)
        parts = [part for word in words for part in (word, *word.replace("@", " ").replace(".", " ").split())]
        with _lock:
            found = zxcvbn(password[:LOOKED_AT], user_inputs=[p.lower() for p in parts if len(p) > 2])
        feedback = found["feedback"]
        hints = [feedback.get("warning") or "", *feedback.get("suggestions", ())]
        return Strength(int(found["score"]), next((_sentence(h) for h in hints if h), ""))


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
