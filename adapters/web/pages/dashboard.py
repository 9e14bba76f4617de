"""A new order: pictures, words, what they mean and cost; and the orders that were begun or sent lately."""

import re
from pathlib import Path
from typing import Any

import attrs
from flask import Response, redirect, request, send_from_directory

from adapters.web.order_views import ORDER_WORDS, size_words
from adapters.web.pages.base import fragment, make_pages, show
from adapters.web.plan_views import plan_view
from adapters.web.security import actor, application
from core.domain.assets import UPLOAD_POLICIES, Purpose
from core.domain.images import OrderImage
from core.domain.orders import MAX_IMAGES, MAX_INSTRUCTION, OPEN, Order
from core.errors import NotFoundError
from core.usecases.plans.presets import ListPresets
from core.usecases.queries.dashboard import ShowDashboard
from core.usecases.queries.orders import GetOrder
from core.usecases.recipes.keep import ListRecipes
from core.usecases.recipes.read import ReadRecipe

blueprint = make_pages("dashboard")
blueprint.add_app_template_filter(size_words)
ORDER_ID = re.compile("[0-9A-Za-z]{1,40}")
# Photos of this project's source tree; an installed package does not have them, and the page does not offer them then.
SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "photos"
BRIEF_BYTES = 10_000_000
BRIEF_ENDINGS = ("pdf", "doc", "docx", "txt", "md")


@attrs.frozen(kw_only=True)
class Example:
    """An instruction that a first order can be tried with."""

    label: str
    words: str


EXAMPLES = (
    Example(label="White background", words="Pure white background, soft shadow, product centred, 2000 x 2000 JPEG."),
    Example(label="Cut-out", words="Transparent PNG, trimmed, 1600 px on the long edge."),
    Example(label="Light grey set", words="Straighten, light grey background, sRGB JPEG."),
)


@attrs.frozen(kw_only=True)
class Limits:
    """What the page checks before it sends a file; the server checks again."""

    images: int = MAX_IMAGES
    image_bytes: int = UPLOAD_POLICIES[Purpose.ORDER_IMAGE].max_bytes
    formats: tuple[str, ...] = tuple(sorted(UPLOAD_POLICIES[Purpose.ORDER_IMAGE].formats))
    words: int = MAX_INSTRUCTION
    brief_bytes: int = BRIEF_BYTES
    brief_endings: tuple[str, ...] = BRIEF_ENDINGS


@blueprint.get("/dashboard")
def dashboard() -> Any:
    """Show the page of a new order, or go on with a draft."""
    order, images = _draft(request.args.get("order", ""))
    if order is not None and order.status not in OPEN:
        return redirect(f"/orders/{order.id}")
    lately = application().use(ShowDashboard)(actor=actor())
    return show(
        "dashboard", order=order, images=images, lately=lately, limits=Limits(), examples=EXAMPLES,
        presets=application().use(ListPresets)(), recipes=application().use(ListRecipes)(actor=actor()),
        samples=_samples(), order_words=ORDER_WORDS,
    )  # fmt: skip


def _draft(order_id: str) -> tuple[Order | None, tuple[OrderImage, ...]]:
    if not order_id:
        return None, ()
    if not ORDER_ID.fullmatch(order_id):
        raise NotFoundError("There is no such order.", details={"what": "order"})
    found = application().use(GetOrder)(actor=actor(), order_id=order_id)
    return found.order, found.images


def _samples() -> list[str]:
    return sorted(path.name for path in SAMPLES.glob("*.jpg"))


@blueprint.get("/dashboard/samples/<word:name>")
def sample(name: str) -> Response:
    """Send a sample photo, which the page then uploads like any other."""
    if name not in _samples():
        raise NotFoundError("There is no such sample.", details={"what": "sample"})
    return send_from_directory(SAMPLES, name)


@blueprint.get("/dashboard/brief/<id:order_id>")
def brief(order_id: str) -> str:
    """Show the attached document and the text that was read from it."""
    found = application().use(GetOrder)(actor=actor(), order_id=order_id)
    return fragment("order_brief", order=found.order)


@blueprint.get("/dashboard/recipe")
def recipe() -> str:
    """Show what a recipe does and what it costs for so many pictures."""
    count = request.args.get("images", 0, type=int)
    reading = application().use(ReadRecipe)(actor=actor(), name=request.args.get("name", "")[:80], images=count)
    view = plan_view(reading.recipe.plan, lambda cause: ("recipe", cause.start, cause.end))
    return fragment("recipe_reading", reading=reading, view=view)


@blueprint.get("/processing")
@blueprint.get("/processing/<id:order_id>")
def processing(order_id: str = "") -> Any:
    """Lead from the older addresses of the studio to those of today."""
    return redirect(f"/orders/{order_id}" if order_id else "/dashboard", 301)
