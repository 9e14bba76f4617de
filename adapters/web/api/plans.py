"""Plans: submit, show, edit, answer, preview, confirm."""

from typing import Any

from flask import Response

from adapters.web.addresses import preview_url
from adapters.web.api.base import described, idempotency_key, make_blueprint
from adapters.web.contents import send_picture
from adapters.web.fate_views import fate_views
from adapters.web.plan_views import order_view, understanding_view
from adapters.web.responses import Envelope
from adapters.web.schemas.orders import StartedOut
from adapters.web.schemas.plans import (
    Answers,
    Confirmation,
    PlanBody,
    PreviewBody,
    PreviewOut,
    ProposalOut,
    SubmitBody,
)
from adapters.web.schemas.understanding import UnderstandBody, UnderstandingOut
from adapters.web.security import actor, application
from core.domain.editing.document import from_document, to_document
from core.kernel.actor import Scope
from core.usecases.plans.preview import GetPreview, Preview, PreviewPlan
from core.usecases.plans.preview_files import format_of
from core.usecases.plans.proposal import Proposal
from core.usecases.plans.revise import AnswerQuestions, GetPlan, RevisePlan
from core.usecases.plans.submit import SubmitOrder
from core.usecases.plans.understand import UnderstandInstruction
from core.usecases.recipes.keep import GetRecipe
from core.usecases.runs.confirm import ConfirmOrder

blueprint = make_blueprint(
    "plans", tag="Plans", about="What will be done, and what it costs, before anything is spent."
)


class ProposalAnswer(Envelope[ProposalOut]):
    """A plan with its exact price."""


class PreviewAnswer(Envelope[PreviewOut]):
    """A free preview."""


class UnderstandingAnswer(Envelope[UnderstandingOut]):
    """What some words are taken to mean."""


class StartedAnswer(Envelope[StartedOut]):
    """A run that was confirmed."""


def view(proposal: Proposal) -> dict[str, Any]:
    """Return what the schema of a proposal needs."""
    revision = proposal.revision
    return {
        "order_id": proposal.order.id, "revision": revision.number, "origin": revision.origin.value,
        "plan": to_document(revision.plan), "reading": order_view(proposal.order, revision.plan),
        "quote": proposal.quote, "images": proposal.images,
        "available": proposal.available, "is_affordable": proposal.is_affordable, "created_at": revision.created_at,
    }  # fmt: skip


def _answer(proposal: Proposal) -> dict[str, Any]:
    return {"data": view(proposal)}


@blueprint.post("/plans/understand")
@blueprint.input(UnderstandBody)
@blueprint.output(UnderstandingAnswer)
@blueprint.doc(**described(404, 422, scope=Scope.ORDERS_READ))
def understand(json_data: UnderstandBody) -> dict[str, Any]:
    """Read an instruction with the local planner and price what it means, without storing anything."""
    body = json_data.model_dump()
    understanding = application().use(UnderstandInstruction)(actor=actor(), **body)
    return {"data": {
        "plan": to_document(understanding.plan), "reading": understanding_view(understanding),
        "fates": fate_views(understanding),
        "images": understanding.images, "per_image": understanding.per_image, "total": understanding.quote.total,
        "available": understanding.available, "is_affordable": understanding.is_affordable,
        "price_version": understanding.quote.price_version,
    }}  # fmt: skip


@blueprint.post("/orders/<id:order_id>/submit")
@blueprint.input(SubmitBody)
@blueprint.output(ProposalAnswer)
@blueprint.doc(**described(404, 409, 422, 502, 503, scope=Scope.ORDERS_WRITE))
def submit_order(order_id: str, json_data: SubmitBody) -> dict[str, Any]:
    """Plan an order: read the instruction, write the plan, and say what it will cost."""
    plan = from_document(json_data.plan) if json_data.plan is not None else None
    if json_data.recipe is not None:
        plan = application().use(GetRecipe)(actor=actor(), name=json_data.recipe).plan
    return _answer(application().use(SubmitOrder)(actor=actor(), order_id=order_id, plan=plan))


