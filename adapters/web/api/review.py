"""Review: approve, flag, reopen."""

from typing import Any

from adapters.web.api.base import described, make_blueprint
from adapters.web.api.images import ImagesAnswer
from adapters.web.schemas.images import Approval, Flagging, ImageIds, OneApproval, OneFlagging
from adapters.web.security import actor, application
from core.kernel.actor import Scope
from core.usecases.images.review import ApproveImages, FlagImages, ReopenImages

blueprint = make_blueprint("review", tag="Review", about="Say which results are good, and which need another look.")
DOCUMENTED = described(404, 409, 422, scope=Scope.ORDERS_WRITE)


@blueprint.post("/orders/<id:order_id>/images/approve")
@blueprint.input(Approval)
@blueprint.output(ImagesAnswer)
@blueprint.doc(**DOCUMENTED)
def approve_images(order_id: str, json_data: Approval) -> dict[str, Any]:
    """Approve finished pictures for delivery; all or none."""
    return {"data": application().use(ApproveImages)(actor=actor(), order_id=order_id, **json_data.model_dump())}


@blueprint.post("/orders/<id:order_id>/images/flag")
@blueprint.input(Flagging)
@blueprint.output(ImagesAnswer)
@blueprint.doc(**DOCUMENTED)
def flag_images(order_id: str, json_data: Flagging) -> dict[str, Any]:
    """Put finished pictures on the retouch list; all or none."""
    return {"data": application().use(FlagImages)(actor=actor(), order_id=order_id, **json_data.model_dump())}


@blueprint.post("/orders/<id:order_id>/images/reopen")
@blueprint.input(ImageIds)
@blueprint.output(ImagesAnswer)
@blueprint.doc(**DOCUMENTED)
def reopen_images(order_id: str, json_data: ImageIds) -> dict[str, Any]:
    """Take back approvals or flags; all or none."""
    return {"data": application().use(ReopenImages)(actor=actor(), order_id=order_id, **json_data.model_dump())}


@blueprint.post("/orders/<id:order_id>/images/<id:image_id>/approve")
@blueprint.input(OneApproval)
@blueprint.output(ImagesAnswer)
@blueprint.doc(**DOCUMENTED)
def approve_image(order_id: str, image_id: str, json_data: OneApproval) -> dict[str, Any]:
    """Approve one picture."""
    approve = application().use(ApproveImages)
    return {"data": approve(actor=actor(), order_id=order_id, image_ids=[image_id], version=json_data.version)}


@blueprint.post("/orders/<id:order_id>/images/<id:image_id>/flag")
@blueprint.input(OneFlagging)
@blueprint.output(ImagesAnswer)
@blueprint.doc(**DOCUMENTED)
def flag_image(order_id: str, image_id: str, json_data: OneFlagging) -> dict[str, Any]:
    """Put one picture on the retouch list."""
    flag = application().use(FlagImages)
    return {"data": flag(actor=actor(), order_id=order_id, image_ids=[image_id], note=json_data.note)}


@blueprint.post("/orders/<id:order_id>/images/<id:image_id>/reopen")
@blueprint.output(ImagesAnswer)
@blueprint.doc(**DOCUMENTED)
def reopen_image(order_id: str, image_id: str) -> dict[str, Any]:
    """Take back the approval or the flag of one picture."""
    return {"data": application().use(ReopenImages)(actor=actor(), order_id=order_id, image_ids=[image_id])}
