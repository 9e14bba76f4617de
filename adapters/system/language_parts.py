"""The part of an application that has to do with language: planners, the language model, and what uses it."""

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from adapters.settings import Settings
from core.ports.clock import Clock
from core.ports.language_model import LanguageModel
from core.ports.planner import Planner
from core.ports.profiles import ProfileCatalogue

if TYPE_CHECKING:
    from core.usecases.conversations.answering import Answerer
    from core.usecases.conversations.running import RunningAnswers
    from core.usecases.conversations.voice import Voice
    from core.usecases.language.calling import Caller
    from core.usecases.language.looking import PictureLooker
    from plugins.manager import PluginManager
    from plugins.model_choice import ModelChoice

LOCAL = "local"
WORDING_SECONDS = 180  # to word an answer takes a minute at most; two are to spare
T = TypeVar("T")


class LanguageParts:
    """Made on first use, like everything of an application; the first few are made elsewhere."""

    settings: Settings

    def use(self, kind: type[T]) -> T:
        """Return a use case (or a part of one) with its ports."""
        raise NotImplementedError

    def key(self, purpose: str) -> bytes:
        """Return the key for one purpose."""
        raise NotImplementedError

    @property
    def clock(self) -> Clock:
        """Tells the time."""
        raise NotImplementedError

    @property
    def plugins(self) -> "PluginManager":
        """All plugins that could be loaded."""
        raise NotImplementedError

    @property
    def profiles(self) -> ProfileCatalogue:
        """Marketplace profiles."""
        raise NotImplementedError

    @cached_property
    def models(self) -> "ModelChoice":
        """What the settings say about language models."""
        from adapters.system.models import choose_model

        return choose_model(self.settings, self.plugins)

    @cached_property
    def language_model(self) -> LanguageModel | None:
        """The language model of the settings, made when it is first asked; None when none is configured."""
        from plugins.model_choice import LazyModel

        return None if self.models.chosen is None else LazyModel(self.models.chosen)

    @property
    def language_name(self) -> str:
        """Key of the provider of the language model; empty when there is none."""
        return "" if self.language_model is None else self.language_model.card.provider

    @cached_property
    def caller(self) -> "Caller | None":
        """Asks the language model; None when there is none."""
        from adapters.system.models import build_caller

        return build_caller(self.language_model, self.settings, self.clock) if self.language_model else None

    @cached_property
    def planner(self) -> Planner:
        """The planner of the settings: one that a plugin brings, or a language model beside the local one."""
        from plugins.hookspecs import PlannerContext

        if self.models.plans and self.caller is not None:
            from core.usecases.language.planning import ModelPlanner

            return ModelPlanner(
                name=self.language_name, caller=self.caller, local_planner=self.local_planner, profiles=self.profiles,
                clock=self.clock, prompt_key=self.prompt_key, plan_tokens=self.settings.plan_tokens,
                model_seconds=self.settings.model_seconds,
            )  # fmt: skip
        return self.plugins.planner(self.settings.planner).create(PlannerContext(profiles=self.profiles))

    @cached_property
    def local_planner(self) -> Planner:
        """The planner that works on this machine and costs nothing, whichever one is configured."""
        from plugins.hookspecs import PlannerContext

        if self.settings.planner == LOCAL and "planner" not in self.__dict__:
            return self.planner
        return self.plugins.planner(LOCAL).create(PlannerContext(profiles=self.profiles))

    @cached_property
    def looker(self) -> "PictureLooker":
        """Has a language model look at pictures."""
        from core.usecases.language.looking import PictureLooker

        return self.use(PictureLooker)

    @property
    def vision_samples(self) -> int:
        """How many pictures of an order a language model looks at as samples."""
        return self.settings.vision_samples

    @property
    def model_seconds(self) -> float:
        """Longest time for one answer of a language model."""
        return self.settings.model_seconds

    @property
    def prompt_key(self) -> bytes:
        """The secret for marks around what others wrote."""
        return self.key("prompts")

    @cached_property
    def answerer(self) -> "Answerer":
        """Answers messages about orders."""
        from core.usecases.conversations.answering import Answerer

        return self.use(Answerer)

    @cached_property
    def voice(self) -> "Voice":
        """Words answers."""
        from core.usecases.conversations.voice import Voice

        return self.use(Voice)

    @property
    def answer_time(self) -> dt.timedelta:
        """Longest time for an answer: a model reads the wish, puts that right once, and words the answer."""
        return dt.timedelta(seconds=2 * self.settings.model_seconds + WORDING_SECONDS)

    @cached_property
    def running_answers(self) -> "RunningAnswers":
        """Answers that this process is writing."""
        from core.usecases.conversations.running import RunningAnswers

        return RunningAnswers()
