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
    events,
    files,
    health,
    images,
    orders,
    plans,
    recipes,
    review,
    runs,
)

_MODULES = (
    orders, briefs, images, plans, runs, review, delivery, files, events, batches, recipes, assets, credits, accounts,
    catalogue, health, docs,
)  # fmt: skip


def blueprints() -> tuple[APIBlueprint, ...]:
    """Return all blueprints, in the order in which the reference shows them."""
    return tuple(module.blueprint for module in _MODULES)
