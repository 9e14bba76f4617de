"""Language models of an installation: what the settings choose, and the caller that asks it."""

import attrs

from adapters.settings import Settings, variable_of
from adapters.system.pausing import pause
from core.ports.clock import Clock
from core.ports.language_model import LanguageModel
from core.usecases.language.breaker import Breaker
from core.usecases.language.budget import Budget
from core.usecases.language.calling import Caller
from plugins.manager import PluginManager
from plugins.model_choice import Access, ModelChoice

PREFIXES = {"openai": "openai", "anthropic": "anthropic", "gemini": "gemini", "openai_compatible": "compatible"}


def choose_model(settings: Settings, manager: PluginManager) -> ModelChoice:
    """Return what the settings say about language models."""
    access = {provider: _access(settings, prefix) for provider, prefix in PREFIXES.items()}
    own = attrs.evolve(access["openai_compatible"], has_vision=settings.compatible_vision)
    access["openai_compatible"] = own
    return ModelChoice(manager=manager, planner=settings.planner, model=settings.language_model, access=access)


def _access(settings: Settings, prefix: str) -> Access:
    key, url = f"{prefix}_api_key", f"{prefix}_base_url"
    return Access(
        api_key=getattr(settings, key),
        base_url=getattr(settings, url),
        key_setting=variable_of(key),
        url_setting=variable_of(url),
    )


def build_caller(model: LanguageModel, settings: Settings, clock: Clock) -> Caller:
    """Return the caller of a model, with the limits of the settings."""
    return Caller(
        model=model,
        clock=clock,
        pause=pause,
        breaker=Breaker(clock=clock),
        budget=Budget(clock=clock, dollars=settings.model_dollars_a_day),
    )
