"""Delivery: results with their names, and archives."""

from typing import Any

from flask import Response
from pydantic import Field

from adapters.web.api.base import described, make_blueprint
from adapters.web.contents import disposition
from adapters.web.responses import Body, Envelope, View
from adapters.web.schemas.images import ImageOut, VersionOut
from adapters.web.schemas.orders import OrderOut
from adapters.web.security import actor, application
from core.kernel.actor import Scope
from core.usecases.delivery.download import Archive, DownloadArchive
from core.usecases.delivery.results import Choice, GetResults, ImageResult, Which

blueprint = make_blueprint("delivery", tag="Delivery", about="Finished pictures under the names of the delivery.")


class ResultFileOut(View):
    """A finished file under the name in which it is delivered."""

    path: str
    output: str
    url: str
    width: int
    height: int
    bytes: int
    sha256: str


class ResultOut(View):
    """What came of one picture."""

    image: ImageOut
    version: VersionOut | None
    files: list[ResultFileOut]


class ResultsOut(View):
    """What came of an order."""

    order: OrderOut
    images: list[ResultOut]


class ResultsAnswer(Envelope[ResultsOut]):
    """Results, also under the names that older clients know."""

    images: list[dict[str, Any]]
    summary: str


class ResultsQuery(Body):
    """Which versions."""

    which: Which = Field(default=Which.LATEST, description="The newest or the approved versions.")


class ArchiveQuery(ResultsQuery):
    """Which files go into an archive."""

    images: str | None = Field(default=None, max_length=3000, description="Ids between commas; all when left out.")
    outputs: str | None = Field(default=None, max_length=900, description="Deliverables between commas; else all.")


class ExportBody(Body):
    """An order and, if not all, its pictures."""

    order_id: str = Field(max_length=40)
    image_ids: list[str] | None = Field(default=None, max_length=100)
    which: Which = Which.LATEST


@blueprint.get("/results/<id:order_id>")
@blueprint.get("/orders/<id:order_id>/results")
@blueprint.input(ResultsQuery, location="query")
@blueprint.output(ResultsAnswer)
@blueprint.doc(**described(404, 422, scope=Scope.ORDERS_READ))
def get_results(order_id: str, query_data: ResultsQuery) -> dict[str, Any]:
    """List the finished files of an order under the names in which they are delivered."""
    results = application().use(GetResults)(actor=actor(), order_id=order_id, choice=Choice(which=query_data.which))
    return {
        "data": {"order": results.order, "images": [_view(r) for r in results.images]},
        "images": [_old_view(r) for r in results.images],
        "summary": results.order.summary,
    }


@blueprint.get("/orders/<id:order_id>/archive")
@blueprint.input(ArchiveQuery, location="query")
@blueprint.doc(**described(404, 422, scope=Scope.ORDERS_READ, media="application/zip"))
def download_archive(order_id: str, query_data: ArchiveQuery) -> Response:
    """Download finished pictures and a summary as a ZIP archive."""
    choice = Choice(image_ids=_names(query_data.images), outputs=_names(query_data.outputs), which=query_data.which)
    return _send(application().use(DownloadArchive)(actor=actor(), order_id=order_id, choice=choice))


@blueprint.post("/export")
@blueprint.input(ExportBody)
@blueprint.doc(**described(404, 422, scope=Scope.ORDERS_READ, media="application/zip"))
def export(json_data: ExportBody) -> Response:
    """Download an order, or some of its pictures, as a ZIP archive."""
    choice = Choice(image_ids=json_data.image_ids, which=json_data.which)
    return _send(application().use(DownloadArchive)(actor=actor(), order_id=json_data.order_id, choice=choice))


def _names(text: str | None) -> list[str] | None:
    return None if text is None else [part for part in text.split(",") if part]


def _send(archive: Archive) -> Response:
    response = Response(archive.chunks, mimetype="application/zip")
    response.content_length = archive.total_bytes
    response.headers["Content-Disposition"] = disposition(archive.name)
    return response


def _url(result: ImageResult, output: str) -> str:
    image, version = result.image, result.version
    number = version.number if version is not None else 0
    return f"/api/orders/{image.order_id}/images/{image.id}/file?version={number}&output={output}"


def _view(result: ImageResult) -> dict[str, Any]:
    files = [
        {
            "path": f.path, "output": f.file.output, "url": _url(result, f.file.output), "width": f.file.width,
            "height": f.file.height, "bytes": f.file.bytes, "sha256": f.file.sha256,
        }
        for f in result.files
    ]  # fmt: skip
    return {"image": result.image, "version": result.version, "files": files}


def _old_view(result: ImageResult) -> dict[str, Any]:
    image = result.image
    return {
        "id": image.id, "originalName": image.original_name, "status": image.status.value, "size": image.bytes,
        "originalUrl": f"/api/orders/{image.order_id}/images/{image.id}/file?version=0",
        "processedUrl": _url(result, result.files[0].file.output) if result.files else None,
        "version": image.latest_version,
    }  # fmt: skip
