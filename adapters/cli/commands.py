"""Declaring a command: its help is the sentence of its use case, and it always understands ``--json``."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import click

from adapters.cli.session import Session, Surroundings

F = TypeVar("F", bound=Callable[..., Any])


def sentence(about: type | str) -> str:
    """Return the first paragraph of a docstring on one line."""
    text = about if isinstance(about, str) else inspect.getdoc(about) or ""
    return " ".join(text.split("\n\n")[0].split())


def command(
    group: click.Group | None, name: str, *, about: type | str, has_user: bool = True
) -> Callable[[F], click.Command]:
    """Turn ``function(session, …)`` into a command.

    Args:
        group: where it belongs; None for a command of its own.
        about: the use case whose sentence is the help, or the help itself.
        has_user: whether acting for another user makes sense.
    """

    def register(function: F) -> click.Command:
        @functools.wraps(function)
        @click.pass_context
        def run(ctx: click.Context, /, *, as_json: bool, as_user: str | None = None, **options: Any) -> Any:
            session = Session(ctx.obj or Surroundings(), as_json=as_json, as_user=as_user)
            ctx.call_on_close(session.close)
            return function(session, **options)

        wrapped: Callable[..., Any] = run
        if has_user:
            wrapped = click.option("--as", "as_user", metavar="EMAIL", help="Act for this user.")(wrapped)
        wrapped = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(wrapped)
        make = group.command if group is not None else click.command
        text = inspect.cleandoc(about) if isinstance(about, str) else sentence(about)
        return make(name, help=text, short_help=sentence(about))(wrapped)

    return register


order_argument = click.argument("order_id", metavar="ORDER")
images_argument = click.argument("image_ids", metavar="IMAGE…", nargs=-1, required=True)
