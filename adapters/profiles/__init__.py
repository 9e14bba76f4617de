"""Marketplace profiles kept as dated data files: the bundled ones and those of an agency."""

from adapters.profiles.catalogue import BundledProfiles
from adapters.profiles.parsing import parse_profile

__all__ = ["BundledProfiles", "parse_profile"]
