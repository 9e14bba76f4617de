"""Contents of pictures: originals and results."""

from flask import Response
from pydantic import Field

from adapters.web.api.base import described, make_blueprint
from adapters.web.contents import send_content, send_picture
from adapters.web.responses import Body, Number
from adapters.web.security import actor, application
from core.kernel.actor import Scope
from core.usecases.delivery.image import DownloadImage
from core.usecases.delivery.thumbnail import SIZES, GetThumbnail

blueprint = make_blueprint("files", tag="Files", about="Originals and results, one by one.")


class FileQuery(Body):
    """Which file of a picture."""

    version: Number | None = Field(default=None, description="The newest result when left out; 0 is the original.")
    output: str | None = Field(default=None, max_length=40, description="Name of the deliverable; else the first.")


class ThumbnailQuery(FileQuery):
    """Which file, and how small."""

    size: Number = Field(
        default=SIZES[0], description="Longest side at most: 320, 1024, 2048 or 8192 pixels; never enlarged."
    )


@blueprint.get("/orders/<id:order_id>/images/<id:image_id>/thumbnail")
@blueprint.input(ThumbnailQuery, location="query")
@blueprint.doc(**described(404, 422, 503, scope=Scope.ORDERS_READ, media="image/webp"))
def get_thumbnail(order_id: str, image_id: str, query_data: ThumbnailQuery) -> Response:
    """Show a picture small: upright, in sRGB, without metadata.

    An address with a `version` always shows the same and may be kept for ever; without one it shows the newest
    result, or the original while there is none.
    """
    find = application().use(GetThumbnail)
    found = find(actor=actor(), order_id=order_id, image_id=image_id, **query_data.model_dump())
    return send_picture(found.content, tag=found.tag, format="webp", is_fixed=query_data.version is not None)


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
