"""How many costly requests of one user may be under way at once: a rate does not bound what each of them costs."""

import threading
from collections import Counter

from apiflask import APIFlask
from flask import g, request

from core.errors import LimitReachedError

READINGS = frozenset({"plans.understand", "plan_page.understanding"})
# Whoever types has one under way, and for a moment those that the browser gave up; a brief can take seconds to read.
PER_USER = 3


class AtOnce:
    """Counts what is under way, by user."""

    def __init__(self, per_user: int = PER_USER) -> None:
        self._per_user = per_user
        self._busy: Counter[str] = Counter()
        self._lock = threading.Lock()

    def enter(self, user_id: str) -> None:
        """Begin something.

        Raises:
            LimitReachedError: code ``too_many_at_once``.
        """
        with self._lock:
            if self._busy[user_id] >= self._per_user:
                raise LimitReachedError(
                    f"At most {self._per_user} texts are read at once.", code="too_many_at_once", retry_after=1
                )
            self._busy[user_id] += 1

    def leave(self, user_id: str) -> None:
        """End something that was begun."""
        with self._lock:
            self._busy[user_id] -= 1
            if not self._busy[user_id]:
                del self._busy[user_id]


def register(app: APIFlask) -> None:
    """Count readings of texts from the moment in which their sender is known until they are answered."""
    places = AtOnce()

    @app.before_request
    def enter() -> None:
        if request.endpoint in READINGS and "actor" in g:
            places.enter(g.actor.user_id)
            g.is_reading = True

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        if g.pop("is_reading", False):
            places.leave(g.actor.user_id)
