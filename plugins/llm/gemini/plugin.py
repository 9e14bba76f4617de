"""Offers Google's Gemini models; its library is imported when one is made."""

from pathlib import Path

from core.ports.language_model import LanguageModel
from plugins.hookspecs import LanguageModelContext, LanguageModelDescriptor, hookimpl
from plugins.language_models.facts import ProviderFacts, read_facts


def facts() -> ProviderFacts:
    """Return what is known of the Gemini API and its models."""
    return read_facts("gemini", Path(__file__).with_name("models.toml"))


def _create(context: LanguageModelContext) -> LanguageModel:
    from plugins.llm.gemini.model import GeminiModel

    return GeminiModel(context, facts())


@hookimpl
def i2i_language_models() -> list[LanguageModelDescriptor]:
    """Offer Gemini."""
    return [
        LanguageModelDescriptor(
            key="gemini",
            label="Google Gemini",
            summary="Gemini models of Google; instructions and small pictures are sent to it.",
            cards=lambda: facts().cards,
            create=_create,
        )
    ]
