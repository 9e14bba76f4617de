"""Briefs: a document that says what should be done."""

from typing import Any

from adapters.web.api.base import described, make_blueprint
from adapters.web.api.orders import OrderAnswer
from adapters.web.security import actor, application
from adapters.web.texts import uploaded_brief
from core.kernel.actor import Scope
from core.usecases.orders.set_instruction import SetInstruction

blueprint = make_blueprint("briefs", tag="Orders", about="A shoot and what should be done with it.")


@blueprint.route("/orders/<id:order_id>/brief", methods=["POST", "PUT"])
@blueprint.output(OrderAnswer)
@blueprint.doc(**described(404, 409, 413, 415, 422, scope=Scope.ORDERS_WRITE, files="brief"))
def set_brief(order_id: str) -> dict[str, Any]:
    """Attach a brief (.txt or .md, in UTF-8) to a draft order, in place of an earlier one."""
    brief = uploaded_brief("brief", "instructionFile", "file")
    return {"data": application().use(SetInstruction)(actor=actor(), order_id=order_id, brief=brief)}
