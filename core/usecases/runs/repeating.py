"""Requests that start a run and may come twice: the same key gives the same run again."""

import datetime as dt

import attrs

from core.domain.orders import Order
from core.kernel.actor import Actor
from core.ports.repositories.idempotency import IdempotencyRecord
from core.ports.unit_of_work import UnitOfWork
from core.usecases.idempotent import check_key, check_same
from core.usecases.runs.starting import Started


@attrs.frozen(kw_only=True)
class RunRequest:
    """A request as its client marked it.

    Args:
        operation: the use case.
        key: the client's idempotency key; None when the request is not marked.
        payload_hash: digest of what was asked.
    """

    operation: str
    key: str | None
    payload_hash: str

    def earlier(self, work: UnitOfWork, actor: Actor, order: Order) -> Started | None:
        """Return the run that this request started before.

        Raises:
            ConflictError: code ``idempotency_mismatch``, when the key marked a different request.
        """
        record = work.idempotency.find(actor.user_id, self.operation, check_key(self.key)) if self.key else None
        if record is None:
            return None
        check_same(record.payload_hash, self.payload_hash, key=record.key)
        items = work.runs.items(record.result_id)
        held = sum(work.ledger.get_hold(i.hold_id).amount for i in items)
        return Started(order=order, run=work.runs.get(record.result_id), items=items, held=held)

    def remember(self, work: UnitOfWork, actor: Actor, started: Started, *, at: dt.datetime) -> None:
        """Keep the run as the answer to this request."""
        if self.key is None:
            return
        work.idempotency.add(
            IdempotencyRecord(
                owner_id=actor.user_id, key=self.key, operation=self.operation, payload_hash=self.payload_hash,
                result_id=started.run.id, created_at=at,
            )
        )  # fmt: skip