@blueprint.get("/orders/<id:order_id>/plan")
@blueprint.output(ProposalAnswer)
@blueprint.doc(**described(404, scope=Scope.ORDERS_READ))
def get_plan(order_id: str) -> dict[str, Any]:
    """Show the current plan with its price."""
    return _answer(application().use(GetPlan)(actor=actor(), order_id=order_id))


@blueprint.put("/orders/<id:order_id>/plan")
@blueprint.input(PlanBody)
@blueprint.output(ProposalAnswer)
@blueprint.doc(**described(404, 409, 422, scope=Scope.ORDERS_WRITE))
def revise_plan(order_id: str, json_data: PlanBody) -> dict[str, Any]:
    """Replace the plan by one that was edited."""
    plan = from_document(json_data.plan)
    revise = application().use(RevisePlan)
    return _answer(revise(actor=actor(), order_id=order_id, plan=plan, revision=json_data.revision))


@blueprint.post("/orders/<id:order_id>/plan/answers")
@blueprint.input(Answers)
@blueprint.output(ProposalAnswer)
@blueprint.doc(**described(404, 409, 422, scope=Scope.ORDERS_WRITE))
def answer_questions(order_id: str, json_data: Answers) -> dict[str, Any]:
    """Answer questions of the plan; each answer changes the plan in the open."""
    answer = application().use(AnswerQuestions)
    return _answer(
        answer(actor=actor(), order_id=order_id, answers=json_data.answers, revision=json_data.revision)
    )  # fmt: skip


@blueprint.post("/orders/<id:order_id>/plan/preview")
@blueprint.input(PreviewBody)
@blueprint.output(PreviewAnswer)
@blueprint.doc(**described(404, 409, 422, 502, 503, scope=Scope.ORDERS_WRITE))
def preview_plan(order_id: str, json_data: PreviewBody) -> dict[str, Any]:
    """Render one picture small, free of charge."""
    plan = from_document(json_data.plan) if json_data.plan is not None else None
    preview = application().use(PreviewPlan)
    return preview_document(preview(actor=actor(), order_id=order_id, image_id=json_data.image_id, plan=plan))


def preview_document(preview: Preview) -> dict[str, Any]:
    """Return what the schema of a preview needs, its pictures as addresses."""
    files = [
        {
            "output": f.output, "format": f.format, "width": f.width, "height": f.height,
            "url": preview_url(preview.order_id, f.name),
        }
        for f in preview.files
    ]  # fmt: skip
    return {
        "data": {
            "files": files, "flags": preview.flags, "confidence": preview.confidence, "left": preview.left
        }
    }  # fmt: skip


@blueprint.get("/orders/<id:order_id>/previews/<word:preview>")
@blueprint.doc(**described(404, scope=Scope.ORDERS_READ, media="image/*"))
def show_preview(order_id: str, preview: str) -> Response:
    """Show a preview at the address that came with it; it is kept for a day."""
    content = application().use(GetPreview)(actor=actor(), order_id=order_id, name=preview)
    return send_picture(content, tag=preview, format=format_of(preview), is_fixed=True)


@blueprint.post("/orders/<id:order_id>/confirm")
@blueprint.input(Confirmation)
@blueprint.output(StartedAnswer, status_code=202)
@blueprint.doc(**described(402, 404, 409, 422, scope=Scope.ORDERS_WRITE, idempotent="optional"))
def confirm_order(order_id: str, json_data: Confirmation) -> dict[str, Any]:
    """Confirm the plan: reserve its price and start the work."""
    confirm = application().use(ConfirmOrder)
    return {
        "data": confirm(
            actor=actor(), order_id=order_id, revision=json_data.revision, idempotency_key=idempotency_key()
        )
    }
