"""Credits: what is left, what is reserved, what things cost, and how the balance came about."""

import attrs
from flask import request

from adapters.web.pages.base import fragment, is_fragment, make_pages, show
from adapters.web.security import actor, application
from core.domain.credits.ledger import TxKind
from core.kernel.paging import Page
from core.usecases.credits.prices import ListPrices
from core.usecases.credits.read import GetBalance, HistoryLine, ListHistory, ListHolds

blueprint = make_pages("tokens")
PAGE = 25
KINDS = (("", "All"), (TxKind.CAPTURE, "Spent"), (TxKind.GRANT, "Added"), (TxKind.REFUND, "Refunded"),
         (TxKind.EXPIRY, "Expired"))  # fmt: skip
# Operations that a customer can order today; the rest of the list is shown folded.
NAMES = {
    "studio_edit": ("Edit an image", "Everything in one plan: background, size, light, export to several formats"),
    "background_removal": ("Remove a background", "As a single operation over the API"),
    "raster_generation": ("Generate an image", "A picture from words"),
    "vector_generation": ("Generate a vector image", "A drawing from words"),
    "vector_illustration": ("Generate an illustration", "A larger drawing from words"),
    "vectorization": ("Turn an image into vectors", "A photo or scan as a drawing"),
    "clarity_upscale": ("Sharpen and enlarge", "Keeps what is in the picture"),
    "generative_upscale": ("Enlarge with new detail", "Adds detail that was not there"),
    "style_creation": ("Create a style", "From pictures that you bring"),
    "preset_generation": ("Generate from a preset", "One picture in a fixed size"),
    "personal_generation": ("Generate with your own model", "With a model trained for you"),
    "virtual_tryon": ("Virtual try-on", "A garment on a person"),
    "model_training": ("Train your own model", "Once per model"),
    "assistant_message": ("Ask the assistant", "Per message"),
}
FIRST = ("studio_edit", "background_removal")


@attrs.frozen(kw_only=True)
class Price:
    """One line of the price list, in words."""

    name: str
    note: str
    credits: int


@blueprint.get("/tokens")
def tokens() -> str:
    """Show the account, or only movements where they are asked for."""
    kind = request.args.get("kind", "")
    kind = kind if kind in set(TxKind) else ""
    cursor = request.args.get("cursor") or None
    page = _history(kind, cursor)
    values = {"page": page, "kind": kind, "has_earlier": bool(request.args.get("found"))}
    if is_fragment():
        return fragment("credit_rows" if cursor else "credit_table", **values)
    prices = application().use(ListPrices)()
    return show(
        "tokens", **values, kinds=KINDS, balance=application().use(GetBalance)(actor=actor()),
        holds=application().use(ListHolds)(actor=actor()), prices=prices,
        first=[_price(key, prices.credits[key]) for key in FIRST if key in prices.credits],
        others=[_price(key, cost) for key, cost in prices.credits.items() if key not in FIRST],
    )  # fmt: skip


def _history(kind: str, cursor: str | None) -> Page[HistoryLine]:
    kinds = frozenset({TxKind(kind)} if kind else ())
    return application().use(ListHistory)(actor=actor(), kinds=kinds, cursor=cursor, limit=PAGE)


def _price(key: str, cost: int) -> Price:
    name, note = NAMES.get(key, (key.replace("_", " ").capitalize(), ""))
    return Price(name=name, note=note, credits=cost)
