"""Orders in SQL."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import attrs
from sqlalchemy import Row, bindparam, delete, func, literal_column, select, update

from adapters.storage.errors import broken, stale
from adapters.storage.search import fold
from adapters.storage.sql.order_lists import OrderQuery
from adapters.storage.sql.session import Rows, Session, found, unique_insert
from adapters.storage.sql.tables.action_log import action_log
from adapters.storage.sql.tables.conversations import conversation, conversation_message
from adapters.storage.sql.tables.editing import plan_revision
from adapters.storage.sql.tables.events import event, event_topic
from adapters.storage.sql.tables.images import image_version, order_image
from adapters.storage.sql.tables.orders import customer_order, order_total
from adapters.storage.sql.tables.runs import run, run_item
from adapters.storage.sql.tally import AMOUNTS, Tally, of_states
from core.domain.orders import Order, OrderStatus
from core.kernel.paging import Page
from core.ports.repositories.orders import WINDOW, OrderFilter, OrderSums

_c, _i = customer_order.c, order_image.c
_ADD = unique_insert(customer_order)
_ONE = select(customer_order).where(_c.id == bindparam("id"))
_ONE_LOCKED = _ONE.with_for_update()
_SAVE = update(customer_order).where(_c.id == bindparam("b_id"), _c.row_version == bindparam("b_known"))
_NAMES = select(_c.id, _c.name).where(_c.id.in_(bindparam("ids", expanding=True)))
_TOTALS = select(order_total).where(order_total.c.owner_id == bindparam("owner_id"))
_KEPT = select(order_total)
_COUNTED = select(
    _c.owner_id,
    _c.status,
    func.count().label("orders"),
    func.sum(_c.image_count).label("images"),
    func.sum(_c.total_bytes).label("bytes"),
).group_by(_c.owner_id, _c.status)
_PICTURES = (
    select(_c.owner_id, _c.status, _i.status.label("state"), func.count().label("pictures"))
    .join(order_image, _i.order_id == _c.id)
    .group_by(_c.owner_id, _c.status, _i.status)
)
_LONG_DELETED = (
    select(_c.id)
    .where(literal_column("customer_order.status") == literal_column("'deleted'"), _c.deleted_at < bindparam("before"))
    .order_by(_c.deleted_at)
    .limit(bindparam("limit"))
)
# From the leaves to the root, as foreign keys want it.
_PURGE = (
    *(
        delete(table).where(table.c.order_id == bindparam("order_id"))
        for table in (action_log, image_version, plan_revision, run_item, run, order_image)
    ),
    delete(conversation_message).where(
        conversation_message.c.conversation_id.in_(
            select(conversation.c.id).where(conversation.c.order_id == bindparam("order_id"))
        )
    ),
    delete(conversation).where(conversation.c.order_id == bindparam("order_id")),
    delete(event).where(event.c.topic == bindparam("topic")),
    delete(event_topic).where(event_topic.c.topic == bindparam("topic")),
    delete(customer_order).where(_c.id == bindparam("order_id")),
)
_ENDED = (
    select(customer_order)
    .where(_c.owner_id == bindparam("owner_id"), _c.status == OrderStatus.COMPLETED.value)
    .order_by(_c.completed_at.desc(), _c.id.desc())
    .limit(bindparam("limit"))
)


class SqlOrders:
    """Orders by id and by owner."""

    def __init__(self, session: Session, tally: Tally) -> None:
        self._session = session
        self._tally = tally

    def add(self, order: Order) -> None:
        """Store a new order."""
        values = {"id": order.id, "row_version": order.row_version, **_values(order)}
        if not self._session.add(_ADD, values):
            raise stale("order")
        self._tally.added_order(order)

    def get(self, order_id: str, *, for_update: bool = False) -> Order:
        """Return an order."""
        is_locked = for_update and self._session.locks_rows
        row = found(self._session.first(_ONE_LOCKED if is_locked else _ONE, {"id": order_id}), "order")
        self._tally.saw_order(row, is_locked=is_locked)
        return order_of(row)

    def save(self, order: Order) -> Order:
        """Store a changed order."""
        self._tally.before_order(order)
        known = {"b_id": order.id, "b_known": order.row_version, "row_version": order.row_version + 1}
        if self._session.change(_SAVE, {**known, **_values(order)}) != 1:
            self.get(order.id)
            raise stale("order")
        self._tally.saved_order(order)
        return attrs.evolve(order, row_version=order.row_version + 1)

    def names(self, order_ids: Iterable[str]) -> dict[str, str]:
        """Return the names of those orders that exist."""
        return {row.id: row.name for row in self._session.all(_NAMES, {"ids": list(order_ids)})}

    def list(
        self, owner_id: str, wanted: OrderFilter, *, cursor: str | None, limit: int, window: int = WINDOW
    ) -> Page[Order]:
        """Return a page of a user's orders; ``since`` belongs to the period, ``until`` does not."""
        query = OrderQuery(owner_id, wanted, cursor=cursor, limit=limit, window=window)
        rows = self._session.all(query.page(), query.values)
        page = rows[:limit]
        if len(rows) > limit and page:
            return Page(items=tuple(map(order_of, page)), next_cursor=query.cursor_after(page[-1]))
        last = self._session.first(query.end_of_window(), query.values) if wanted.is_search else None
        return Page(items=tuple(map(order_of, page)), next_cursor=None if last is None else query.cursor_after(last))

    def long_deleted(self, before: dt.datetime, *, limit: int) -> tuple[str, ...]:
        """Return ids of orders that were put into the bin before a moment, the oldest first."""
        return tuple(row.id for row in self._session.all(_LONG_DELETED, {"before": before, "limit": limit}))

    def purge(self, order_id: str) -> None:
        """Remove a deleted order with everything that belongs to it; holds stay."""
        if self.get(order_id, for_update=True).status is not OrderStatus.DELETED:
            raise broken("in_use")
        self._tally.removed_order(order_id)
        for statement in _PURGE:
            self._session.change(statement, {"order_id": order_id, "topic": f"order/{order_id}"})

    def totals(self, owner_id: str) -> dict[OrderStatus, OrderSums]:
        """Return the sums over a user's orders by state."""
        self._write_own()
        return {status: sums for (_, status), sums in _sums(self._session.all(_TOTALS, {"owner_id": owner_id})).items()}

    def kept_sums(self) -> dict[tuple[str, OrderStatus], OrderSums]:
        """Return the sums that are kept for all users."""
        self._write_own()
        return _sums(self._session.all(_KEPT))

    def counted_sums(self) -> dict[tuple[str, OrderStatus], OrderSums]:
        """Count what ``kept_sums`` should be."""
        counted = {
            (row.owner_id, OrderStatus(row.status)): OrderSums(
                orders=row.orders, images=int(row.images), bytes=int(row.bytes)
            )
            for row in self._session.all(_COUNTED)
        }
        for row in self._session.all(_PICTURES):
            counted[row.owner_id, OrderStatus(row.status)] += of_states({row.state: row.pictures})
        return counted

    def latest_ended(self, owner_id: str, *, limit: int) -> tuple[Order, ...]:
        """Return the newest completed orders, by the moment of completion."""
        return tuple(order_of(row) for row in self._session.all(_ENDED, {"owner_id": owner_id, "limit": limit}))

    def _write_own(self) -> None:
        if not self._session.is_reading:
            self._tally.flush()


