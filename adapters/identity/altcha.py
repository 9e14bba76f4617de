"""ALTCHA: the browser finds a number by trying, which costs a robot a thousandfold; nobody else is asked."""

import base64
import binascii
import datetime as dt
import json
import secrets
from collections.abc import Mapping
from typing import Any

from altcha import create_challenge, verify_solution
from altcha.v2 import Payload

from core.errors import InvalidInputError
from core.ports.captcha import Proof
from core.ports.clock import Clock

ALGORITHM = "PBKDF2/SHA-256"
ITERATIONS = 2_000
# The browser tries numbers up to a random one in this range.
LOW, HIGH = 150, 500
LIFETIME = dt.timedelta(minutes=20)
MAX_SOLUTION = 4_000


class AltchaCaptcha:
    """Makes riddles that need no memory here: the signature tells that they are ours.

    Args:
        key: signs the riddles.
        iterations: work for each try of the browser; small values are for tests.
    """

    name = "altcha"

    def __init__(self, key: bytes, clock: Clock, *, iterations: int = ITERATIONS) -> None:
        self._key = key.hex()
        self._clock = clock
        self._iterations = iterations

    def challenge(self) -> Mapping[str, Any]:
        """Return a new riddle."""
        counter = LOW + secrets.randbelow(HIGH - LOW)
        expires_at = int((self._clock.now() + LIFETIME).timestamp())
        made = create_challenge(
            ALGORITHM, self._iterations, counter=counter, expires_at=expires_at, hmac_secret=self._key,
            hmac_key_secret=f"{self._key}:key",
        )  # fmt: skip
        return made.to_dict()

    def check(self, solution: str) -> Proof:
        """Check a solution."""
        if not solution or len(solution) > MAX_SOLUTION:
            raise _failed()
        try:
            payload = json.loads(base64.b64decode(solution, validate=True))
            found = verify_solution(Payload.from_dict(payload), self._key, hmac_key_secret=f"{self._key}:key")
            parameters = payload["challenge"]["parameters"]
            key, end = str(parameters["nonce"]), dt.datetime.fromtimestamp(int(parameters["expiresAt"]), dt.UTC)
        # A solution is any text that somebody sends; what the library trips over is no solution.
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, binascii.Error):
            raise _failed() from None
        if not found.verified or self._clock.now() >= end:
            raise _failed()
        return Proof(key=f"altcha:{key}", expires_at=end)


def _failed() -> InvalidInputError:
    return InvalidInputError("The check against robots failed; let it run again.", code="captcha_failed")
