"""Typed reading of one TOML table, so that every complaint names the file and the field."""

import datetime as dt
import enum
from collections.abc import Iterator
from typing import Any, NoReturn, TypeVar

import attrs

from core.ports.profiles import ProfileFileError

Choice = TypeVar("Choice", bound=enum.StrEnum)
MISSING: Any = object()


@attrs.define
class Table:
    """One table of a file.

    Args:
        file: name shown in messages.
        path: where in the file the table is, e.g. ``rules[longest_side]``; empty for the top.
    """

    file: str
    values: dict[str, Any]
    path: str = ""

    def text(self, key: str, default: str = MISSING) -> str:
        """Read a text."""
        return self._typed(key, str, "a text", default)  # type: ignore[no-any-return]

    def choice(self, key: str, kind: type[Choice], default: Choice = MISSING) -> Choice:
        """Read one of the values of an enumeration."""
        if key not in self.values and default is not MISSING:
            return default
        value = self.text(key)
        if value not in set(kind):
            self.refuse(key, f"is {value!r}; expected one of {', '.join(kind)}")
        return kind(value)

    def number(self, key: str, default: float) -> float:
        """Read a number."""
        return float(self._typed(key, (int, float), "a number", default))

    def date(self, key: str, default: dt.date | None = MISSING) -> Any:
        """Read a date (TOML dates are written without quotes)."""
        return self._typed(key, dt.date, "a date such as 2026-11-21, without quotes or time", default)

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts, empty when absent."""
        values = self._typed(key, list, "a list of texts", [])
        if not all(isinstance(value, str) and value for value in values):
            self.refuse(key, "expected a list of texts")
        return tuple(values)

    def value(self, key: str) -> Any:
        """Read a value of any type; a list becomes a tuple."""
        value = self._given(key, MISSING)
        return tuple(value) if isinstance(value, list) else value

    def table(self, key: str) -> "Table":
        """Read a sub-table, empty when absent."""
        return Table(self.file, self._typed(key, dict, "a table", {}), self._at(key))

    def tables(self, key: str) -> "Iterator[Table]":
        """Read a list of tables, each named by its id or its place counted from 1; none when absent."""
        for place, values in enumerate(self._typed(key, list, f"tables, each under [[{key}]]", []), start=1):
            if not isinstance(values, dict):
                self.refuse(key, f"expected tables, each under [[{key}]]")
            name = values.get("id") if isinstance(values.get("id"), str) else f"#{place}"
            yield Table(self.file, values, self._at(f"{key}[{name}]"))

    def allow(self, *keys: str) -> None:
        """Refuse any other key: a misspelt one would silently drop a rule or a limit."""
        for key in self.values:
            if key not in keys:
                self.refuse(key, f"is not known here; known are {', '.join(keys)}")

    def refuse(self, key: str, message: str) -> NoReturn:
        """Raise the error that names this file and field."""
        raise ProfileFileError(message, file=self.file, field=self._at(key))

    def _typed(self, key: str, kind: Any, expected: str, default: Any) -> Any:
        value = self._given(key, default)
        if key not in self.values:
            return value
        # TOML keeps these apart; Python counts true as a number and a date with a time as a date.
        if not isinstance(value, kind) or isinstance(value, bool | dt.datetime):
            self.refuse(key, f"is {value!r}; expected {expected}")
        return value

    def _given(self, key: str, default: Any) -> Any:
        if key in self.values:
            return self.values[key]
        if default is MISSING:
            self.refuse(key, "is missing")
        return default

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
