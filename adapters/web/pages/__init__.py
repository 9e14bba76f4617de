"""The pages: one blueprint per page or group of pages."""

from apiflask import APIBlueprint

from adapters.web.pages import (
    account_page,
    assistant_page,
    dashboard,
    entering,
    joining,
    landing,
    order_page,
    order_viewer,
    orders,
    plan_editor,
    plan_page,
    plan_tags,
    recovering,
    shell,
    tokens,
)

_MODULES = (
    shell, dashboard, plan_page, plan_editor, plan_tags, assistant_page, order_page, order_viewer, orders, tokens,
    landing, entering, joining, recovering, account_page,
)  # fmt: skip


def blueprints() -> tuple[APIBlueprint, ...]:
    """Return the blueprints of all pages."""
    return tuple(module.blueprint for module in _MODULES)
