"""Parts of the frame that change while a page stays open."""

from flask import request

from adapters.web.pages.base import fragment, make_pages
from adapters.web.security import actor, application
from core.ports.repositories.orders import OrderFilter
from core.usecases.queries.orders import ListOrders

blueprint = make_pages("shell")
FOUND = 6
MAX_WORDS = 120


@blueprint.get("/shell/credits")
def credit_meter() -> str:
    """Show the credits that are left."""
    return fragment("credit_meter")


@blueprint.get("/shell/search")
def search() -> str:
    """Find orders by name, for the command palette."""
    words = request.args.get("q", "").strip()[:MAX_WORDS]
    page = application().use(ListOrders)(actor=actor(), wanted=OrderFilter(query=words), limit=FOUND)
    return fragment("found_orders", orders=page.items)
