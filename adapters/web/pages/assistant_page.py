"""The assistant beside a plan: its conversation, and the proposals that are confirmed there."""

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from adapters.web.assistant_views import SUGGESTIONS, author, operation_title, panel_view
from adapters.web.pages.base import fragment, make_pages, provider_labels
from adapters.web.pages.plan_parts import board_response
from adapters.web.security import actor, application
from core.domain.editing.plan import EditPlan
from core.errors import ConflictError, NotFoundError
from core.usecases.conversations.apply import ApplyProposal
from core.usecases.conversations.read import ReadConversation
from core.usecases.plans.revise import GetPlan

blueprint = make_pages("assistant_page")
blueprint.add_app_template_filter(operation_title)


@blueprint.app_template_filter()
def author_words(by: str) -> str:
    """Say who wrote something: ``Local planner``, or provider and model."""
    return author(by, provider_labels())


MOVED_ON = frozenset({"stale_proposal", "already_applied", "no_open_plan", "stale_plan"})


@blueprint.get("/orders/<id:order_id>/assistant")
def assistant(order_id: str) -> ResponseReturnValue:
    """Show the conversation about an order."""
    thread = application().use(ReadConversation)(actor=actor(), order_id=order_id)
    shown = panel_view(thread, _plan(order_id), provider_labels())
    response = make_response(fragment("assistant", panel=shown, suggestions=SUGGESTIONS))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/orders/<id:order_id>/assistant/apply")
def apply(order_id: str) -> Response:
    """Confirm a proposal and show the plan that came of it; or the newer one, with 409."""
    message = request.form.get("message", "")
    try:
        applied = application().use(ApplyProposal)(actor=actor(), order_id=order_id, message_id=message)
    except ConflictError as error:
        if error.code not in MOVED_ON:
            raise
        return board_response(order_id, notice=error.message, status=409)
    proposal = applied.message.proposal()
    undo = 0 if proposal.image_ids is not None else proposal.base_revision
    return board_response(order_id, told="Proposal applied", undo=undo)


def _plan(order_id: str) -> EditPlan | None:
    try:
        return application().use(GetPlan)(actor=actor(), order_id=order_id).revision.plan
    except NotFoundError:
        return None
