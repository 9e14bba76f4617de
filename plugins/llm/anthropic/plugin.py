"""Offers Anthropic's language models; its library takes seconds to import and is imported when one is made."""

from pathlib import Path

from core.ports.language_model import LanguageModel
from plugins.hookspecs import LanguageModelContext, LanguageModelDescriptor, hookimpl
from plugins.language_models.facts import ProviderFacts, read_facts


def facts() -> ProviderFacts:
    """Return what is known of Anthropic and its models."""
    return read_facts("anthropic", Path(__file__).with_name("models.toml"))


def _create(context: LanguageModelContext) -> LanguageModel:
    from plugins.llm.anthropic.model import AnthropicModel

    return AnthropicModel(context, facts())


@hookimpl
def i2i_language_models() -> list[LanguageModelDescriptor]:
    """Offer Anthropic."""
    return [
        LanguageModelDescriptor(
            key="anthropic",
            label="Anthropic",
            summary="Claude models of Anthropic; instructions and small pictures are sent to it.",
            cards=lambda: facts().cards,
            create=_create,
        )
    ]
