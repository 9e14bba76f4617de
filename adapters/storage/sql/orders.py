"""Orders in SQL."""

from typing import Any

import attrs
from sqlalchemy import Row, Select, bindparam, func, literal_column, select, tuple_, union_all, update

from adapters.storage.errors import stale
from adapters.storage.search import fold, from_cursor, to_cursor
from adapters.storage.sql.session import Session, found, unique_insert
from adapters.storage.sql.tables.orders import customer_order
from core.domain.orders import Order, OrderStatus
from core.kernel.paging import Page
from core.ports.repositories.orders import OrderFilter, OrderTotals

_c = customer_order.c
_ADD = unique_insert(customer_order)
_ONE = select(customer_order).where(_c.id == bindparam("id"))
_ONE_LOCKED = _ONE.with_for_update()
_SAVE = update(customer_order).where(_c.id == bindparam("b_id"), _c.row_version == bindparam("b_known"))
# Written into the statement, not bound: only so do both databases see that the partial index applies.
_IS_LIVE = literal_column("customer_order.status") != literal_column("'deleted'")
_TOTALS = (
    select(
        _c.status,
        func.count().label("orders"),
        func.sum(_c.image_count).label("images"),
        func.sum(_c.total_bytes).label("bytes"),
    )
    .where(_c.owner_id == bindparam("owner_id"), _c.status != OrderStatus.DELETED.value)
    .group_by(_c.status)
)
_ENDED = (
    select(customer_order)
    .where(_c.owner_id == bindparam("owner_id"), _c.status == OrderStatus.COMPLETED.value)
    .order_by(_c.completed_at.desc(), _c.id.desc())
    .limit(bindparam("limit"))
)


class SqlOrders:
    """Orders by id and by owner."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, order: Order) -> None:
        """Store a new order."""
        values = {"id": order.id, "row_version": order.row_version, **_values(order)}
        if not self._session.add(_ADD, values):
            raise stale("order")

    def get(self, order_id: str, *, for_update: bool = False) -> Order:
        """Return an order."""
        statement = _ONE_LOCKED if for_update and self._session.locks_rows else _ONE
        return _order(found(self._session.first(statement, {"id": order_id}), "order"))

    def save(self, order: Order) -> Order:
        """Store a changed order."""
        known = {"b_id": order.id, "b_known": order.row_version, "row_version": order.row_version + 1}
        if self._session.change(_SAVE, {**known, **_values(order)}) != 1:
            self.get(order.id)
            raise stale("order")
        return attrs.evolve(order, row_version=order.row_version + 1)

    def list(self, owner_id: str, wanted: OrderFilter, *, cursor: str | None, limit: int) -> Page[Order]:
        """Return a page of a user's orders, newest first; ``since`` belongs to the period, ``until`` does not."""
        values: dict[str, Any] = {"owner_id": owner_id, "limit": limit + 1}
        if wanted.statuses or wanted.query:
            # Find the ids in indexes alone, one short walk per state, instead of reading orders that do not match.
            states = [_c.status == status.value for status in sorted(wanted.statuses)] or [_IS_LIVE]
            walks = [_walk(select(_c.id), wanted, cursor, values=values).where(state).subquery() for state in states]
            ids = union_all(*(select(walk.c.id) for walk in walks))
            statement = _newest(select(customer_order).where(_c.id.in_(ids)))
        else:
            statement = _walk(select(customer_order), wanted, cursor, values=values).where(_IS_LIVE)
        rows = self._session.all(statement, values)
        page = tuple(_order(row) for row in rows[:limit])
        more = len(rows) > limit and page
        return Page(items=page, next_cursor=to_cursor(page[-1].created_at, page[-1].id) if more else None)

    def totals(self, owner_id: str) -> OrderTotals:
        """Return sums over a user's orders that are not deleted."""
        rows = self._session.all(_TOTALS, {"owner_id": owner_id})
        return OrderTotals(
            orders=sum(row.orders for row in rows),
            images=sum(int(row.images) for row in rows),
            bytes=sum(int(row.bytes) for row in rows),
            by_status={OrderStatus(row.status): row.orders for row in rows},
        )

    def latest_ended(self, owner_id: str, *, limit: int) -> tuple[Order, ...]:
        """Return the newest completed orders, by the moment of completion."""
        return tuple(_order(row) for row in self._session.all(_ENDED, {"owner_id": owner_id, "limit": limit}))


def _newest(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(_c.created_at.desc(), _c.id.desc()).limit(bindparam("limit"))


def _walk(start: Select[Any], wanted: OrderFilter, cursor: str | None, *, values: dict[str, Any]) -> Select[Any]:
    """Build the query for one page in the order of the index, and fill in the values that it binds."""
    statement = start.where(_c.owner_id == bindparam("owner_id"))
    if cursor is not None:
        values["c_at"], values["c_id"] = from_cursor(cursor)
        place = tuple_(bindparam("c_at", type_=_c.created_at.type), bindparam("c_id", type_=_c.id.type))
        statement = statement.where(tuple_(_c.created_at, _c.id) < place)
    if wanted.since is not None:
        values["since"] = wanted.since
        statement = statement.where(_c.created_at >= bindparam("since"))
    if wanted.until is not None:
        values["until"] = wanted.until
        statement = statement.where(_c.created_at < bindparam("until"))
    if wanted.query:
        values["words"] = fold(wanted.query).translate(_ESCAPES)
        statement = statement.where(_c.name_folded.like("%" + bindparam("words", type_=_c.name.type) + "%", escape="/"))
    return _newest(statement)


_ESCAPES = str.maketrans({"/": "//", "%": "/%", "_": "/_"})


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
        "brief_text": order.brief_text,
    }


def _order(row: Row[Any]) -> Order:
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
        brief_text=row.brief_text,
    )
