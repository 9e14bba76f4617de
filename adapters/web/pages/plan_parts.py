"""What all requests of a plan's page share: the board that every change shows again."""

from collections.abc import Callable
from typing import Any

from flask import Response, make_response, redirect, request

from adapters.web.pages.base import fragment, is_fragment, provider_labels
from adapters.web.plan_board import BoardView, board_view
from adapters.web.security import actor, application
from core.domain.editing.plan import EditPlan
from core.domain.editing.revision import Origin
from core.errors import ConflictError
from core.usecases.plans.proposal import Proposal
from core.usecases.plans.revise import GetPlan
from core.usecases.plans.revisions import ListRevisions
from core.usecases.queries.orders import GetOrder
from core.usecases.recipes.keep import ListRecipes

OUTDATED = frozenset({"stale_plan", "no_open_plan", "price_changed"})
NEWER = "The plan was changed elsewhere meanwhile. This is the newest one; your last change was not made."


def board(order_id: str) -> BoardView:
    """Return what the page shows of an order's current plan."""
    proposal = application().use(GetPlan)(actor=actor(), order_id=order_id)
    images = application().use(GetOrder)(actor=actor(), order_id=order_id).images
    return board_view(proposal, images, planned=_planned(proposal), labels=provider_labels())


def _planned(proposal: Proposal) -> EditPlan | None:
    """Return the plan as it was read from the words, where it was changed since."""
    if proposal.revision.origin is Origin.PLANNER:
        return None
    found = application().use(ListRevisions)(actor=actor(), order_id=proposal.order.id)
    return next((r.plan for r in found if r.origin is Origin.PLANNER), None)


def board_values(order_id: str) -> dict[str, Any]:
    """Return what the templates of the page need."""
    return {
        "board": board(order_id), "recipes": application().use(ListRecipes)(actor=actor()),
        "profiles": application().profiles.list(),
    }  # fmt: skip


def board_response(order_id: str, *, told: str = "", notice: str = "", undo: int = 0, status: int = 200) -> Response:
    """Return the board again, as a part of the page or, without scripts, by way of the whole page.

    Args:
        told: what is told in passing; with ``undo``, the revision that takes the change back.
        notice: what stands above the plan.
    """
    if not is_fragment():
        return redirect(f"/orders/{order_id}/plan")  # type: ignore[return-value]
    shown = fragment("plan_board", is_fragment=True, told=told, notice=notice, undo=undo, **board_values(order_id))
    return make_response(shown, status)


def changed(
    order_id: str, change: Callable[[int | None], Proposal], *, told: str = "", can_undo: bool = False
) -> Response:  # fmt: skip
    """Make a change for the revision that the form was made for, and show the board; or the newer plan, with 409."""
    seen = request.form.get("revision", type=int)
    try:
        change(seen)
    except ConflictError as error:
        if error.code not in OUTDATED or not is_fragment():
            raise
        return board_response(order_id, notice=NEWER if error.code == "stale_plan" else error.message, status=409)
    return board_response(order_id, told=told, undo=seen or 0 if can_undo else 0)


def leave_for(path: str) -> Response:
    """Lead to another page, from a form with or without scripts."""
    if not is_fragment():
        return redirect(path)  # type: ignore[return-value]
    response = make_response("", 204)
    response.headers["HX-Redirect"] = path
    return response
