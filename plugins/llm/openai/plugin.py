"""Offers OpenAI's language models; its library is imported when one is made."""

from pathlib import Path

from core.ports.language_model import LanguageModel
from plugins.hookspecs import LanguageModelContext, LanguageModelDescriptor, hookimpl
from plugins.language_models.facts import ProviderFacts, read_facts


def facts() -> ProviderFacts:
    """Return what is known of OpenAI and its models."""
    return read_facts("openai", Path(__file__).with_name("models.toml"))


def _create(context: LanguageModelContext) -> LanguageModel:
    from plugins.llm.openai.model import OpenAIModel

    return OpenAIModel(context, facts())


@hookimpl
def i2i_language_models() -> list[LanguageModelDescriptor]:
    """Offer OpenAI."""
    return [
        LanguageModelDescriptor(
            key="openai",
            label="OpenAI",
            summary="Models of OpenAI; instructions and small pictures are sent to it and not stored there.",
            cards=lambda: facts().cards,
            create=_create,
        )
    ]
