"""One request instead of four: upload, describe, plan, confirm."""

from typing import Any

from flask import request

from adapters.web.api.base import described, idempotency_key, make_blueprint
from adapters.web.api.plans import view as proposal_view
from adapters.web.oneshot import Batch, SubmitBatch, Wish
from adapters.web.responses import Envelope
from adapters.web.schemas.plans import BatchOut
from adapters.web.security import actor, application
from adapters.web.texts import uploaded_brief
from adapters.web.uploads import uploaded
from core.kernel.actor import Scope
from core.usecases.images.add import AddImages
from core.usecases.orders.change import DeleteOrder
from core.usecases.orders.create import CreateOrder
from core.usecases.orders.set_instruction import SetInstruction
from core.usecases.plans.submit import SubmitOrder
from core.usecases.recipes.keep import GetRecipe
from core.usecases.runs.confirm import ConfirmOrder

blueprint = make_blueprint("batches", tag="In one go", about="A whole order in one request.")
BRIEF_FIELDS = ("instructionFile", "brief")
NO = frozenset({"0", "false", "no", "off"})
DOCUMENTED = described(
    402, 404, 409, 413, 415, 422, 502, 503, 507, scope=Scope.ORDERS_WRITE, files="images", idempotent="optional"
)  # fmt: skip


class BatchAnswer(Envelope[BatchOut]):
    """The new order, also under the names that older clients know."""

    batch_id: str
    order_id: str
    status: str
    image_count: int


@blueprint.post("/upload")
@blueprint.output(BatchAnswer, status_code=202)
@blueprint.doc(**DOCUMENTED)
def upload() -> dict[str, Any]:
    """Upload pictures with an instruction, and start the work.

    Further form fields: `instructions` (text), `instructionFile` (PDF, DOCX, DOC, TXT or MD), `name`, and `autoConfirm`
    (`true` unless given): with `false`, or while the plan has open questions, the order awaits confirmation.
    The key also needs the scope `assets:write`.
    """
    has_brief = any(request.files.get(field) for field in BRIEF_FIELDS)
    brief = uploaded_brief(*BRIEF_FIELDS) if has_brief else None
    words = request.form.get("instructions") or request.form.get("instruction") or ""
    return _answer(_run(_wish(instruction=words, brief=brief)))


@blueprint.post("/recipes/<word:name>/run")
@blueprint.output(BatchAnswer, status_code=202)
@blueprint.doc(**DOCUMENTED)
def run_recipe(name: str) -> dict[str, Any]:
    """Run a recipe on uploaded pictures.

    Further form fields: `name` (of the order) and `autoConfirm`. The key also needs the scopes `assets:write`
    and `orders:read`.
    """
    recipe = application().use(GetRecipe)(actor=actor(), name=name)
    return _answer(_run(_wish(plan=recipe.plan)))


def _wish(**values: Any) -> Wish:
    is_confirmed = request.form.get("autoConfirm", "true").strip().lower() not in NO
    name = request.form.get("name", "")
    return Wish(name=name, is_confirmed=is_confirmed, idempotency_key=idempotency_key(), **values)


def _run(wish: Wish) -> Batch:
    use = application().use
    submit = SubmitBatch(
        create=use(CreateOrder), write=use(SetInstruction), add=use(AddImages), submit=use(SubmitOrder),
        confirm=use(ConfirmOrder), discard=use(DeleteOrder),
    )  # fmt: skip
    return submit(actor=actor(), files=uploaded("images", "images[]", "image"), wish=wish)


def _answer(batch: Batch) -> dict[str, Any]:
    order = batch.order
    proposal = None if batch.proposal is None else proposal_view(batch.proposal)
    return {
        "data": {"order": order, "added": batch.added, "proposal": proposal},
        "batch_id": order.id, "order_id": order.id, "status": order.status.value, "image_count": order.image_count,
    }  # fmt: skip
