"""Kinds of values that several commands read."""

from collections.abc import Callable
from typing import Any

import click


class Pair(click.ParamType[tuple[str, str]]):
    """Two words with an equals sign between them."""

    name = "KEY=VALUE"

    def __init__(self, left: str, right: str) -> None:
        self.name = f"{left}={right}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Split the text."""
        if isinstance(value, tuple):
            return value
        left, sign, right = str(value).partition("=")
        if not (sign and left.strip() and right.strip()):
            self.fail(f"{value!r} is not of the form {self.name}.", param, ctx)
        return left.strip(), right.strip()


ANSWERS = Pair("QUESTION", "OPTION")
QUANTITIES = Pair("OPERATION", "NUMBER")


def paging(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a long list."""
    function = click.option("--limit", default=20, show_default=True, help="Entries of one page (1-100).")(function)
    return click.option("--cursor", metavar="TEXT", help="Go on where the last page ended.")(function)
