"""Price lists and quotes."""

from collections.abc import Mapping

import attrs

from core.domain.credits.prices import PriceList, Quote, quote
from core.ports.clock import Clock
from core.ports.price_catalogue import PriceCatalogue

GRANT_CAP = 100_000
CHARGE = "charge_credits"


@attrs.frozen(kw_only=True)
class QuoteOperations:
    """Price some operations."""

    clock: Clock
    prices: PriceCatalogue

    def __call__(self, *, quantities: Mapping[str, int]) -> Quote:
        """Return the price under today's list.

        Raises:
            InvalidInputError: an operation that is not listed.
        """
        return quote(self.prices.current(self.clock.now().date()), quantities)


@attrs.frozen(kw_only=True)
class ListPrices:
    """Show the price list of today, or an older one."""

    clock: Clock
    prices: PriceCatalogue

    def __call__(self, *, version: str | None = None) -> PriceList:
        """Return the list.

        Raises:
            NotFoundError: no such version.
        """
        return self.prices.get(version) if version else self.prices.current(self.clock.now().date())