def _sums(rows: Rows) -> dict[tuple[str, OrderStatus], OrderSums]:
    found_sums = {
        (row.owner_id, OrderStatus(row.status)): OrderSums(**{name: getattr(row, name) for name in AMOUNTS})
        for row in rows
    }
    return {place: sums for place, sums in found_sums.items() if sums != OrderSums()}


def _values(order: Order) -> dict[str, Any]:
    return {
        "owner_id": order.owner_id,
        "name": order.name,
        "name_folded": fold(order.name),
        "created_at": order.created_at,
        "updated_at": order.updated_at,
        "status": order.status.value,
        "plan_revision": order.plan_revision,
        "quoted": order.quoted,
        "image_count": order.image_count,
        "total_bytes": order.total_bytes,
        "started_at": order.started_at,
        "completed_at": order.completed_at,
        "deleted_at": order.deleted_at,
        "deleted_from": order.deleted_from.value if order.deleted_from else None,
        "brief_name": order.brief_name,
        "instruction": order.instruction,
        "summary": order.summary,
        "summary_by": order.summary_by,
        "summary_at": order.summary_at,
        "brief_text": order.brief_text,
        "brief_pages": list(order.brief_pages),
        "brief_asset_id": order.brief_asset_id,
        "cover_image_id": order.cover_image_id,
    }


def order_of(row: Row[Any]) -> Order:
    """Return the order of a row."""
    return Order(
        id=row.id,
        owner_id=row.owner_id,
        name=row.name,
        created_at=row.created_at,
        updated_at=row.updated_at,
        status=OrderStatus(row.status),
        plan_revision=row.plan_revision,
        quoted=row.quoted,
        image_count=row.image_count,
        total_bytes=row.total_bytes,
        started_at=row.started_at,
        completed_at=row.completed_at,
        deleted_at=row.deleted_at,
        deleted_from=OrderStatus(row.deleted_from) if row.deleted_from else None,
        row_version=row.row_version,
        brief_name=row.brief_name,
        instruction=row.instruction,
        summary=row.summary,
        summary_by=row.summary_by,
        summary_at=row.summary_at,
        brief_text=row.brief_text,
        brief_pages=tuple(row.brief_pages),
        brief_asset_id=row.brief_asset_id,
        cover_image_id=row.cover_image_id,
    )
