"""Port: price lists."""

import datetime as dt
from typing import Protocol

from core.domain.credits.prices import PriceList


class PriceCatalogue(Protocol):
    """Knows every price list, past and present."""

    def current(self, on: dt.date) -> PriceList:
        """Return the list that applies on a day."""
        ...

    def get(self, version: str) -> PriceList:
        """Return a list by its version.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def list(self) -> tuple[PriceList, ...]:
        """Return all lists, oldest first."""
        ...
