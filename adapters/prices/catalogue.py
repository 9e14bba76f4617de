"""Reads price lists from TOML files and answers which one applies."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.domain.credits.prices import PriceList
from core.errors import InvalidInputError, NotFoundError

BUNDLED = Path(__file__).parent / "data"
FIELDS = {"version", "valid_from", "source", "credits"}
EDIT = "studio_edit"
MAX_PRICE = 1_000_000


class BundledPrices:
    """The price lists that come with i2i, and those in a folder of the installation's own.

    Lists are read once. One of the installation's own wins over a bundled one with the same first day.

    Args:
        extra_folder: holds further ``*.toml`` files of the same form; None for none.

    Raises:
        InvalidInputError: code ``invalid_price_list``: a file that cannot be used, or a version that is used twice.
    """

    def __init__(self, extra_folder: Path | None = None) -> None:
        self._lists: dict[str, PriceList] = {}
        by_day: dict[dt.date, PriceList] = {}
        for folder in (BUNDLED, extra_folder):
            for found in _read_folder(folder):
                if found.version in self._lists:
                    raise _invalid(f"the version {found.version} exists twice", str(folder))
                self._lists[found.version] = by_day[found.valid_from] = found
        self._by_day = [by_day[day] for day in sorted(by_day)]

    def current(self, on: dt.date) -> PriceList:
        """Return the list that applies on a day; before the first list's day, the first."""
        started = [prices for prices in self._by_day if prices.valid_from <= on]
        return started[-1] if started else self._by_day[0]

    def get(self, version: str) -> PriceList:
        """Return a list by its version.

        Raises:
            NotFoundError: code ``price_list_not_found``.
        """
        try:
            return self._lists[version]
        except KeyError:
            raise NotFoundError(f"There is no price list {version!r}.", code="price_list_not_found") from None

    def list(self) -> tuple[PriceList, ...]:
        """Return all lists, oldest first."""
        return tuple(sorted(self._lists.values(), key=lambda prices: (prices.valid_from, prices.version)))


def _read_folder(folder: Path | None) -> list[PriceList]:
    if folder is None:
        return []
    if not folder.is_dir():
        raise _invalid("there is no such folder", str(folder))
    return [_read(path) for path in sorted(folder.glob("*.toml"))]


def _read(path: Path) -> PriceList:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _invalid(f"cannot be read: {error}", path.name) from error
    if unknown := sorted(document.keys() - FIELDS):
        raise _invalid(f"{unknown[0]} is not a field of a price list", path.name)
    version, day, source = document.get("version"), document.get("valid_from"), document.get("source", "")
    if not isinstance(version, str) or not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", version):
        raise _invalid("version must be a short name such as 2026-11-21", path.name)
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        raise _invalid("valid_from must be a date such as 2026-11-21", path.name)
    if not isinstance(source, str):
        raise _invalid("source must be text", path.name)
    return PriceList(version=version, valid_from=day, source=source, credits=_credits(document, path.name))


def _credits(document: Mapping[str, Any], file: str) -> dict[str, int]:
    table = document.get("credits")
    if not isinstance(table, dict) or not table:
        raise _invalid("the table [credits] is missing or empty", file)
    for operation, price in table.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", operation):
            raise _invalid(f"{operation!r} is not the name of an operation", file)
        if isinstance(price, bool) or not isinstance(price, int) or not 0 <= price <= MAX_PRICE:
            raise _invalid(f"{operation} must cost a whole number of credits from 0 to {MAX_PRICE}", file)
    if not table.get(EDIT, 0):
        raise _invalid(f"{EDIT} must cost at least one credit; accounts that pay nothing are unmetered ones", file)
    return dict(table)


def _invalid(problem: str, place: str) -> InvalidInputError:
    return InvalidInputError(f"{place}: {problem}.", code="invalid_price_list", details={"place": place})
