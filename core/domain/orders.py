"""An order: pictures, an instruction, a plan, and where the work stands."""

import datetime as dt
import enum

import attrs

from core.errors import ConflictError, InvalidInputError, InvalidTransitionError

MAX_IMAGES = 100
MAX_INSTRUCTION = 8000
MAX_BRIEF = 200_000
MAX_NAME = 120
RESTORE_DAYS = 30


class OrderStatus(enum.StrEnum):
    """Where an order stands."""

    DRAFT = "draft"
    PLANNING = "planning"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


OPEN = frozenset({OrderStatus.DRAFT, OrderStatus.AWAITING_CONFIRMATION})
ENDED = frozenset({OrderStatus.COMPLETED, OrderStatus.FAILED, OrderStatus.CANCELLED})

TRANSITIONS: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.DRAFT: frozenset({OrderStatus.PLANNING, OrderStatus.DELETED}),
    OrderStatus.PLANNING: frozenset({OrderStatus.AWAITING_CONFIRMATION, OrderStatus.DRAFT, OrderStatus.DELETED}),
    OrderStatus.AWAITING_CONFIRMATION: frozenset(
        {OrderStatus.PLANNING, OrderStatus.DRAFT, OrderStatus.PROCESSING, OrderStatus.DELETED}
    ),
    OrderStatus.PROCESSING: frozenset({OrderStatus.COMPLETED, OrderStatus.FAILED, OrderStatus.CANCELLED}),
    OrderStatus.COMPLETED: frozenset({OrderStatus.PROCESSING, OrderStatus.DELETED}),
    OrderStatus.FAILED: frozenset({OrderStatus.PROCESSING, OrderStatus.DELETED}),
    OrderStatus.CANCELLED: frozenset({OrderStatus.PROCESSING, OrderStatus.DELETED}),
    OrderStatus.DELETED: OPEN | ENDED,
}


@attrs.frozen(kw_only=True)
class Order:
    """One customer job.

    Args:
        brief_name, brief_text: name and text of the attached brief; empty without one.
        brief_pages: where each page begins in the text of the brief; empty where it has no pages.
        brief_asset_id: the document itself; None for words that were typed.
        plan_revision: number of the current plan; 0 before the first.
        quoted: credits of the latest quote.
        image_count, total_bytes, cover_image_id: derived from the images; the cover is the first one.
        summary_by, summary_at: who wrote the summary (``local``, or provider and model), and when.
        deleted_from: status to which a restored order returns.
        row_version: counts updates, for optimistic locking.
    """

    id: str
    owner_id: str
    name: str
    created_at: dt.datetime
    updated_at: dt.datetime
    status: OrderStatus = OrderStatus.DRAFT
    instruction: str = ""
    brief_name: str = ""
    brief_text: str = ""
    brief_pages: tuple[int, ...] = ()
    brief_asset_id: str | None = None
    plan_revision: int = 0
    quoted: int = 0
    image_count: int = 0
    total_bytes: int = 0
    cover_image_id: str | None = None
    summary: str = ""
    summary_by: str = ""
    summary_at: dt.datetime | None = None
    started_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None
    deleted_at: dt.datetime | None = None
    deleted_from: OrderStatus | None = None
    row_version: int = 1

    @property
    def phase(self) -> str:
        """The three words of the older status field: processing, completed or failed."""
        if self.status in (OrderStatus.COMPLETED, OrderStatus.FAILED):
            return self.status.value
        return "failed" if self.status is OrderStatus.CANCELLED else "processing"

    @property
    def wish(self) -> str:
        """All words that the planner reads: the instruction, then the brief."""
        return "\n".join(part for part in (self.instruction.strip(), self.brief_text.strip()) if part)

    def to(self, status: OrderStatus, *, now: dt.datetime) -> "Order":
        """Return the order in another state.

        Raises:
            InvalidTransitionError: the states are not connected.
        """
        if status not in TRANSITIONS[self.status]:
            raise InvalidTransitionError(
                f"An order that is {self.status.value.replace('_', ' ')} cannot become"
                f" {status.value.replace('_', ' ')}.",
                details={"status": self.status, "wanted": status},
            )
        changed = attrs.evolve(self, status=status, updated_at=now)
        if status is OrderStatus.PROCESSING:
            return attrs.evolve(changed, started_at=self.started_at or now, completed_at=None)
        return attrs.evolve(changed, completed_at=now) if status in ENDED else changed

    def edited(self, *, now: dt.datetime) -> "Order":
        """Return the order as a draft again, because its pictures or its instruction change.

        Raises:
            ConflictError: code ``order_locked``, once it was confirmed or while it is planned.
        """
        if self.status not in OPEN:
            raise ConflictError(
                f"The order is {self.status.value.replace('_', ' ')}; its pictures and instruction are fixed.",
                code="order_locked",
                details={"status": self.status},
            )
        return attrs.evolve(self, status=OrderStatus.DRAFT, updated_at=now)

    def delete(self, *, now: dt.datetime) -> "Order":
        """Return the order in the bin.

        Raises:
            InvalidTransitionError: it is being worked on, or gone already.
        """
        # A plan that is being made finds the order gone; restored, it is a draft that can be submitted again.
        came_from = OrderStatus.DRAFT if self.status is OrderStatus.PLANNING else self.status
        return attrs.evolve(self.to(OrderStatus.DELETED, now=now), deleted_at=now, deleted_from=came_from)

    def restore(self, *, now: dt.datetime) -> "Order":
        """Return the order as it was before it was deleted.

        Raises:
            InvalidTransitionError: it is not in the bin, or has been there for over 30 days.
        """
        if self.status is not OrderStatus.DELETED or self.deleted_from is None or self.deleted_at is None:
            raise InvalidTransitionError("Only a deleted order can be restored.")
        if now - self.deleted_at > dt.timedelta(days=RESTORE_DAYS):
            raise InvalidTransitionError(f"An order can be restored for {RESTORE_DAYS} days.", code="restore_expired")
        return attrs.evolve(self, status=self.deleted_from, deleted_at=None, deleted_from=None, updated_at=now)


def clean_order_name(text: str) -> str:
    """Return a usable order name.

    Raises:
        InvalidInputError: code ``invalid_name``.
    """
    name = text.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise InvalidInputError(f"An order name has 1 to {MAX_NAME} printable characters.", code="invalid_name")
    return name


def clean_words(text: str, *, limit: int, what: str) -> str:
    """Return an instruction or brief without control characters other than line breaks and tabs, other spaces as one.

    Raises:
        InvalidInputError: code ``text_too_long``.
    """
    if len(text) > limit:
        raise InvalidInputError(
            f"The {what} has {len(text)} characters; at most {limit} are read.",
            code="text_too_long",
            details={"length": len(text), "max": limit},
        )
    return "".join(map(_clean, text.replace("\r\n", "\n")))


def _clean(character: str) -> str:
    if character.isprintable() or character in "\n\t\u2028\u3000":
        return character
    return " " if character.isspace() else ""
