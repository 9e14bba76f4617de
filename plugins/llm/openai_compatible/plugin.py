"""Offers language models on servers that speak OpenAI's Chat Completions; the library is imported when one is made."""

from pathlib import Path

from core.ports.language_model import LanguageModel
from plugins.hookspecs import LanguageModelContext, LanguageModelDescriptor, hookimpl
from plugins.language_models.facts import ProviderFacts, read_facts


def facts() -> ProviderFacts:
    """Return what may be expected of such a server."""
    return read_facts("openai_compatible", Path(__file__).with_name("models.toml"))


def _create(context: LanguageModelContext) -> LanguageModel:
    from plugins.llm.openai_compatible.model import CompatibleModel

    return CompatibleModel(context, facts())


@hookimpl
def i2i_language_models() -> list[LanguageModelDescriptor]:
    """Offer servers of one's own."""
    return [
        LanguageModelDescriptor(
            key="openai_compatible",
            label="OpenAI-compatible server",
            summary="Any model on a server of your own, such as Ollama, vLLM, llama.cpp or LocalAI.",
            cards=lambda: facts().cards,
            needs_key=False,
            needs_base_url=True,
            takes_any_model=True,
            create=_create,
        )
    ]
