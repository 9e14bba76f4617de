"""The hooks that a plugin may implement, and what they return."""

from collections.abc import Callable, Sequence

import attrs
import pluggy

from core.domain.integrations import KEY
from core.ports.dam import DamDescriptor
from core.ports.planner import Planner
from core.ports.profiles import ProfileCatalogue

PROJECT = "i2i"
ENTRY_POINTS = "i2i.plugins"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@attrs.frozen(kw_only=True)
class PlannerContext:
    """What a plugin receives to make a planner.

    Args:
        profiles: the marketplace profiles of this installation, for wishes that name one; None when there are none.
    """

    profiles: ProfileCatalogue | None = None


def _check_key(_descriptor: object, _field: object, key: str) -> None:
    if not KEY.fullmatch(key):
        raise ValueError(f"{key!r} cannot be a key; use lowercase letters, digits and underscores")


@attrs.frozen(kw_only=True)
class PlannerDescriptor:
    """One planner that a plugin offers.

    Args:
        key: stable name, e.g. ``local``; plans name it as their author.
        label: what people call it.
        summary: one sentence for the list of planners.
        create: makes the planner; heavy libraries are imported here and not before.
    """

    key: str = attrs.field(validator=_check_key)
    label: str
    summary: str = ""
    create: Callable[[PlannerContext], Planner]


@hookspec
def i2i_planners() -> Sequence[PlannerDescriptor]:  # type: ignore[empty-body]
    """Offer planners: they read an instruction and write an edit plan."""


@hookspec
def i2i_dams() -> Sequence[DamDescriptor]:  # type: ignore[empty-body]
    """Offer places to which finished pictures can be exported."""
