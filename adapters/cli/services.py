"""``i2i worker`` and ``i2i serve``: processes that run until they are stopped."""

import click

from adapters.cli.commands import command
from adapters.cli.errors import OK, UNEXPECTED
from adapters.cli.output import print_line, print_table
from adapters.cli.session import Session

WORKER = "Work on pictures of any order until stopped (Ctrl-C or SIGTERM); pictures under way are finished first."
SERVE = "Run the web pages and the API until stopped; with the embedded broker the pictures are edited here too."
PROCESSES = "Server processes on the one socket; more than one need Redis and PostgreSQL, and `i2i worker` beside them."


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


def show_first_password(session: Session) -> None:
    """Show the operator's new password when no administrator could sign in until now."""
    from core.usecases.accounts.passwords import EnsureAdministrator

    made = session.use(EnsureAdministrator)(actor=session.actor)
    if made is not None:
        print_line(session.err, f"Sign in as {made.user.email} with the password {made.password}")
        print_line(session.err, f"It is shown this once; `i2i user password {made.user.email}` makes another.")


def _demo_sign_in(session: Session) -> list[str]:
    """Return e-mail and a new password of the demo account."""
    from core.usecases.accounts.demo import EnsureDemo, RenewDemo

    user = session.use(EnsureDemo)(actor=session.actor)
    return [user.email, session.use(RenewDemo)(actor=session.actor, user=user)]


@command(None, "serve", about=SERVE, has_user=False)
@click.option("--host", metavar="ADDRESS", help="Where to listen; as in the settings.")
@click.option("--port", type=click.IntRange(0, 65535), help="0 takes a free one; as in the settings.")
@click.option("--workers", "processes", type=click.IntRange(1, 64), default=1, show_default=True, help=PROCESSES)
@click.option("--demo", "has_demo", is_flag=True, help="Open a demo account and print how to sign in to it.")
def serve(session: Session, *, host: str | None, port: int | None, processes: int, has_demo: bool) -> None:
    """Serve until stopped."""
    from adapters.web.server import serve as run

    session.is_service = True
    session.prepare()
    show_first_password(session)
    settings = session.settings
    demo = _demo_sign_in(session) if has_demo else []

    def tell(address: str) -> None:
        if demo:
            print_table(session.err, ("Address", "E-mail", "Password"), [(address, *demo)])
        else:
            print_line(session.err, f"i2i is at {address}")

    run(
        session.app,
        host=host or settings.host,
        port=settings.port if port is None else port,
        processes=processes,
        on_ready=tell,
    )
    session.show({"stopped": True}, lambda console, _: print_line(console, "Stopped."))
