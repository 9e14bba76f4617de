"""Doing confirmed work in this process (or waiting for workers) until it has ended."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from adapters.cli.agreeing import StoppedError
from adapters.cli.session import Session
from adapters.cli.work.progress import Bar, Display, Lines, Silence
from core.domain.images import BUSY
from core.domain.orders import OrderStatus
from core.usecases.queries.orders import GetStatus, OrderProgress

POLL = 0.15


class PausedError(StoppedError):
    """The work was interrupted; what is left waits to be resumed."""


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
        raise PausedError from None


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


@contextmanager
def _worker(session: Session, order_id: str, *, works: bool) -> Iterator[None]:
    if not works or session.settings.broker != "embedded":
        yield
        return
    with session.app.runner(order_id=order_id):
        try:
            yield
        except KeyboardInterrupt:
            click.echo("Pausing: pictures under way are finished first.", err=True)
            raise


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
