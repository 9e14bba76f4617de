"""Price lists: dated TOML files, bundled and of the installation's own."""

from adapters.prices.catalogue import BundledPrices

__all__ = ["BundledPrices"]
