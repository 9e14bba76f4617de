"""Own pictures and a sentence in one request."""

from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

from flask import request

from adapters.web.api.base import described, idempotency_key, make_blueprint
from adapters.web.api.llm import TAG
from adapters.web.oneshot import Batch, SubmitBatch, Wish
from adapters.web.own_addresses import OwnPicture, read_address
from adapters.web.responses import Envelope
from adapters.web.schemas.conversations import ProcessBody, ProcessedOut, ProcessOut
from adapters.web.security import actor, application
from adapters.web.uploads import plain_name
from core.domain.images import OrderImage
from core.errors import ConflictError
from core.kernel.actor import Scope
from core.usecases.assets.own_pictures import FindOwnPicture
from core.usecases.conversations import wording
from core.usecases.conversations.describing import explain
from core.usecases.delivery.image import DownloadImage, StoredPicture
from core.usecases.images.add import AddImages, Incoming
from core.usecases.orders.change import DeleteOrder
from core.usecases.orders.create import CreateOrder
from core.usecases.orders.set_instruction import SetInstruction
from core.usecases.plans.revise import GetPlan
from core.usecases.plans.submit import SubmitOrder
from core.usecases.queries.orders import GetOrder
from core.usecases.runs.confirm import ConfirmOrder

blueprint = make_blueprint("processing", **TAG)


class ProcessAnswer(Envelope[ProcessOut]):
    """The order that was opened, also under the names that older clients know."""

    results: list[ProcessedOut]
    analysis: str


@blueprint.post("/llm/process")
@blueprint.input(ProcessBody)
@blueprint.output(ProcessAnswer, status_code=202)
@blueprint.doc(
    **described(402, 404, 409, 413, 415, 422, 502, 503, 507, scope=Scope.ORDERS_WRITE, idempotent="optional")
)  # fmt: skip
def process(json_data: ProcessBody) -> dict[str, Any]:
    """Work on pictures that are here already, in an order of their own; the work is queued.

    While the plan leaves a question, the order awaits confirmation. The key also needs the scopes `assets:write` and
    `orders:read`.
    """
    hosts = frozenset({request.host.lower(), urlsplit(application().site).netloc.lower()})
    pictures = [_find(read_address(url, hosts=hosts)) for url in json_data.image_urls]
    return _answer(_run(pictures, json_data.instruction))


def _find(wanted: OwnPicture) -> StoredPicture:
    if wanted.asset_id is not None:
        return application().use(FindOwnPicture)(actor=actor(), asset_id=wanted.asset_id)
    find = application().use(DownloadImage)
    return find(
        actor=actor(), order_id=wanted.order_id, image_id=wanted.image_id, version=wanted.version, output=wanted.output
    )  # fmt: skip


def _run(pictures: list[StoredPicture], instruction: str) -> Batch:
    """Hand the pictures over as an upload would; the same content is fetched once."""
    use, blobs = application().use, application().blobs
    submit = SubmitBatch(
        create=use(CreateOrder), write=use(SetInstruction), add=use(AddImages), submit=use(SubmitOrder),
        confirm=use(ConfirmOrder), discard=use(DeleteOrder),
    )  # fmt: skip
    with ExitStack() as stack:
        keys = dict.fromkeys(picture.storage_key for picture in pictures)
        paths = {key: stack.enter_context(blobs.local(key)) for key in keys}
        files = tuple(Incoming(name=plain_name(p.name), path=paths[p.storage_key], bytes=p.bytes) for p in pictures)
        wish = Wish(instruction=instruction, idempotency_key=idempotency_key())
        return submit(actor=actor(), files=files, wish=wish)


def _answer(batch: Batch) -> dict[str, Any]:
    if not batch.order.plan_revision:
        raise ConflictError(
            "The first request with this key has no plan yet; ask again in a moment, or look at its order.",
            code="request_under_way",
            details={"orderId": batch.order.id},
        )
    view = application().use(GetOrder)(actor=actor(), order_id=batch.order.id)
    proposal = application().use(GetPlan)(actor=actor(), order_id=batch.order.id)
    plan, prices = proposal.revision.plan, application().prices.current(application().clock.now().date())
    analysis = wording.explanation_text(
        explain(plan, prices, revision=proposal.revision.number, images=proposal.images)
    )  # fmt: skip
    results = [_result(image) for image in view.images]
    return {
        "data": {
            "order_id": view.order.id, "run_id": view.runs[-1].id if view.runs else None,
            "status": view.order.status.value, "analysis": analysis, "results": results,
            "questions": [q.about for q in plan.open_questions],
        },
        "results": results, "analysis": analysis,
    }  # fmt: skip


def _result(image: OrderImage) -> dict[str, Any]:
    url = f"/api/orders/{image.order_id}/images/{image.id}/file" if image.latest_version else None
    return {"image_id": image.id, "name": image.original_name, "status": image.status.value, "processed_url": url}
