"""Saying what pictures show, beside a plan that selects some by it; the order is planned again afterwards."""

from collections.abc import Iterable

import attrs
from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from adapters.web.pages.base import fragment, make_pages
from adapters.web.pages.plan_parts import board, board_response, leave_for
from adapters.web.plan_board import BoardView
from adapters.web.security import actor, application
from core.domain.editing.plan import EditPlan
from core.domain.editing.tags import TAGS, clean_tag
from core.errors import InvalidInputError
from core.usecases.images.tag import TagImages
from core.usecases.plans.submit import SubmitOrder

blueprint = make_pages("plan_tags")
MAX_WORDS = 1000


@attrs.frozen(kw_only=True)
class TaggedPicture:
    """A picture with the tags that the form shows; ``others`` are those that the plan does not ask for."""

    id: str
    name: str
    chosen: frozenset[str]
    others: str


@blueprint.get("/orders/<id:order_id>/plan/tags")
def tags(order_id: str) -> str:
    """Show the form in which pictures are tagged."""
    shown = board(order_id)
    wanted = wanted_tags(shown.proposal.revision.plan)
    own = {image.id: image.tags for image in shown.images}
    return _form(shown, wanted, own)


def _form(board_view: BoardView, wanted: tuple[str, ...], own: dict[str, tuple[str, ...]], problem: str = "") -> str:
    pictures = [
        TaggedPicture(
            id=image.id, name=image.original_name, chosen=frozenset(own[image.id]) & frozenset(wanted),
            others=", ".join(tag.replace("_", " ") for tag in own[image.id] if tag not in wanted),
        )
        for image in board_view.images
    ]  # fmt: skip
    return fragment(
        "plan_tags", board=board_view, wanted=wanted, pictures=pictures, problem=problem, known=sorted(TAGS)
    )  # fmt: skip


@blueprint.post("/orders/<id:order_id>/plan/tags")
def save_tags(order_id: str) -> ResponseReturnValue:
    """Store the tags of the form and plan again; or show the form with what is wrong with it."""
    shown = board(order_id)
    seen = request.form.get("revision", type=int)
    if seen is not None and seen != shown.revision:
        return board_response(order_id, notice="The plan was changed elsewhere meanwhile.", status=409)
    written = {image.id: _written(image.id) for image in shown.images}
    try:
        own = {image_id: tuple(sorted({clean_tag(word) for word in words})) for image_id, words in written.items()}
        use = application().use(TagImages)
        for image in shown.images:
            if own[image.id] != image.tags:
                use(actor=actor(), order_id=order_id, image_ids=[image.id], tags=own[image.id])
    except InvalidInputError as error:
        return _refused(_form(shown, wanted_tags(shown.proposal.revision.plan), written, error.message))
    application().use(SubmitOrder)(actor=actor(), order_id=order_id)
    return leave_for(f"/orders/{order_id}/plan")


def _written(image_id: str) -> tuple[str, ...]:
    words = ",".join(request.form.getlist(f"tags-{image_id}"))[:MAX_WORDS].split(",")
    return tuple(word.strip() for word in words if word.strip())


def _refused(form: str) -> Response:
    response = make_response(form, 422)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#plan-tags-list", "innerHTML"
    return response


def wanted_tags(plan: EditPlan) -> tuple[str, ...]:
    """Return the tags by which a plan selects pictures."""
    scopes = [step.scope for step in plan.all_steps()]
    scopes += [constraint.scope for constraint in plan.constraints] + [wish.scope for wish in plan.unsupported]
    named: Iterable[str] = (tag for scope in scopes for tag in (*scope.tags, *scope.not_tags))
    return tuple(dict.fromkeys(named))
