"""Work: cancel, retry, do again, and how far it is."""

from typing import Any

from flask import request

from adapters.web.api.base import described, idempotency_key, make_blueprint
from adapters.web.api.plans import StartedAnswer
from adapters.web.responses import Envelope
from adapters.web.schemas.orders import OrderOut, ProgressOut, RetouchBody, RunCreate
from adapters.web.security import actor, application
from core.domain.images import OrderImage
from core.errors import InvalidInputError
from core.kernel.actor import Scope
from core.usecases.queries.orders import FindImage, GetLog, GetStatus
from core.usecases.runs.cancel import CancelOrder
from core.usecases.runs.reprocess import Reprocess, Retouch
from core.usecases.runs.retry import RetryFailed

blueprint = make_blueprint("runs", tag="Work", about="What happens to an order once it is confirmed.")
LAST_ENTRIES = 50


class CancelledAnswer(Envelope[OrderOut]):
    """The order after it was cancelled."""


class ProgressAnswer(Envelope[ProgressOut]):
    """Where the work stands, also under the names that older clients know."""

    batch_id: str
    status: str
    phase: str
    progress: int
    total: int
    completed: int
    failed: int
    images: list[dict[str, Any]]
    logs: list[dict[str, Any]]


class RetouchAnswer(StartedAnswer):
    """A run on one picture, also under the names that older clients know."""

    status: str
    run_id: str


@blueprint.before_request
def refuse_documents() -> None:
    """Refuse a new brief for work that goes on: only words are taken then (decision C47)."""
    if request.mimetype == "multipart/form-data":
        raise InvalidInputError("Further work takes an instruction, not a document.", code="brief_not_allowed")


@blueprint.post("/orders/<id:order_id>/cancel")
@blueprint.output(CancelledAnswer)
@blueprint.doc(**described(404, 409, scope=Scope.ORDERS_WRITE))
def cancel_order(order_id: str) -> dict[str, Any]:
    """Stop the work on an order: finished pictures stay, everything else is released."""
    return {"data": application().use(CancelOrder)(actor=actor(), order_id=order_id)}


@blueprint.post("/orders/<id:order_id>/retry")
@blueprint.output(StartedAnswer, status_code=202)
@blueprint.doc(**described(402, 404, 409, 422, scope=Scope.ORDERS_WRITE))
def retry_failed(order_id: str) -> dict[str, Any]:
    """Try every failed picture of an order again."""
    return {"data": application().use(RetryFailed)(actor=actor(), order_id=order_id)}


@blueprint.post("/orders/<id:order_id>/runs")
@blueprint.input(RunCreate)
@blueprint.output(StartedAnswer, status_code=202)
@blueprint.doc(**described(402, 404, 409, 422, 502, 503, scope=Scope.ORDERS_WRITE, idempotent="optional"))
def reprocess(order_id: str, json_data: RunCreate) -> dict[str, Any]:
    """Work on one or many pictures again, each with its own instruction and from a chosen version."""
    items = [Retouch(**item.model_dump()) for item in json_data.items]
    run = application().use(Reprocess)
    return {"data": run(actor=actor(), order_id=order_id, items=items, idempotency_key=idempotency_key())}


@blueprint.post("/retouch/<id:image_id>")
@blueprint.input(RetouchBody)
@blueprint.output(RetouchAnswer, status_code=202)
@blueprint.doc(**described(402, 404, 409, 422, 502, 503, scope=Scope.ORDERS_WRITE, idempotent="optional"))
def retouch(image_id: str, json_data: RetouchBody) -> dict[str, Any]:
    """Work on one picture again.

    The key also needs the scope `orders:read`.
    """
    image = application().use(FindImage)(actor=actor(), image_id=image_id)
    items = [Retouch(image_id=image_id, **json_data.model_dump())]
    run = application().use(Reprocess)
    started = run(actor=actor(), order_id=image.order_id, items=items, idempotency_key=idempotency_key())
    return {"data": started, "status": "queued", "run_id": started.run.id}


@blueprint.get("/status/<id:order_id>")
@blueprint.get("/orders/<id:order_id>/status")
@blueprint.output(ProgressAnswer)
@blueprint.doc(**described(404, scope=Scope.ORDERS_READ))
def get_status(order_id: str) -> dict[str, Any]:
    """Tell how far the work on an order is."""
    progress = application().use(GetStatus)(actor=actor(), order_id=order_id)
    log = application().use(GetLog)(actor=actor(), order_id=order_id)[-LAST_ENTRIES:]
    order = progress.order
    return {
        "data": progress, "batch_id": order.id, "status": order.status.value, "phase": order.phase,
        "progress": progress.percent, "total": progress.total, "completed": progress.finished,
        "failed": progress.failed, "images": [_old_view(i) for i in progress.images],
        "logs": [{"type": e.type.value, "message": e.message, "timestamp": e.at.isoformat()} for e in log],
    }  # fmt: skip


def _old_view(image: OrderImage) -> dict[str, Any]:
    url = f"/api/orders/{image.order_id}/images/{image.id}/file" if image.latest_version else None
    return {"id": image.id, "name": image.original_name, "status": image.status.value, "processedUrl": url}
