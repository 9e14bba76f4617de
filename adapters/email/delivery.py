"""Letters that leave the outbox: kept while the post office is away, given up when it refuses them for good."""

from collections.abc import Callable

import structlog

from core.errors import ProviderRejectedError
from core.kernel.events import DomainEvent

log: structlog.stdlib.BoundLogger = structlog.get_logger("i2i.mail")


def giving_up(send: Callable[[DomainEvent], None]) -> Callable[[DomainEvent], None]:
    """Return a handler that logs a refusal, so that one bad address does not hold up the outbox."""

    def handle(event: DomainEvent) -> None:
        try:
            send(event)
        except ProviderRejectedError as error:
            log.warning("mail_refused", event_name=event.name, user=event.data.get("user"), reason=str(error))

    return handle
