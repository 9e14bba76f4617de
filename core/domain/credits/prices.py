"""Price lists and quotes."""

import datetime as dt
from collections.abc import Mapping

import attrs

from core.errors import InvalidInputError


@attrs.frozen(kw_only=True)
class PriceList:
    """What each operation costs, in credits; a version never changes once it was used.

    Args:
        version: its name, e.g. ``2026-11-21``.
        valid_from: first day on which it applies.
        credits: operation -> credits.
        source: where the figures come from.
    """

    version: str
    valid_from: dt.date
    credits: Mapping[str, int]
    source: str = ""

    def price(self, operation: str) -> int:
        """Return the credits of one operation.

        Raises:
            InvalidInputError: code ``invalid_operation``.
        """
        try:
            return self.credits[operation]
        except KeyError:
            raise InvalidInputError(
                f"{operation!r} is not on the price list.", code="invalid_operation", details={"operation": operation}
            ) from None


@attrs.frozen(kw_only=True)
class QuoteLine:
    """One operation of a quote."""

    operation: str
    quantity: int
    unit_price: int

    @property
    def total(self) -> int:
        """Credits of this line."""
        return self.quantity * self.unit_price


@attrs.frozen(kw_only=True)
class Quote:
    """What work will cost under one price list."""

    price_version: str
    lines: tuple[QuoteLine, ...]

    @property
    def total(self) -> int:
        """Credits in all."""
        return sum(line.total for line in self.lines)


def quote(prices: PriceList, quantities: Mapping[str, int]) -> Quote:
    """Price some operations.

    Raises:
        InvalidInputError: an operation that is not on the list, or a negative quantity.
    """
    if any(n < 0 for n in quantities.values()):
        raise InvalidInputError("A quantity is not negative.", code="invalid_quantity")
    lines = tuple(QuoteLine(operation=op, quantity=n, unit_price=prices.price(op)) for op, n in quantities.items())
    return Quote(price_version=prices.version, lines=lines)
