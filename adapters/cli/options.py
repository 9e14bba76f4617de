"""Kinds of values that several commands read."""

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
