"""``i2i worker`` and ``i2i serve``: processes that run until they are stopped."""

import click

from adapters.cli.commands import command
from adapters.cli.errors import OK, UNEXPECTED
from adapters.cli.output import print_line
from adapters.cli.session import Session

WORKER = "Work on pictures of any order until stopped (Ctrl-C or SIGTERM); pictures under way are finished first."
SERVE = "Run the web pages and the API until stopped; with the embedded broker the pictures are edited here too."


@command(None, "worker", about=WORKER, has_user=False)
@click.option("--threads", type=click.IntRange(1, 256), help="Pictures worked on at once; as in the settings.")
def worker(session: Session, *, threads: int | None) -> int:
    """Work until stopped."""
    from adapters.jobs.serving import run_worker

    session.is_service = True
    session.prepare()
    runner = session.app.runner()
    runner.threads = threads or runner.threads
    print_line(session.err, f"Working with {runner.threads} threads; the broker is {session.settings.broker}.")
    has_ended_well = run_worker(runner)
    session.show({"stopped": True, "all_finished": has_ended_well}, lambda console, _: print_line(console, "Stopped."))
    return OK if has_ended_well else UNEXPECTED


@command(None, "serve", about=SERVE, has_user=False)
@click.option("--host", metavar="ADDRESS", help="Where to listen; as in the settings.")
@click.option("--port", type=click.IntRange(0, 65535), help="0 takes a free one; as in the settings.")
def serve(session: Session, *, host: str | None, port: int | None) -> None:
    """Serve until stopped."""
    from adapters.web.server import serve as run

    session.is_service = True
    session.prepare()
    settings = session.settings
    run(
        session.app,
        host=host or settings.host,
        port=settings.port if port is None else port,
        on_ready=lambda address: print_line(session.err, f"i2i is at {address}"),
    )
    session.show({"stopped": True}, lambda console, _: print_line(console, "Stopped."))
