"""``i2i models``: language models, and whether they answer."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from adapters.cli.commands import command
from adapters.cli.output import print_line, print_table
from adapters.cli.session import Session
from core.errors import InvalidInputError

if TYPE_CHECKING:
    from rich.console import Console

    from core.domain.language_models import ModelCard
    from plugins.model_choice import ChosenModel

MILLION = 1_000_000

models = click.Group("models", help="Language models: what they can do and cost, and whether they answer.")


@command(models, "list", about="List language models with what they can do and cost; nothing is sent.", has_user=False)
def show_list(session: Session) -> None:
    """List models."""
    session.show({"models": list(_documents(session))}, _print_list)


@command(
    models, "check", about="Ask a language model for one word, and say what that cost.",
    has_user=False,
)  # fmt: skip
@click.argument("provider", required=False)
def check(session: Session, *, provider: str | None) -> None:
    """Ask a model."""
    from adapters.system.models import build_caller
    from core.domain.model_calls import show_cost
    from core.usecases.language.checking import check_model
    from plugins.model_choice import LazyModel

    model = LazyModel(_chosen(session, provider))
    try:
        answer = check_model(build_caller(model, session.settings, session.app.clock))
    finally:
        model.close()
    call = answer.call
    cost = None if call.cost_micro_usd is None else show_cost(call.cost_micro_usd)
    document = {"answer": answer.text, "model": call.model, "cost": cost, "duration_ms": call.duration_ms, **call.facts}
    session.show(document, _print_check)


def _chosen(session: Session, provider: str | None) -> "ChosenModel":
    choice = session.app.models
    chosen = choice.chosen
    if provider is None and chosen is None:
        raise InvalidInputError("No language model is configured; name a provider.", code="no_model")
    if chosen is not None and provider in (None, chosen.descriptor.key):
        return chosen
    return choice.of(session.app.plugins.language_model(provider or ""))


def _documents(session: Session) -> Iterator[dict[str, Any]]:
    choice, today = session.app.models, session.app.clock.now().date()
    chosen = choice.chosen
    cards = [(d, card) for d in session.app.plugins.language_models() for card in d.cards()]
    if chosen is not None and all(card.model != chosen.card.model for _, card in cards):
        cards.append((chosen.descriptor, chosen.card))
    for descriptor, card in cards:
        one = choice.of(descriptor, card.model)
        is_chosen = chosen is not None and (card.provider, card.model) == (chosen.card.provider, chosen.card.model)
        yield {
            **_document(card),
            "is_shut_down": card.is_shut_down(today),
            "is_configured": not one.missing,
            "missing": one.missing,
            "is_chosen": is_chosen,
        }


def _document(card: "ModelCard") -> dict[str, Any]:
    return {
        "provider": card.provider,
        "model": card.model,
        "label": card.label,
        "has_vision": card.has_vision,
        "has_streaming": card.has_streaming,
        "structured_output": card.structured_output,
        "prices": [
            {
                "above_input_tokens": price.above_input,
                "input": price.input / MILLION,
                "cached_input": price.cached_input / MILLION,
                "output": price.output / MILLION,
            }
            for price in card.prices
        ],
        "shuts_down_on": card.shuts_down_on,
        "successor": card.successor,
        "locality": card.locality,
        "source": card.source,
        "checked_on": card.checked_on,
    }  # fmt: skip


def _print_list(console: "Console", document: dict[str, Any]) -> None:
    rows = [
        (
            "•" if m["is_chosen"] else "", m["provider"], m["model"], "pictures" if m["has_vision"] else "",
            _price(m["prices"]), _end(m), "yes" if m["is_configured"] else m["missing"],
        )
        for m in document["models"]
    ]  # fmt: skip
    print_table(console, ("", "Provider", "Model", "Looks at", "$ per M in / out", "Until", "Configured"), rows)


def _price(prices: list[dict[str, Any]]) -> str:
    return f"{prices[0]['input']:g} / {prices[0]['output']:g}" if prices else ""


def _end(model: dict[str, Any]) -> str:
    if model["shuts_down_on"] is None:
        return ""
    instead = f", then {model['successor']}" if model["successor"] else ""
    return f"{model['shuts_down_on']}{' (over)' if model['is_shut_down'] else ''}{instead}"


def _print_check(console: "Console", document: dict[str, Any]) -> None:
    tokens = f"{document['input_tokens']} tokens in, {document['output_tokens']} out"
    cost = document["cost"] or "price unknown"
    print_line(
        console,
        f"{document['provider']} {document['model']} answers in {document['duration_ms']} ms: {tokens}, {cost}.",
    )
