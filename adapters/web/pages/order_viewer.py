"""The large view of an order: pictures in full, what is known about them, and the dialog to work on them again."""

import datetime as dt

from flask import Response, abort, request

from adapters.web.contents import send_content
from adapters.web.order_views import STATE_WORDS
from adapters.web.pages.base import fragment, make_pages
from adapters.web.picture_views import files_data, shown
from adapters.web.security import actor, application
from core.usecases.delivery.view import ViewImage
from core.usecases.plans.understand import UnderstandInstruction
from core.usecases.queries.pictures import LookAtPicture, ReviewOrder, VersionsOfOrder

blueprint = make_pages("order_viewer")
WEEK = dt.timedelta(days=7)


@blueprint.get("/orders/<id:order_id>/viewer")
def viewer(order_id: str) -> str:
    """Show the frame of the large view, with the strip of all pictures."""
    return fragment("viewer", review=application().use(ReviewOrder)(actor=actor(), order_id=order_id), **WORDS)


@blueprint.get("/orders/<id:order_id>/film")
def film(order_id: str) -> str:
    """Show the strip of all pictures alone, when something about them changed."""
    return fragment("film", review=application().use(ReviewOrder)(actor=actor(), order_id=order_id), **WORDS)


@blueprint.get("/orders/<id:order_id>/images/<id:image_id>/details")
def details(order_id: str, image_id: str) -> str:
    """Show what is known about one picture: checks, figures, versions and its history."""
    view = application().use(LookAtPicture)(actor=actor(), order_id=order_id, image_id=image_id)
    version, output = request.args.get("version", type=int), request.args.get("output") or None
    return fragment("picture_details", shown=shown(view, version=version, output=output) or abort(404), **WORDS)


@blueprint.get("/orders/<id:order_id>/images/<id:image_id>/view")
def view(order_id: str, image_id: str) -> Response:
    """Send one file for looking at it; a version never changes, so browsers keep it."""
    version, output = request.args.get("version", type=int), request.args.get("output") or None
    find = application().use(ViewImage)
    file = find(actor=actor(), order_id=order_id, image_id=image_id, version=version, output=output)
    response = send_content(file.storage_key, name=f"{image_id}.{file.format}", format=file.format, size=file.bytes)
    if version is not None:
        response.headers["Cache-Control"] = f"private, max-age={int(WEEK.total_seconds())}, immutable"
    return response


@blueprint.get("/orders/<id:order_id>/reprocess")
def reprocess(order_id: str) -> str:
    """Show the dialog to work on pictures again, with their versions and the price of one."""
    ids = request.args.get("ids")
    chosen = application().use(VersionsOfOrder)(
        actor=actor(), order_id=order_id, image_ids=ids.split(",") if ids else None
    )
    reading = application().use(UnderstandInstruction)(actor=actor(), instruction="", brief="", order_id=order_id)
    return fragment("reprocess", order_id=order_id, chosen=chosen, reading=reading, **WORDS)


WORDS = {"status_words": STATE_WORDS, "files_data": files_data}
