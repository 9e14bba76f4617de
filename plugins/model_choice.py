"""Which language model an installation uses: names of settings in, a provider, a card and what is missing out."""

import datetime as dt
import difflib
import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from core.domain.language_models import ModelCard
from core.errors import CredentialsError, InvalidInputError
from core.ports.language_model import CancelToken, Event, LanguageModel, ModelRequest
from plugins.hookspecs import LanguageModelContext, LanguageModelDescriptor
from plugins.manager import PluginManager, PluginNotFoundError

SOON = dt.timedelta(days=60)


@attrs.frozen(kw_only=True)
class Access:
    """How a provider is reached.

    Args:
        api_key, base_url: empty when not configured.
        key_setting, url_setting: names of the settings, for messages.
        has_vision: whether models without a card of their own look at pictures.
    """

    api_key: str = attrs.field(default="", repr=False)
    base_url: str = ""
    key_setting: str = ""
    url_setting: str = ""
    has_vision: bool = False


@attrs.frozen(kw_only=True)
class ChosenModel:
    """A model, and whether it can be used."""

    descriptor: LanguageModelDescriptor
    card: ModelCard
    access: Access

    @property
    def missing(self) -> str:
        """What has to be configured first, as a sentence; empty when nothing is missing."""
        for is_needed, value, setting, what in (
            (self.descriptor.needs_key, self.access.api_key, self.access.key_setting, "a key"),
            (self.descriptor.needs_base_url, self.access.base_url, self.access.url_setting, "an address"),
        ):
            if is_needed and not value:
                where = f"; set {setting}" if setting else ""
                return f"{self.descriptor.label} needs {what}{where}."
        return ""

    def lifetime(self, today: dt.date) -> str:
        """What is to be said about the end of the model, as a sentence; empty when it is far or unknown."""
        end = self.card.shuts_down_on
        if end is None or end - today > SOON:
            return ""
        told = self.card.obituary
        return told if self.card.is_shut_down(today) else told.replace("was shut down", "will be shut down")

    def create(self) -> LanguageModel:
        """Make the model.

        Raises:
            CredentialsError: code ``not_configured``, for what is missing.
        """
        if self.missing:
            raise CredentialsError(self.missing, code="not_configured", details={"sent": False})
        context = LanguageModelContext(card=self.card, api_key=self.access.api_key, base_url=self.access.base_url)
        return self.descriptor.create(context)


@attrs.define(eq=False)
class LazyModel:
    """A model that is made when it is first asked: its library takes seconds to import, and it may lack a key."""

    chosen: ChosenModel
    card: ModelCard = attrs.field(default=attrs.Factory(lambda self: self.chosen.card, takes_self=True), init=False)
    _made: LanguageModel | None = attrs.field(default=None, init=False, repr=False)
    _lock: Any = attrs.field(factory=threading.Lock, init=False, repr=False)

    def complete(self, request: ModelRequest, *, cancel: CancelToken | None = None) -> Iterator[Event]:
        """Answer as the model does.

        Raises:
            ProviderError: as the model says, or code ``not_configured`` for what is missing.
        """
        with self._lock:
            self._made = self._made or self.chosen.create()
        return self._made.complete(request, cancel=cancel)

    def close(self) -> None:
        """Close it if it was made."""
        if self._made is not None:
            self._made.close()


@attrs.frozen(kw_only=True, slots=False)
class ModelChoice:
    """What the settings say about language models.

    Args:
        planner: key of a planner or of a provider.
        model: id of a model, or ``provider/model``, or a provider; empty for the provider's default.
        access: how providers are reached, by key.
    """

    manager: PluginManager
    planner: str
    model: str = ""
    access: Mapping[str, Access] = attrs.field(factory=dict, repr=False)

    @property
    def plans(self) -> bool:
        """Whether a provider of language models reads instructions.

        Raises:
            PluginNotFoundError: there is neither a planner nor a provider of this name.
        """
        if any(each.key == self.planner for each in self.manager.planners()):
            return False
        if any(each.key == self.planner for each in self.manager.language_models()):
            return True
        planners, models = self.manager.planners(), self.manager.language_models()
        known = sorted({*(each.key for each in planners), *(each.key for each in models)})
        near = difflib.get_close_matches(self.planner, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}."
        raise PluginNotFoundError(
            f"There is no planner {self.planner!r}{hint}", details={"key": self.planner, "known": known}
        )

    @cached_property
    def chosen(self) -> ChosenModel | None:
        """The model that is configured; None when none is.

        Raises:
            PluginNotFoundError: no such planner or provider.
            InvalidInputError: code ``unknown_model``, when the provider does not have it.
        """
        descriptor, model = self._split()
        return None if descriptor is None else self.of(descriptor, model)

    def of(self, descriptor: LanguageModelDescriptor, model: str = "") -> ChosenModel:
        """Return a model of a provider, its default when none is named.

        Raises:
            InvalidInputError: code ``unknown_model``.
        """
        access, card = self.access.get(descriptor.key, Access()), _find_card(descriptor, model)
        if descriptor.takes_any_model and access.has_vision:
            card = attrs.evolve(card, has_vision=True)
        return ChosenModel(descriptor=descriptor, card=card, access=access)

    def _split(self) -> tuple[LanguageModelDescriptor | None, str]:
        named, _, rest = self.model.partition("/")
        if any(each.key == named for each in self.manager.language_models()):
            return self.manager.language_model(named), rest
        if self.plans:
            return self.manager.language_model(self.planner), self.model
        if not self.model:
            return None, ""
        return self.manager.language_model(named), rest  # raises: nobody knows whose model this is


def _find_card(descriptor: LanguageModelDescriptor, model: str) -> ModelCard:
    cards = {card.model: card for card in descriptor.cards()}
    if not model and cards:
        return next(iter(cards.values()))
    if model in cards:
        return cards[model]
    if model and descriptor.takes_any_model:
        return _uncarded(descriptor, model)
    near = difflib.get_close_matches(model, cards, n=1)
    hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(cards) or 'none; name one'}."
    what = f"no model {model!r}" if model else "no model of its own"
    raise InvalidInputError(
        f"{descriptor.label} has {what}; {hint}", code="unknown_model", details={"model": model, "known": list(cards)}
    )


def _uncarded(descriptor: LanguageModelDescriptor, model: str) -> ModelCard:
    """Describe a model that only its server knows like the provider's first, without a price or an end."""
    first = next(iter(descriptor.cards()), ModelCard(provider=descriptor.key, model=model))
    return attrs.evolve(first, model=model, label=model, prices=(), shuts_down_on=None, successor="", source="")
