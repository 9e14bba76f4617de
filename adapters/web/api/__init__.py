"""The JSON API: one blueprint per context."""

from apiflask import APIBlueprint

from adapters.web.api import (
    accounts,
    assets,
    batches,
    briefs,
    catalogue,
    credits,  # noqa: A004 - the context bears this name everywhere
    delivery,
    docs,
    editing,
    events,
    files,
    health,
    images,
    llm,
    orders,
    plans,
    processing,
    recipes,
    review,
    runs,
    sign_in,
    sign_up,
)

_MODULES = (
    orders, briefs, images, plans, editing, runs, review, llm, processing, delivery, files, events, batches, recipes,
    assets, credits, sign_up, sign_in, accounts, catalogue, health, docs,
)  # fmt: skip


def blueprints() -> tuple[APIBlueprint, ...]:
    """Return all blueprints, in the order in which the reference shows them."""
    return tuple(module.blueprint for module in _MODULES)
