"""Ending work that was confirmed: follow it, write the files, report, whatever happens on the way."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import click

from adapters.cli.agreeing import StoppedError
from adapters.cli.errors import NEEDS_LOOK, OK, error_document
from adapters.cli.output import write_json
from adapters.cli.session import Session
from adapters.cli.views.reports import Report, print_report
from adapters.cli.work.delivering import check_folder, deliver, gather, place
from adapters.cli.work.following import PausedError, carry_out
from core.errors import I2IError, QuestionsOpenError

out_option = click.option(
    "-o", "--out", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Write the finished files there."
)
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace other files of the same names in DIR.")
wait_option = click.option(
    "--wait/--no-wait", "is_waiting", default=True, help="Stay until the work has ended, or only start it."
)


@attrs.frozen(kw_only=True)
class Ending:
    """What happens to the results: the folder to write to, and whether other files there are replaced."""

    folder: Path | None
    overwrite: bool = False


@contextmanager
def reporting(session: Session, report: Report) -> Iterator[None]:
    """Time the work, and answer with the report even when something stops it."""
    started = time.monotonic()
    try:
        yield
    except (I2IError, StoppedError) as error:
        report.seconds = time.monotonic() - started
        if isinstance(error, PausedError):
            report.results = gather(session, report.order_ids)
        _tell_next(report, error)
        if session.as_json:
            write_json(report.document(error=error_document(error)))
            error.has_answered = True  # type: ignore[union-attr]
        raise
    report.seconds = time.monotonic() - started


def _tell_next(report: Report, error: Exception) -> None:
    """Say how to go on with the orders that are kept."""
    if isinstance(error, PausedError):
        click.echo("Paused. What was finished is kept and paid once; nothing else was charged.", err=True)
    out = f" -o {report.folder}" if report.folder is not None else ""
    for order_id in report.order_ids:
        if report.runs:
            click.echo(f"Go on with: i2i order resume {order_id}{out}", err=True)
            continue
        if isinstance(error, QuestionsOpenError):
            click.echo(f"Answer with: i2i order answer {order_id} QUESTION=OPTION", err=True)
        click.echo(f"Start it with: i2i order confirm {order_id}{out}", err=True)


def finish(session: Session, report: Report, ending: Ending) -> int:
    """Carry out what was confirmed, write the files, and print the report.

    Returns:
        The exit code: 3 when a picture was flagged or failed.
    """
    report.folder = ending.folder
    with reporting(session, report):
        if ending.folder is not None:
            check_folder(ending.folder)
        carry_out(session, report.order_ids)
        report.results = gather(session, report.order_ids)
        if ending.folder is not None:
            report.placed = place(report.results, ending.folder)
            deliver(session, report.placed, overwrite=ending.overwrite)
    session.show(report.document(), print_report)
    return NEEDS_LOOK if report.problems() else OK
