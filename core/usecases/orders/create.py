"""Open a draft order."""

from collections.abc import Sequence
from typing import Any

import attrs

from core.domain.orders import MAX_INSTRUCTION, Order, clean_order_name, clean_words
from core.kernel.actor import Actor, Scope
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.repositories.idempotency import IdempotencyRecord
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.idempotent import check_key, check_same, payload_hash
from core.usecases.journal import Journal

OPERATION = "create_order"


@attrs.frozen(kw_only=True)
class CreateOrder:
    """Open a draft order, with or without an instruction."""

    new_work: NewWork
    clock: Clock
    ids: IdGenerator
    journal: Journal

    def __call__(
        self, *, actor: Actor, name: str = "", instruction: str = "", idempotency_key: str | None = None,
        parts: Sequence[Any] = (),
    ) -> Order:  # fmt: skip
        """Create the order; the same key and payload give the same order again.

        Args:
            parts: what else belongs to the payload of the key, JSON-ready.

        Raises:
            InvalidInputError: a bad name or an instruction over 8000 characters.
            ConflictError: code ``idempotency_mismatch``.
        """
        actor.require_scope(Scope.ORDERS_WRITE)
        wanted = payload_hash([name, instruction, *parts])
        with self.new_work() as work:
            known = self._known(work, actor, idempotency_key, wanted)
            if known is not None:
                return known
            order = self._order(actor, name, clean_words(instruction, limit=MAX_INSTRUCTION, what="instruction"))
            work.orders.add(order)
            if idempotency_key is not None:
                work.idempotency.add(
                    IdempotencyRecord(
                        owner_id=actor.user_id, key=idempotency_key, operation=OPERATION, payload_hash=wanted,
                        result_id=order.id, created_at=order.created_at,
                    )
                )  # fmt: skip
            self.journal.tell(work, "OrderCreated", order_id=order.id, name=order.name)
            work.commit()
        return order

    def _known(self, work: UnitOfWork, actor: Actor, key: str | None, wanted: str) -> Order | None:
        record = work.idempotency.find(actor.user_id, OPERATION, check_key(key)) if key is not None else None
        if record is None:
            return None
        check_same(record.payload_hash, wanted, key=record.key)
        return work.orders.get(record.result_id)

    def _order(self, actor: Actor, name: str, instruction: str) -> Order:
        now = self.clock.now()
        return Order(
            id=self.ids.new(), owner_id=actor.user_id, created_at=now, updated_at=now, instruction=instruction,
            name=clean_order_name(name or f"Order {now:%Y-%m-%d %H:%M}"),
        )  # fmt: skip
