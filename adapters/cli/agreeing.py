"""Asking for a yes before something that matters."""

import click

from adapters.cli.session import Session
from core.errors import InvalidInputError

yes_option = click.option("-y", "--yes", "is_agreed", is_flag=True, help="Agree beforehand.")


class StoppedError(click.Abort):
    """Somebody at the terminal stopped the command."""

    has_answered = False


class DeclinedError(StoppedError):
    """The answer was no."""


def agree(session: Session, question: str, *, is_agreed: bool, default: bool = False) -> None:
    """Ask, unless the answer was given on the command line.

    Raises:
        InvalidInputError: code ``not_confirmed``, when nobody can be asked.
        DeclinedError: the answer was no.
    """
    if is_agreed:
        return
    if not session.is_interactive:
        raise InvalidInputError(f"{question} Add --yes to agree; nothing was done.", code="not_confirmed")
    if not click.confirm(question, default=default, err=True):
        raise DeclinedError
