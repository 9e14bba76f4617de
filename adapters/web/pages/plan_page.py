"""The plan of an order: what was understood, what will be done, and what it costs."""

from flask import Response, flash, request

from adapters.web.marked_words import brief_pages, browser_marks, legend_of
from adapters.web.pages.base import fragment, make_pages, planning_model, show
from adapters.web.pages.plan_parts import OUTDATED, board_response, board_values, changed, leave_for
from adapters.web.plan_views import browser_view, credits_words
from adapters.web.security import actor, application
from core.domain.conversations import MAX_TEXT
from core.domain.editing.phrases import plain_number
from core.domain.orders import OrderStatus
from core.errors import ConflictError, InsufficientCreditsError, InvalidInputError, ProviderError
from core.usecases.orders.set_instruction import SetInstruction
from core.usecases.plans.edit import ChoosePlannedPictures
from core.usecases.plans.revise import AnswerQuestions
from core.usecases.plans.submit import SubmitOrder
from core.usecases.plans.understand import UnderstandInstruction
from core.usecases.queries.orders import GetOrder
from core.usecases.runs.confirm import ConfirmOrder

blueprint = make_pages("plan_page")
ASSISTANT = "assistant"  # the cookie in which a browser keeps whether the assistant stands beside the plan
blueprint.add_app_template_filter(credits_words)
blueprint.add_app_template_filter(plain_number)
blueprint.add_app_template_filter(brief_pages)


@blueprint.post("/plans/understanding")
def understanding() -> str:
    """Show what an instruction is taken to mean, while it is written; nothing is stored."""
    form = request.form
    instruction = form.get("instruction", "").replace("\r\n", "\n")
    try:
        reading = application().use(UnderstandInstruction)(
            actor=actor(), instruction=instruction, brief=form.get("brief"), order_id=form.get("orderId") or None,
            images=form.get("images", type=int), names=form.getlist("names")[:100],
        )  # fmt: skip
    except InvalidInputError as error:  # told in its place: somebody is still typing
        return fragment("understanding_problem", problem=error.message)
    marks = browser_marks(reading, instruction)
    return fragment(
        "understanding", view=browser_view(reading, instruction), reading=reading, marks=marks,
        legend=legend_of(marks), reader=planning_model(),
    )  # fmt: skip


@blueprint.get("/orders/<id:order_id>/plan")
def plan(order_id: str) -> Response | str:
    """Show the plan, or where the order stands instead."""
    found = application().use(GetOrder)(actor=actor(), order_id=order_id)
    order = found.order
    if order.status is OrderStatus.AWAITING_CONFIRMATION:
        is_open = request.cookies.get(ASSISTANT) == "open"
        return show(
            "plan", order=order, is_assistant_open=is_open, max_message=MAX_TEXT, **board_values(order_id)
        )  # fmt: skip
    if order.status is OrderStatus.PLANNING:
        return show("plan_waiting", order=order)
    if order.status is not OrderStatus.DRAFT:
        return leave_for(f"/orders/{order_id}")
    if not found.images or not order.wish:
        return leave_for(f"/dashboard?order={order_id}")
    return show("plan_missing", order=order, has_failed=request.args.get("failed") == "yes")


@blueprint.get("/orders/<id:order_id>/plan/state")
def state(order_id: str) -> Response:
    """Tell a waiting page whether the plan is made."""
    order = application().use(GetOrder)(actor=actor(), order_id=order_id).order
    is_waiting = order.status is OrderStatus.PLANNING
    return Response(status=204) if is_waiting else leave_for(f"/orders/{order_id}/plan")


@blueprint.post("/orders/<id:order_id>/plan/submit")
def submit(order_id: str) -> Response:
    """Plan the order, again or for the first time; new words come with the form."""
    words = request.form.get("instruction")
    order = application().use(GetOrder)(actor=actor(), order_id=order_id).order
    seen = request.form.get("revision", type=int)
    if seen is not None and seen != order.plan_revision:
        return board_response(order_id, notice="The plan was changed elsewhere meanwhile.", status=409)
    if words is not None:
        order = application().use(SetInstruction)(
            actor=actor(), order_id=order_id, instruction=words.replace("\r\n", "\n")
        )  # fmt: skip
    try:
        application().use(SubmitOrder)(actor=actor(), order_id=order_id)
    except (ProviderError, InvalidInputError) as error:
        flash(error.message, "error")
        return leave_for(f"/orders/{order_id}/plan?failed=yes")
    return leave_for(f"/orders/{order_id}/plan")


@blueprint.post("/orders/<id:order_id>/plan/answers")
def answer(order_id: str) -> Response:
    """Answer a question of the plan."""
    answers = {request.form.get("question", ""): request.form.get("option", "")}
    use = application().use(AnswerQuestions)
    return changed(
        order_id, lambda seen: use(actor=actor(), order_id=order_id, answers=answers, revision=seen),
        told="Answered", can_undo=True,
    )  # fmt: skip


@blueprint.post("/orders/<id:order_id>/plan/pictures")
def pictures(order_id: str) -> Response:
    """Leave out the pictures that the balance does not cover, or those that were not chosen."""
    chosen = request.form.getlist("image") or None
    use = application().use(ChoosePlannedPictures)
    return changed(
        order_id, lambda seen: use(actor=actor(), order_id=order_id, image_ids=chosen, revision=seen),
        told="Pictures chosen",
    )  # fmt: skip


@blueprint.post("/orders/<id:order_id>/plan/confirm")
def confirm(order_id: str) -> Response:
    """Confirm the plan that is shown: reserve its price and start the work, once however often it is sent."""
    seen = request.form.get("revision", type=int)
    key = request.headers.get("Idempotency-Key") or request.form.get("key")
    try:
        application().use(ConfirmOrder)(actor=actor(), order_id=order_id, revision=seen, idempotency_key=key)
    except InsufficientCreditsError as error:
        return board_response(order_id, notice=error.message, status=422)
    except ConflictError as error:
        if error.code not in OUTDATED:
            raise
        return board_response(order_id, notice=error.message, status=409)
    return leave_for(f"/orders/{order_id}")
