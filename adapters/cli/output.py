"""Writing to the terminal: results on standard output, progress on standard error."""

import datetime as dt
import enum
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH = 200


class ReaderGoneError(Exception):
    """Whoever read our output has seen enough, which is no failure (click and rich would end with 1)."""


def make_console(*, is_error: bool = False) -> "Console":
    """Return a console that prints text as it is; without a terminal it is wide, so that nothing is cut."""
    from rich.console import Console

    class PipeConsole(Console):
        def on_broken_pipe(self) -> None:
            raise ReaderGoneError

    console = PipeConsole(stderr=is_error, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    return console


def write_json(document: Any) -> None:
    """Write the one JSON document of a command."""
    try:
        click.echo(json.dumps(document, indent=2, ensure_ascii=False, default=plain))
    except BrokenPipeError:
        raise ReaderGoneError from None


def plain(value: Any) -> Any:
    """Turn what JSON does not know into what it does.

    Raises:
        TypeError: the value has no JSON form.
    """
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(plain(v) if isinstance(v, enum.Enum) else v for v in value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def safe(text: object) -> str:
    """Return text that cannot steer a terminal: a file name may hold escape codes."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in str(text))


def print_line(console: "Console", text: object = "", *, style: str = "") -> None:
    """Print one line of text, wrapped by the terminal."""
    console.print(safe(text), style=style or None, soft_wrap=True)


def print_table(console: "Console", columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings; a heading that begins with ``>`` is aligned to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name.lstrip(">"), justify="right" if name.startswith(">") else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else safe(cell) for cell in row))
    console.print(table)


def print_facts(console: "Console", facts: Iterable[tuple[str, object]]) -> None:
    """Print names and values below one another; empty values are left out."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for name, value in facts:
        if value not in (None, ""):
            table.add_row(safe(name), safe(value))
    console.print(table)


def count(number: int, noun: str) -> str:
    """Write a number with its noun: ``1 picture``, ``2 pictures``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def size(number: int) -> str:
    """Write a number of bytes for people."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if number >= factor:
            return f"{number / factor:.1f} {unit}"
    return f"{number} B"
