"""What each operation of the catalogue does here: one module per operation, found by its ``KEY``.

A module has ``KEY`` and ``apply(draft, params)``, which writes down what the operation asks of the picture.
"""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from adapters.imaging.draft import Draft

Apply = Callable[[Draft, Mapping[str, Any]], None]


@functools.cache
def operations() -> Mapping[str, Apply]:
    """Return every operation by its key."""
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))
    return MappingProxyType({module.KEY: module.apply for module in modules})
