"""The hooks that a plugin may implement, and what they return."""

from collections.abc import Callable, Sequence

import attrs
import pluggy

from core.domain.integrations import KEY
from core.domain.language_models import ModelCard
from core.ports.dam import DamDescriptor
from core.ports.language_model import LanguageModel
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


@attrs.frozen(kw_only=True)
class LanguageModelContext:
    """What a plugin receives to make a language model.

    Args:
        card: the model that was chosen, with the operator's changes.
        api_key: the provider's key; empty when none is configured. It must not get into messages or logs.
        base_url: another address than the provider's own; empty for that.
    """

    card: ModelCard
    api_key: str = attrs.field(default="", repr=False)
    base_url: str = ""


@attrs.frozen(kw_only=True)
class LanguageModelDescriptor:
    """One provider of language models that a plugin offers.

    Args:
        key: stable name, e.g. ``openai``; the setting ``planner`` names it to have instructions read by it.
        label: what people call it.
        cards: the models it knows, the default first.
        needs_key, needs_base_url: what has to be configured.
        takes_any_model: whether ids without a card may be configured (servers of one's own).
        create: makes the model; the provider's library is imported here and not before.
    """

    key: str = attrs.field(validator=_check_key)
    label: str
    summary: str = ""
    cards: Callable[[], Sequence[ModelCard]]
    needs_key: bool = True
    needs_base_url: bool = False
    takes_any_model: bool = False
    create: Callable[[LanguageModelContext], LanguageModel]


@hookspec
def i2i_planners() -> Sequence[PlannerDescriptor]:  # type: ignore[empty-body]
    """Offer planners: they read an instruction and write an edit plan."""


@hookspec
def i2i_language_models() -> Sequence[LanguageModelDescriptor]:  # type: ignore[empty-body]
    """Offer language models: they read instructions, look at pictures, answer questions and write summaries."""


@hookspec
def i2i_dams() -> Sequence[DamDescriptor]:  # type: ignore[empty-body]
    """Offer places to which finished pictures can be exported."""
