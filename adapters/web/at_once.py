"""How many costly requests may be under way at once: a rate does not bound what each of them costs."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from apiflask import APIFlask
from flask import Response, g, request

from adapters.bootstrap import Application
from core.errors import LimitReachedError

# Whoever types has one reading under way, and for a moment those that the browser gave up; a brief can take seconds.
PER_USER = 3
# An answer of a model holds a thread for a minute or more; half of them stay free for everything else.
ANSWERS = 16
# So does an order while a model reads its brief and looks at its pictures.
ORDERS_PER_USER = 2
ORDERS = 8
READING = frozenset({"plans.understand", "plan_page.understanding"})
ANSWERING = frozenset({"llm.chat", "llm.send_message", "llm.write_summary", "llm.summarize"})
PLANNING = frozenset(
    {"plans.submit_order", "plan_page.submit", "plan_tags.save_tags", "batches.upload", "processing.process"}
)


class AtOnce:
    """Counts what is under way, by user.

    Args:
        what: what is done, for people.
        overall: of all users together; None for any number.
        wait: seconds after which it is worth another try for a user who has too many.
    """

    def __init__(self, what: str, *, per_user: int = PER_USER, overall: int | None = None, wait: float = 1) -> None:
        self._what = what
        self._wait = wait
        self._per_user = per_user
        self._overall = overall
        self._busy: Counter[str] = Counter()
        self._lock = threading.Lock()

    def enter(self, user_id: str) -> Callable[[], None]:
        """Begin something, and return what ends it; to end it twice does nothing.

        Raises:
            LimitReachedError: code ``too_many_at_once``.
        """
        with self._lock:
            if self._busy[user_id] >= self._per_user:
                raise _refused(f"At most {self._per_user} {self._what} at once.", retry_after=self._wait)
            if self._overall is not None and self._busy.total() >= self._overall:
                raise _refused("Many people ask at the moment; please try again in a few seconds.", retry_after=5)
            self._busy[user_id] += 1
        left = iter([user_id])

        def leave() -> None:
            with self._lock:
                for user in left:
                    self._busy[user] -= 1
                    if not self._busy[user]:
                        del self._busy[user]

        return leave


def _refused(message: str, *, retry_after: float) -> LimitReachedError:
    return LimitReachedError(message, code="too_many_at_once", retry_after=retry_after)


def register(app: APIFlask, application: Application) -> None:
    """Count costly requests from the moment in which their sender is known until they are answered to the end."""
    readings = AtOnce("texts are read")
    answers = AtOnce("answers are written", overall=ANSWERS)
    orders = AtOnce("orders are planned", per_user=ORDERS_PER_USER, overall=ORDERS, wait=5)
    places = {
        **dict.fromkeys(READING, readings), **dict.fromkeys(ANSWERING, answers), **dict.fromkeys(PLANNING, orders)
    }  # fmt: skip

    @app.before_request
    def enter() -> None:
        place = places.get(request.endpoint or "")
        if place is orders and not application.models.plans:
            return  # this machine reads in a moment
        if place is not None and "actor" in g:
            g.leave = place.enter(g.actor.user_id)

    @app.after_request
    def hand_over(response: Response) -> Response:
        # A stream goes on after the request, in the same thread of the server.
        if "leave" in g and response.is_streamed:
            leave = g.pop("leave")
            response.response = _until_end(response.iter_encoded(), leave)
            response.call_on_close(leave)
        return response

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        g.pop("leave", lambda: None)()


def _until_end(parts: Iterable[bytes], leave: Callable[[], None]) -> Iterator[bytes]:
    try:
        yield from parts
    finally:
        leave()
