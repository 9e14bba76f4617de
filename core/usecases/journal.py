"""Writing what happened: the action log for people and events for the feed, in one unit of work."""

from typing import Any

import attrs

from core.domain.action_log import ActionLogEntry, LogType
from core.domain.model_calls import ModelCall
from core.kernel.actor import Actor
from core.kernel.events import DomainEvent
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.unit_of_work import UnitOfWork


@attrs.frozen(kw_only=True)
class Journal:
    """Appends log entries and events with the current time."""

    clock: Clock
    ids: IdGenerator

    def note(self, work: UnitOfWork, kind: LogType, *, order_id: str, actor: Actor, message: str, **facts: Any) -> None:
        """Append an entry to the action log of an order; ``facts`` are further fields of the entry."""
        work.log.add(
            ActionLogEntry(
                id=self.ids.new(), order_id=order_id, type=kind, message=message, at=self.clock.now(),
                actor=actor.label or actor.user_id, **facts,
            )
        )  # fmt: skip

    def note_call(self, work: UnitOfWork, call: ModelCall, *, order_id: str, actor: Actor, **data: Any) -> None:
        """Append what a request to a language model took and cost, with the time at which it was made.

        Args:
            data: further JSON-ready facts of the entry.
        """
        work.log.add(
            ActionLogEntry(
                id=self.ids.new(), order_id=order_id, type=LogType.MODEL, message=call.sentence, at=call.at,
                actor=actor.label or actor.user_id, model=f"{call.provider}/{call.model}",
                duration_ms=call.duration_ms, data=call.facts | data,
            )
        )  # fmt: skip

    def tell(self, work: UnitOfWork, event: str, *, order_id: str, **data: Any) -> None:
        """Append an event to the feed of an order."""
        work.events.add(DomainEvent(name=event, topic=f"order/{order_id}", at=self.clock.now(), data=data))
