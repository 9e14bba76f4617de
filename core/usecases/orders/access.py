"""Loading an order that the actor may touch."""

from core.domain.orders import Order, OrderStatus
from core.errors import NotFoundError
from core.kernel.actor import Action, Actor, Scope, require_access
from core.ports.unit_of_work import UnitOfWork


def readable_order(work: UnitOfWork, actor: Actor, order_id: str) -> Order:
    """Return an order for reading.

    Raises:
        NotFoundError: it does not exist or belongs to someone else.
        NotAllowedError: the key lacks ``orders:read``.
    """
    actor.require_scope(Scope.ORDERS_READ)
    order = work.orders.get(order_id)
    require_access(actor, Action.READ, owner_id=order.owner_id, what="order")
    return order


def writable_order(work: UnitOfWork, actor: Actor, order_id: str) -> Order:
    """Return a locked order for changing; a deleted one can only be restored.

    Raises:
        NotFoundError: it does not exist, belongs to someone else or is in the bin.
        NotAllowedError: the key lacks ``orders:write``.
    """
    actor.require_scope(Scope.ORDERS_WRITE)
    order = work.orders.get(order_id, for_update=True)
    require_access(actor, Action.WRITE, owner_id=order.owner_id, what="order")
    if order.status is OrderStatus.DELETED:
        raise NotFoundError("There is no such order; it was deleted.", details={"what": "order"})
    return order
