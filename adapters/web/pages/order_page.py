"""The page of one order: its work while it runs, and its results afterwards."""

from typing import Any

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from adapters.web import order_views as views
from adapters.web.pages.base import fragment, make_pages, show
from adapters.web.security import actor, application
from core.domain.action_log import LogType
from core.domain.orders import RESTORE_DAYS, OrderStatus
from core.usecases.plans.revisions import ListRevisions
from core.usecases.queries.gallery import Gallery, ShowGallery
from core.usecases.queries.orders import GetLog

blueprint = make_pages("order_page")
MAX_IDS = 100
VIEWS = ("grid-s", "grid-m", "grid-l", "list")
FILTERS = ("all", "open", "retouch", "approved", "failed")
LOOK = "gallery"  # the cookie in which a browser keeps how pictures are laid out
PLANNED = frozenset({OrderStatus.PLANNING, OrderStatus.AWAITING_CONFIRMATION})
for function in (views.size_words, views.span_words, views.duration_words):
    blueprint.add_app_template_filter(function)


@blueprint.get("/orders/<id:order_id>")
def order(order_id: str) -> ResponseReturnValue:
    """Show an order, or lead to the page where it is made."""
    gallery = _gallery(order_id)
    if gallery.order.status is OrderStatus.DELETED:
        return show("order_deleted", order=gallery.order, days=RESTORE_DAYS)
    if gallery.order.status is OrderStatus.DRAFT:
        return redirect(f"/dashboard?order={order_id}")
    if gallery.order.status in PLANNED:
        return redirect(f"/orders/{order_id}/plan")
    wanted = views.Wanted(show=_filter(), words=request.args.get("q", "").strip()[:120], output=_output())
    return show("order", **_values(gallery), look=_look(), wanted=wanted)


@blueprint.get("/orders/<id:order_id>/cards")
def cards(order_id: str) -> ResponseReturnValue:
    """Show the cards of some pictures as they are now."""
    ids = request.args.get("ids", "").split(",")[:MAX_IDS]
    gallery = _gallery(order_id)
    return _fresh(
        fragment("order_cards", cards=views.card_views(gallery, output=_output(), ids=ids), order=gallery.order)
    )


@blueprint.get("/orders/<id:order_id>/progress")
def progress(order_id: str) -> ResponseReturnValue:
    """Show where the work on an order stands: head, band, filters and summary."""
    return _fresh(fragment("order_progress", **_values(_gallery(order_id))))


@blueprint.get("/orders/<id:order_id>/log")
def log(order_id: str) -> ResponseReturnValue:
    """Show the history of an order, newest first."""
    names = {image.id: image for image in _gallery(order_id).images}
    entries = application().use(GetLog)(actor=actor(), order_id=order_id)[::-1]
    kinds = [kind for kind in LogType if any(entry.type is kind for entry in entries)]
    return _fresh(fragment("order_log", entries=entries, images=names, kinds=kinds))


@blueprint.get("/orders/<id:order_id>/plan/used")
def used_plan(order_id: str) -> ResponseReturnValue:
    """Show what was done: the plan of the order, and those of pictures that were worked on again."""
    gallery = _gallery(order_id)
    revisions = application().use(ListRevisions)(actor=actor(), order_id=order_id)
    return _fresh(fragment("order_plan", plans=views.used_plans(gallery, revisions), order=gallery.order))


def _gallery(order_id: str) -> Gallery:
    return application().use(ShowGallery)(actor=actor(), order_id=order_id)


def _values(gallery: Gallery) -> dict[str, Any]:
    state, tone = views.ORDER_WORDS[gallery.order.status]
    return {
        "gallery": gallery, "order": gallery.order, "state": state, "tone": tone,
        "cards": views.card_views(gallery, output=_output()), "counts": views.count_images(gallery.images),
        "work_time": views.work_time(gallery), "output": _output(),
    }  # fmt: skip


def _output() -> str:
    return request.args.get("output", "")[:40]


def _filter() -> str:
    wanted = request.args.get("show", "")
    return wanted if wanted in FILTERS else "all"


def _look() -> str:
    wanted = request.cookies.get(LOOK, "")
    return wanted if wanted in VIEWS else "grid-m"


def _fresh(part: str) -> ResponseReturnValue:
    """Keep parts of a page out of every cache: the back button shows the page itself."""
    response = make_response(part)
    response.headers["Cache-Control"] = "no-store"
    return response
