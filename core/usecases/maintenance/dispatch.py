"""Hand events to whoever acts on them, at least once."""

from collections.abc import Callable, Mapping, Sequence

import attrs

from core.errors import ProviderUnavailableError
from core.kernel.events import DomainEvent
from core.ports.clock import Clock
from core.ports.unit_of_work import NewReading, NewWork

Handler = Callable[[DomainEvent], None]
BATCH = 200


@attrs.frozen(kw_only=True)
class DispatchEvents:
    """Work through the outbox. A handler may see an event again, so it must not mind."""

    new_work: NewWork
    new_reading: NewReading
    clock: Clock
    handlers: Mapping[str, Sequence[Handler]]

    def __call__(self) -> int:
        """Dispatch the oldest pending events; those whose handler is unavailable stay for the next time.

        Returns:
            How many events were dispatched.
        """
        with self.new_reading() as work:
            pending = work.events.pending(limit=BATCH)
        done = tuple(row for row, event in pending if self._handled(event))
        if done:
            with self.new_work() as work:
                work.events.mark_dispatched(done, at=self.clock.now())
                work.commit()
        return len(done)

    def _handled(self, event: DomainEvent) -> bool:
        try:
            for handler in self.handlers.get(event.name, ()):
                handler(event)
        except ProviderUnavailableError:
            return False
        return True
