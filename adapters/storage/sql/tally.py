"""Sums over orders, kept by every transaction that changes an order or the state of a picture."""

from collections import defaultdict
from typing import Any

import attrs
from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from adapters.storage.sql.session import Dialect, Session
from adapters.storage.sql.tables.images import order_image
from adapters.storage.sql.tables.orders import customer_order, order_total
from core.domain.images import BUSY, DONE, ImageStatus
from core.domain.orders import Order
from core.ports.repositories.orders import OrderSums

_o, _i, _t = customer_order.c, order_image.c, order_total.c
AMOUNTS = tuple(field.name for field in attrs.fields(OrderSums))
_ORDER = select(_o.id, _o.row_version, _o.owner_id, _o.status, _o.image_count, _o.total_bytes).where(
    _o.id == bindparam("id")
)
_ORDER_LOCKED = _ORDER.with_for_update()
_IMAGE = select(_i.id, _i.row_version, _i.status).where(_i.id == bindparam("id"))
_STATES = select(_i.status, func.count().label("pictures")).where(_i.order_id == bindparam("id")).group_by(_i.status)
_CHANGE = (
    update(order_total)
    .where(_t.owner_id == bindparam("b_owner"), _t.status == bindparam("b_status"))
    .values({name: _t[name] + bindparam(f"add_{name}") for name in AMOUNTS})
)


def _upsert(dialect: Dialect) -> Any:
    insert = (sqlite.insert if dialect is Dialect.SQLITE else postgresql.insert)(order_total)
    return insert.on_conflict_do_update(
        index_elements=["owner_id", "status"], set_={name: _t[name] + insert.excluded[name] for name in AMOUNTS}
    )


_BEGIN = {dialect: _upsert(dialect) for dialect in Dialect}


def of_states(counts: dict[str, int]) -> OrderSums:
    """Return the sums over pictures, from how many are in each state."""
    by_state = {ImageStatus(state): number for state, number in counts.items()}
    return OrderSums(
        busy=sum(by_state.get(state, 0) for state in BUSY),
        finished=sum(by_state.get(state, 0) for state in DONE),
        failed=by_state.get(ImageStatus.FAILED, 0),
    )


@attrs.frozen(kw_only=True)
class _Known:
    """An order as it was read or written: where its sums are kept, and what they hold of it."""

    row_version: int
    place: tuple[str, str]
    sums: OrderSums
    is_locked: bool = False


class Tally:
    """What one transaction changes in the kept sums.

    It is written just before the commit, in one order of rows, so that those who finish pictures of one customer
    wait for one another as short as can be, and never in a circle.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._changes: defaultdict[tuple[str, str], OrderSums] = defaultdict(OrderSums)
        self._orders: dict[str, _Known] = {}
        self._images: dict[str, tuple[int, str]] = {}

    def saw_order(self, row: Row[Any], *, is_locked: bool = False) -> None:
        """Remember an order that was read, so that a change of it is not preceded by another reading."""
        if not self._session.is_reading:
            sums = OrderSums(orders=1, images=row.image_count, bytes=row.total_bytes)
            self._orders[row.id] = _Known(
                row_version=row.row_version, place=(row.owner_id, row.status), sums=sums, is_locked=is_locked
            )

    def saw_image(self, row: Row[Any]) -> None:
        """Remember the state of a picture that was read."""
        if not self._session.is_reading:
            self._images[row.id] = row.row_version, row.status

    def added_order(self, order: Order) -> None:
        """Count a new order."""
        known = self._orders[order.id] = _written(order, order.row_version)
        self._changes[known.place] += known.sums

    def before_order(self, order: Order) -> None:
        """Make sure that the order is known as it is before it is changed."""
        known = self._orders.get(order.id)
        if known is None or known.row_version != order.row_version:
            row = self._session.first(_ORDER, {"id": order.id})
            if row is not None:
                self.saw_order(row)

    def saved_order(self, order: Order) -> None:
        """Count a change that was stored; ``order`` carries the version on which it was based."""
        before, after = self._orders[order.id], _written(order, order.row_version + 1)
        self._orders[order.id] = after
        # The pictures move along with an order that changes its state; nobody else changes them while it is locked.
        along = OrderSums() if before.place == after.place else self._pictures(order.id)
        self._changes[before.place] += -(before.sums + along)
        self._changes[after.place] += after.sums + along

    def removed_order(self, order_id: str) -> None:
        """Take away an order that is about to be removed, together with its pictures."""
        known = self._locked(order_id)
        self._changes[known.place] += -(known.sums + self._pictures(order_id))
        del self._orders[order_id]

    def added_image(self, order_id: str, status: str) -> None:
        """Count a new picture."""
        self._count(order_id, of_states({status: 1}))

    def before_image(self, image_id: str, row_version: int) -> str:
        """Return the state of a picture before it is changed; empty when there is no such picture."""
        known = self._images.get(image_id)
        if known is None or known[0] != row_version:
            row = self._session.first(_IMAGE, {"id": image_id})
            if row is None:
                return ""
            known = row.row_version, row.status
        return known[1]

    def saved_image(self, order_id: str, before: str, after: str) -> None:
        """Count a picture that went from one state to another; an empty state is none."""
        gone = of_states({before: 1}) if before else OrderSums()
        come = of_states({after: 1}) if after else OrderSums()
        self._count(order_id, come + -gone)

    def flush(self) -> None:
        """Write what waits."""
        for (owner_id, status), change in sorted(self._changes.items()):
            amounts = attrs.asdict(change)
            if not any(amounts.values()):
                continue
            values = {"b_owner": owner_id, "b_status": status}
            if not self._session.change(_CHANGE, {**values, **{f"add_{k}": v for k, v in amounts.items()}}):
                self._session.change(_BEGIN[self._session.dialect], {"owner_id": owner_id, "status": status, **amounts})
        self._changes.clear()

    def _count(self, order_id: str, change: OrderSums) -> None:
        if change != OrderSums():
            self._changes[self._locked(order_id).place] += change

    def _locked(self, order_id: str) -> _Known:
        """Return an order that stays in its state until the end of the transaction."""
        known = self._orders.get(order_id)
        if known is None or not (known.is_locked or not self._session.locks_rows):
            row = self._session.first(_ORDER_LOCKED if self._session.locks_rows else _ORDER, {"id": order_id})
            assert row is not None, "a picture has an order"
            self.saw_order(row, is_locked=True)
            known = self._orders[order_id]
        return known

    def _pictures(self, order_id: str) -> OrderSums:
        return of_states({row.status: row.pictures for row in self._session.all(_STATES, {"id": order_id})})


def _written(order: Order, row_version: int) -> _Known:
    sums = OrderSums(orders=1, images=order.image_count, bytes=order.total_bytes)
    place = order.owner_id, order.status.value
    return _Known(row_version=row_version, place=place, sums=sums, is_locked=True)
