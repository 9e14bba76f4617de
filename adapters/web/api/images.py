"""Pictures: upload, remove, arrange."""

from typing import Any

from adapters.web.api.base import described, make_blueprint
from adapters.web.api.orders import OrderAnswer
from adapters.web.responses import Envelope
from adapters.web.schemas.images import AddedOut, ImageIds, ImageOut, Tagging, Tags, VersionOut
from adapters.web.security import actor, application
from adapters.web.uploads import uploaded
from core.kernel.actor import Scope
from core.usecases.images.add import AddImages
from core.usecases.images.arrange import RemoveImages, ReorderImages, SelectImages
from core.usecases.images.tag import TagImages
from core.usecases.queries.orders import ListVersions

blueprint = make_blueprint("images", tag="Pictures", about="What an order holds, until it is confirmed.")


class AddedAnswer(Envelope[AddedOut]):
    """What became of the uploaded files."""


class ImagesAnswer(Envelope[list[ImageOut]]):
    """Pictures by position."""


class VersionsAnswer(Envelope[list[VersionOut]]):
    """Versions, oldest first; the original is version 0 and not listed."""


@blueprint.post("/orders/<id:order_id>/images")
@blueprint.output(AddedAnswer, status_code=201)
@blueprint.doc(**described(404, 409, 413, 422, 503, 507, scope=Scope.ASSETS_WRITE, files="images"))
def add_images(order_id: str) -> dict[str, Any]:
    """Add pictures to an order; a file that cannot be used is refused by name while the rest goes on.

    One or many files of at most 50 MB each; the key also needs the scope `orders:write`.
    """
    files = uploaded("images", "image", "file")
    return {"data": application().use(AddImages)(actor=actor(), order_id=order_id, files=files)}


@blueprint.post("/orders/<id:order_id>/images/delete")
@blueprint.input(ImageIds)
@blueprint.output(OrderAnswer)
@blueprint.doc(**described(404, 409, 422, scope=Scope.ORDERS_WRITE))
def remove_images(order_id: str, json_data: ImageIds) -> dict[str, Any]:
    """Take pictures out of a draft order."""
    remove = application().use(RemoveImages)
    return {"data": remove(actor=actor(), order_id=order_id, image_ids=json_data.image_ids)}


@blueprint.delete("/orders/<id:order_id>/images/<id:image_id>")
@blueprint.output(OrderAnswer)
@blueprint.doc(**described(404, 409, scope=Scope.ORDERS_WRITE))
def remove_image(order_id: str, image_id: str) -> dict[str, Any]:
    """Take one picture out of a draft order."""
    return {"data": application().use(RemoveImages)(actor=actor(), order_id=order_id, image_ids=[image_id])}


@blueprint.put("/orders/<id:order_id>/images/order")
@blueprint.input(ImageIds)
@blueprint.output(ImagesAnswer)
@blueprint.doc(**described(404, 409, 422, scope=Scope.ORDERS_WRITE))
def reorder_images(order_id: str, json_data: ImageIds) -> dict[str, Any]:
    """Put the pictures of a draft order into another order."""
    reorder = application().use(ReorderImages)
    return {"data": reorder(actor=actor(), order_id=order_id, image_ids=json_data.image_ids)}


@blueprint.put("/orders/<id:order_id>/images/selection")
@blueprint.input(ImageIds)
@blueprint.output(ImagesAnswer)
@blueprint.doc(**described(404, 409, 422, scope=Scope.ORDERS_WRITE))
def select_images(order_id: str, json_data: ImageIds) -> dict[str, Any]:
    """Choose which pictures of a draft order are worked on."""
    select = application().use(SelectImages)
    return {"data": select(actor=actor(), order_id=order_id, image_ids=json_data.image_ids)}


@blueprint.put("/orders/<id:order_id>/images/<id:image_id>/tags")
@blueprint.input(Tags)
@blueprint.output(ImagesAnswer)
@blueprint.doc(**described(404, 409, 422, scope=Scope.ORDERS_WRITE))
def set_tags(order_id: str, image_id: str, json_data: Tags) -> dict[str, Any]:
    """Say what a picture of a draft order shows."""
    tag = application().use(TagImages)
    return {"data": tag(actor=actor(), order_id=order_id, image_ids=[image_id], tags=json_data.tags)}


@blueprint.post("/orders/<id:order_id>/images/tags")
@blueprint.input(Tagging)
@blueprint.output(ImagesAnswer)
@blueprint.doc(**described(404, 409, 422, scope=Scope.ORDERS_WRITE))
def tag_images(order_id: str, json_data: Tagging) -> dict[str, Any]:
    """Add or remove tags of several pictures of a draft order."""
    tag, wish = application().use(TagImages), json_data
    changed = tag(actor=actor(), order_id=order_id, image_ids=wish.image_ids, add=wish.add, remove=wish.remove)
    return {"data": changed}


@blueprint.get("/orders/<id:order_id>/images/<id:image_id>/versions")
@blueprint.output(VersionsAnswer)
@blueprint.doc(**described(404, scope=Scope.ORDERS_READ))
def list_versions(order_id: str, image_id: str) -> dict[str, Any]:
    """Show the versions of a picture."""
    return {"data": application().use(ListVersions)(actor=actor(), order_id=order_id, image_id=image_id)}
