"""Doing confirmed work in this process (or waiting for workers) until it has ended."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import click

from adapters.cli.session import Session
from adapters.cli.work.progress import Bar, Display, Lines, Silence
from core.domain.images import BUSY
from core.domain.orders import OrderStatus
from core.usecases.queries.orders import GetStatus, OrderProgress

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

POLL = 0.15


class PausedError(click.Abort):
    """Somebody interrupted the work; what is left waits to be resumed."""

    def __init__(self, order_ids: Sequence[str]) -> None:
        super().__init__()
        self.order_ids = tuple(order_ids)
        self.has_answered = False


def carry_out(session: Session, order_ids: Sequence[str], *, works: bool = True) -> None:
    """Follow orders until none is being worked on.

    Args:
        works: work in this process where the broker is embedded; otherwise only watch.

    Raises:
        PausedError: interrupted; pictures under way were finished or given back.
    """
    session.actor  # noqa: B018 - prepares the database before the first status is read
    waiting = list(order_ids)
    try:
        with _interruptible(), _display(session, waiting) as display:
            while waiting:
                with _worker(session, waiting[0], works=works):
                    _follow(session, waiting, display)
    except KeyboardInterrupt:
        raise PausedError(waiting) from None


def _follow(session: Session, waiting: list[str], display: Display) -> None:
    """Show all orders until the first one has ended; ended ones are taken from the list."""
    first = waiting[0]
    while first in waiting:
        states = [_status(session, order_id) for order_id in waiting]
        display.update(image for state in states for image in state.images)
        waiting[:] = [s.order.id for s in states if s.order.status is OrderStatus.PROCESSING]
        if first in waiting:
            time.sleep(POLL)


def _status(session: Session, order_id: str) -> OrderProgress:
    return session.use(GetStatus)(actor=session.actor, order_id=order_id)


def _worker(session: Session, order_id: str, *, works: bool) -> "AbstractContextManager[Any]":
    if works and session.settings.broker == "embedded":
        return session.app.runner(order_id=order_id)
    return nullcontext()


def _display(session: Session, order_ids: Sequence[str]) -> Display:
    if session.as_json and not session.err.is_terminal:
        return Silence()
    images = [image for order_id in order_ids for image in _status(session, order_id).images]
    busy = [image.id for image in images if image.status in BUSY]
    return Bar(session.err, busy) if session.err.is_terminal else Lines(session.err, busy)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a service manager's SIGTERM pause the work as Ctrl-C does."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def tell_paused(session: Session, error: PausedError, *, folder: str = "") -> None:
    """Say how to go on."""
    click.echo("Paused. What was finished is kept and paid once; nothing else was charged.", err=True)
    for order_id in error.order_ids:
        click.echo(f"Go on with: i2i order resume {order_id}{f' -o {folder}' if folder else ''}", err=True)
