"""Work on confirmed orders: start, watch, cancel, repeat, go on after an interruption."""

from pathlib import Path
from typing import Any

import click

from adapters.cli.commands import command, order_argument
from adapters.cli.errors import OK
from adapters.cli.options import Pair
from adapters.cli.orders.group import order
from adapters.cli.output import print_line
from adapters.cli.references import find_images
from adapters.cli.session import Session
from adapters.cli.views.orders import order_document, print_order, print_progress, progress_document
from adapters.cli.views.reports import Report
from adapters.cli.work.following import PausedError, carry_out
from adapters.cli.work.reporting import Ending, finish, out_option, overwrite_option, wait_option
from core.domain.orders import ENDED, Order, OrderStatus
from core.domain.runs import Run, RunKind
from core.errors import InvalidTransitionError
from core.usecases.plans.pricing import EDIT
from core.usecases.queries.orders import GetOrder, GetStatus
from core.usecases.runs.cancel import CancelOrder
from core.usecases.runs.confirm import ConfirmOrder
from core.usecases.runs.reprocess import Reprocess, Retouch
from core.usecases.runs.retry import RetryFailed
from core.usecases.runs.starting import Started


def _finish(session: Session, started: Started, ending: Ending, *, is_waiting: bool) -> int:
    if is_waiting:
        report = Report(asked=[started.order.id], held=started.held, runs=frozenset({started.run.id}))
        return finish(session, report, ending)
    document = {
        "order": order_document(started.order), "run_id": started.run.id, "images": [], "held": started.held,
        "queued": len(started.items),
    }  # fmt: skip
    session.show(document, print_order)
    return OK


@command(order, "confirm", about=ConfirmOrder)
@order_argument
@click.option("--revision", type=int, help="The plan that was seen; another current one refuses to start.")
@click.option("--key", metavar="TEXT", help="The same key starts the work once.")
@out_option
@overwrite_option
@wait_option
def confirm(session: Session, *, order_id: str, folder: Path | None, overwrite: bool, **options: Any) -> int:
    """Start the work."""
    started = session.use(ConfirmOrder)(
        actor=session.actor, order_id=order_id, revision=options["revision"], idempotency_key=options["key"]
    )
    ending = Ending(folder=folder, overwrite=overwrite)
    return _finish(session, started, ending, is_waiting=options["is_waiting"])


@command(order, "retry", about=RetryFailed)
@order_argument
@out_option
@overwrite_option
@wait_option
def retry(session: Session, *, order_id: str, folder: Path | None, overwrite: bool, is_waiting: bool) -> int:
    """Try failed pictures again."""
    started = session.use(RetryFailed)(actor=session.actor, order_id=order_id)
    return _finish(session, started, Ending(folder=folder, overwrite=overwrite), is_waiting=is_waiting)


@command(order, "reprocess", about=Reprocess)
@order_argument
@click.argument("image_ids", metavar="[IMAGE…]", nargs=-1)
@click.option("-i", "--instruction", default="", metavar="TEXT", help="What should be different.")
@click.option("--each", multiple=True, type=Pair("IMAGE", "TEXT"), help="Words for one picture (repeatable).")
@click.option("--from", "base", type=int, metavar="N", help="Continue version N; 0 starts from the original.")
@out_option
@overwrite_option
@wait_option
def reprocess(session: Session, *, order_id: str, image_ids: tuple[str, ...], folder: Path | None,
              **options: Any) -> int:  # fmt: skip
    """Work on pictures again."""
    wishes = [(i, options["instruction"]) for i in find_images(session, order_id, image_ids)]
    wishes += [(find_images(session, order_id, [name])[0], words) for name, words in options["each"]]
    if not wishes:
        raise click.UsageError("Name pictures, or give one its own words with --each.")
    items = [Retouch(image_id=i, instruction=words, base_version=options["base"]) for i, words in wishes]
    started = session.use(Reprocess)(actor=session.actor, order_id=order_id, items=items)
    ending = Ending(folder=folder, overwrite=options["overwrite"])
    return _finish(session, started, ending, is_waiting=options["is_waiting"])


RESUME = "Go on with work that was interrupted. What was finished before is neither repeated nor charged again."


@command(order, "resume", about=RESUME)
@order_argument
@out_option
@overwrite_option
def resume(session: Session, *, order_id: str, folder: Path | None, overwrite: bool) -> int:
    """Go on with an order."""
    view = session.use(GetOrder)(actor=session.actor, order_id=order_id)
    if view.order.status not in ENDED | {OrderStatus.PROCESSING}:
        raise InvalidTransitionError(
            f"The order is {view.order.status.value.replace('_', ' ')}; it was not started yet.",
            code="not_started",
            details={"status": view.order.status.value},
        )
    last = view.runs[-1]
    report = Report(asked=[order_id], held=_held(session, view.order, last), runs=frozenset({last.id}))
    return finish(session, report, Ending(folder=folder, overwrite=overwrite))


def _held(session: Session, order: Order, run: Run) -> int:
    """Return what a run reserved; for later runs at the price of an edit, under the list that was frozen then."""
    if run.kind is RunKind.INITIAL:
        return order.quoted
    pictures = run.open_items + run.done_items + run.failed_items
    return pictures * session.app.prices.get(run.price_version).price(EDIT)


WATCH = "Follow the work that others do on an order until it has ended. Ctrl-C ends the watching only."


@command(order, "watch", about=WATCH)
@order_argument
def watch(session: Session, *, order_id: str) -> None:
    """Follow an order."""
    state = session.use(GetStatus)(actor=session.actor, order_id=order_id)
    if state.busy and session.settings.broker == "embedded":
        print_line(session.err, f"Only watching; `i2i order resume {order_id}` works on it here.")
    try:
        carry_out(session, [order_id], works=False)
    except PausedError:
        raise KeyboardInterrupt from None
    session.show(progress_document(session.use(GetStatus)(actor=session.actor, order_id=order_id)), print_progress)


@command(order, "cancel", about=CancelOrder)
@order_argument
def cancel(session: Session, *, order_id: str) -> None:
    """Cancel the work."""
    cancelled = session.use(CancelOrder)(actor=session.actor, order_id=order_id)
    session.show({"order": order_document(cancelled)}, print_order)
