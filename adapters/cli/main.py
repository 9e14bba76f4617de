"""The command ``i2i``: the list of commands, and the one place where errors become exit codes."""

import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from adapters.cli.errors import OK, tell
from adapters.cli.lazy import LazyGroup
from adapters.cli.output import ReaderGoneError

HERE = "adapters.cli"
COMMANDS: dict[str, tuple[str, str, str]] = {
    "process": (f"{HERE}.process", "process", "Plan, price, edit and deliver pictures in one go."),
    "order": (f"{HERE}.orders", "order", "Orders: pictures, an instruction, a plan, and the work on them."),
    "image": (f"{HERE}.images", "image", "The pictures of an order and their versions."),
    "brief": (
        f"{HERE}.briefs",
        "brief",
        "Documents with wishes: what is read in them, and what becomes of every clause.",
    ),
    "plan": (f"{HERE}.plans", "plan", "Edit plans: what will be done, and every operation there is."),
    "assistant": (f"{HERE}.assistant", "assistant", "Ask about an order, or say what to change."),
    "recipe": (f"{HERE}.recipes", "recipe", "Plans saved under a name, to be run on new pictures."),
    "logo": (f"{HERE}.logos", "logo", "Logos to be put on pictures."),
    "credits": (f"{HERE}.credits", "credits", "Balances and how they came about."),
    "prices": (f"{HERE}.prices", "prices", "Price lists and quotes."),
    "user": (f"{HERE}.users", "user", "Users, their roles and their storage."),
    "apikey": (f"{HERE}.apikeys", "apikey", "Keys for programs."),
    "plugins": (f"{HERE}.plugins", "plugins", "Installed plugins, and those that could not be loaded."),
    "models": (f"{HERE}.models", "models", "Language models: what they can do and cost, and whether they answer."),
    "profile": (f"{HERE}.profiles", "profile", "Marketplace profiles: the rules that pictures are checked against."),
    "audit": (f"{HERE}.audit", "audit", "Checks of the books and of the sums."),
    "worker": (f"{HERE}.services", "worker", "Work on pictures of any order until stopped."),
    "serve": (f"{HERE}.services", "serve", "Run the web pages and the API."),
    "db": (f"{HERE}.db", "db", "The database: bring it up to date, see its version and place."),
    "doctor": (f"{HERE}.doctor", "doctor", "Check that this installation works."),
    "config": (f"{HERE}.config", "config", "Print every setting with its value and where it came from."),
    "completion": (f"{HERE}.completion", "completion", "Print the script that completes commands in a shell."),
    "version": (f"{HERE}.version", "version", "Print the version."),
}


class Root(LazyGroup):
    """The outermost group: it alone ends the process."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> NoReturn:
        """Run a command line and exit with the code of the table in ``docs/reference/cli.md``."""
        given = list(sys.argv[1:] if args is None else args)
        options["standalone_mode"] = False
        try:
            code = super().main(given, *rest, **options)
        except ReaderGoneError:
            # Python must not complain when it flushes at exit.
            sys.stdout = None
            sys.exit(OK)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - everything becomes an exit code here
            sys.exit(tell(error, args=given, has_answered=getattr(error, "has_answered", False)))
        sys.exit(code if isinstance(code, int) else OK)


@click.group(
    cls=Root,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`i2i COMMAND --help` explains a command. Every command prints one JSON document with --json.",
)
@click.version_option(package_name="i2i", prog_name="i2i", message="%(prog)s %(version)s")
def cli() -> None:
    """Turn a photo shoot and a written brief into approved, delivered pictures."""


def main() -> None:
    """Run ``i2i``."""
    cli(prog_name="i2i")
