"""Contents of pictures: originals and results."""

from flask import Response
from pydantic import Field

from adapters.web.api.base import described, make_blueprint
from adapters.web.contents import send_content
from adapters.web.responses import Body, Number
from adapters.web.security import actor, application
from core.kernel.actor import Scope
from core.usecases.delivery.image import DownloadImage

blueprint = make_blueprint("files", tag="Files", about="Originals and results, one by one.")


class FileQuery(Body):
    """Which file of a picture."""

    version: Number | None = Field(default=None, description="The newest result when left out; 0 is the original.")
    output: str | None = Field(default=None, max_length=40, description="Name of the deliverable; else the first.")


@blueprint.get("/orders/<id:order_id>/images/<id:image_id>/file")
@blueprint.input(FileQuery, location="query")
@blueprint.doc(**described(404, 416, 422, scope=Scope.ORDERS_READ, media="image/*"))
def download_image(order_id: str, image_id: str, query_data: FileQuery) -> Response:
    """Download one file: the original, a version, or a deliverable of it.

    Ranges and `If-None-Match` work; the entity tag is the SHA-256 of the content.
    """
    find = application().use(DownloadImage)
    found = find(actor=actor(), order_id=order_id, image_id=image_id, **query_data.model_dump())
    return send_content(found.storage_key, name=found.name, format=found.format, size=found.bytes)
