"""What the page of a new order shows beside the order itself."""

import attrs

from core.domain.images import OrderImage
from core.domain.orders import Order, OrderStatus
from core.kernel.actor import Actor, Scope
from core.ports.repositories.orders import OrderFilter
from core.ports.unit_of_work import NewReading, UnitOfWork

CONFIRMED = frozenset(OrderStatus) - {OrderStatus.DRAFT, OrderStatus.DELETED}
LOOKED_AT = 10


@attrs.frozen(kw_only=True)
class OrderCard:
    """An order with the picture that stands for it; None while it has no pictures."""

    order: Order
    cover: OrderImage | None


@attrs.frozen(kw_only=True)
class Dashboard:
    """Orders to go on with and orders to look at, newest first."""

    drafts: tuple[OrderCard, ...]
    recent: tuple[OrderCard, ...]


@attrs.frozen(kw_only=True)
class ShowDashboard:
    """Show the drafts that were begun and the newest orders."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, drafts: int = 4, recent: int = 5) -> Dashboard:
        """Return up to so many drafts that hold anything, and so many other orders."""
        actor.require_scope(Scope.ORDERS_READ)
        with self.new_reading() as work:
            begun = [o for o in _newest(work, actor, frozenset({OrderStatus.DRAFT}), LOOKED_AT) if _holds_anything(o)]
            others = _newest(work, actor, CONFIRMED, recent)
            return Dashboard(drafts=_cards(work, begun[:drafts]), recent=_cards(work, others))


def _newest(work: UnitOfWork, actor: Actor, statuses: frozenset[OrderStatus], limit: int) -> list[Order]:
    wanted = OrderFilter(statuses=statuses)
    return list(work.orders.list(actor.user_id, wanted, cursor=None, limit=limit).items)


def _holds_anything(order: Order) -> bool:
    return order.image_count > 0 or bool(order.wish)


def _cards(work: UnitOfWork, orders: list[Order]) -> tuple[OrderCard, ...]:
    return tuple(
        OrderCard(order=o, cover=next(iter(work.images.list(o.id)), None) if o.image_count else None) for o in orders
    )
