"""``i2i completion``: completing commands in a shell."""

import click
from click.shell_completion import get_completion_class

from adapters.cli.commands import command
from adapters.cli.session import Session

ABOUT = """Print the script that completes commands in a shell.

Load it from your shell's start-up file, e.g. in bash: eval "$(i2i completion bash)"."""
VARIABLE = "_I2I_COMPLETE"


@command(None, "completion", about=ABOUT, has_user=False)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(session: Session, *, shell: str) -> None:
    """Print the script."""
    kind = get_completion_class(shell)
    assert kind is not None
    # Only the root knows all commands, and it is asked by the shell, not here.
    script = kind(click.Group("i2i"), {}, "i2i", VARIABLE).source()
    session.show({"shell": shell, "script": script}, lambda _console, d: click.echo(d["script"]))
