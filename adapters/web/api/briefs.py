"""Briefs: a document that says what should be done."""

from typing import Any

from flask import Response

from adapters.web.api.base import described, make_blueprint
from adapters.web.contents import send_content
from adapters.web.responses import Envelope
from adapters.web.schemas.orders import BriefOut
from adapters.web.security import actor, application
from adapters.web.texts import uploaded_brief
from core.kernel.actor import Scope
from core.usecases.orders.brief_files import DownloadBrief
from core.usecases.orders.set_instruction import SetInstruction

blueprint = make_blueprint("briefs", tag="Orders", about="A shoot and what should be done with it.")


class BriefAnswer(Envelope[BriefOut]):
    """A document that was read."""


@blueprint.route("/orders/<id:order_id>/brief", methods=["POST", "PUT"])
@blueprint.output(BriefAnswer)
@blueprint.doc(**described(404, 409, 413, 415, 422, 503, scope=Scope.ORDERS_WRITE, files="brief"))
def set_brief(order_id: str) -> dict[str, Any]:
    """Attach a brief to a draft order, in place of an earlier one: PDF, DOCX, DOC, TXT or MD of at most 10 MB.

    The type is told by the content. At most 50 pages of a PDF and 200,000 characters are read; `notes` say what
    could not be read. A DOC is read where `antiword` or `catdoc` is installed. The document is kept with the order and
    counts as stored data of its owner.
    """
    brief = uploaded_brief("brief", "instructionFile", "file")
    order = application().use(SetInstruction)(actor=actor(), order_id=order_id, brief=brief)
    return {"data": {
        "order": order, "name": brief.name, "text": order.brief_text, "format": brief.format, "pages": brief.pages,
        "page_starts": order.brief_pages, "notes": brief.notes,
    }}  # fmt: skip


@blueprint.get("/orders/<id:order_id>/brief")
@blueprint.doc(**described(404, 416, scope=Scope.ORDERS_READ, media="application/octet-stream"))
def download_brief(order_id: str) -> Response:
    """Download the document that is attached to an order, as it was uploaded."""
    found = application().use(DownloadBrief)(actor=actor(), order_id=order_id)
    return send_content(found.storage_key, name=found.original_name, format=found.format, size=found.bytes)
