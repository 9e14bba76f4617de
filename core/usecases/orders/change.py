"""Rename, delete and restore orders."""

import attrs

from core.domain.action_log import LogType
from core.domain.orders import Order, clean_order_name
from core.kernel.actor import Action, Actor, Scope, require_access
from core.ports.clock import Clock
from core.ports.unit_of_work import NewWork
from core.usecases.journal import Journal
from core.usecases.orders.access import writable_order


@attrs.frozen(kw_only=True)
class RenameOrder:
    """Give an order another name."""

    new_work: NewWork
    clock: Clock

    def __call__(self, *, actor: Actor, order_id: str, name: str) -> Order:
        """Rename the order.

        Raises:
            InvalidInputError: empty, over 120 characters or not printable.
        """
        with self.new_work() as work:
            order = writable_order(work, actor, order_id)
            renamed = attrs.evolve(order, name=clean_order_name(name), updated_at=self.clock.now())
            saved = work.orders.save(renamed)
            work.commit()
        return saved


@attrs.frozen(kw_only=True)
class DeleteOrder:
    """Put an order into the bin; it can be restored for 30 days."""

    new_work: NewWork
    clock: Clock
    journal: Journal

    def __call__(self, *, actor: Actor, order_id: str) -> Order:
        """Delete the order.

        Raises:
            InvalidTransitionError: it is being worked on; cancel it first.
        """
        with self.new_work() as work:
            order = writable_order(work, actor, order_id)
            saved = work.orders.save(order.delete(now=self.clock.now()))
            self.journal.note(work, LogType.DELETE, order_id=order_id, actor=actor, message="Order deleted.")
            self.journal.tell(work, "OrderDeleted", order_id=order_id)
            work.commit()
        return saved


@attrs.frozen(kw_only=True)
class RestoreOrder:
    """Take an order out of the bin."""

    new_work: NewWork
    clock: Clock
    journal: Journal

    def __call__(self, *, actor: Actor, order_id: str) -> Order:
        """Restore the order as it was.

        Raises:
            InvalidTransitionError: it is not deleted, or was for over 30 days.
        """
        actor.require_scope(Scope.ORDERS_WRITE)
        with self.new_work() as work:
            order = work.orders.get(order_id, for_update=True)
            require_access(actor, Action.WRITE, owner_id=order.owner_id, what="order")
            saved = work.orders.save(order.restore(now=self.clock.now()))
            self.journal.note(work, LogType.RESTORE, order_id=order_id, actor=actor, message="Order restored.")
            self.journal.tell(work, "OrderRestored", order_id=order_id)
            work.commit()
        return saved
