"""Orders are kept, listed in pages and summed."""

import datetime as dt
import itertools
from typing import Any

import attrs
import pytest

from core.domain.orders import Order, OrderStatus
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ports.repositories.orders import OrderFilter
from core.ports.unit_of_work import UnitOfWork
from tests.factories import HOUR, NOW, Seed, make_order
from tests.support.databases import AnyDatabase

ALL = OrderFilter()


def pages(work: UnitOfWork, owner: str, wanted: OrderFilter, *, limit: int) -> list[list[Order]]:
    """Turn all pages."""
    found, cursor = [], None
    while True:
        page = work.orders.list(owner, wanted, cursor=cursor, limit=limit)
        found.append(list(page.items))
        cursor = page.next_cursor
        if cursor is None:
            return found


def names(work: UnitOfWork, owner: str, **wanted: Any) -> list[str]:
    """Return the names on the first page."""
    page = work.orders.list(owner, OrderFilter(**wanted), cursor=None, limit=50)
    return [order.name for order in page.items]


def test_an_order_comes_back_as_it_was(database: AnyDatabase) -> None:
    with database.new_work() as work:
        owner = Seed(work).user().id
        full = make_order(
            owner, status=OrderStatus.DELETED, instruction="a\nb", brief_name="b.txt", brief_text="鞋" * 60_000,
            brief_pages=(0, 7, 59_000), brief_asset_id="a1", plan_revision=3, quoted=40, image_count=7,
            total_bytes=9_000_000_000, summary="done", started_at=NOW,
            completed_at=NOW + HOUR, deleted_at=NOW + 2 * HOUR, deleted_from=OrderStatus.COMPLETED,
        )  # fmt: skip
        plain = make_order(owner)
        for order in (full, plain):
            work.orders.add(order)
        assert work.orders.get(full.id) == full
        assert work.orders.get(plain.id, for_update=True) == plain
        with pytest.raises(NotFoundError):
            work.orders.get("none")
        with pytest.raises(ConflictError):
            work.orders.add(plain)
        with pytest.raises(ConflictError):
            work.orders.add(make_order("nobody"))


def test_moments_are_kept_to_the_microsecond_in_any_zone(database: AnyDatabase) -> None:
    zone = dt.timezone(dt.timedelta(hours=9))
    moment = dt.datetime(2026, 3, 1, 1, 2, 3, 7, tzinfo=zone)
    with database.new_work() as work:
        order = Seed(work).order(created_at=moment)
        kept = work.orders.get(order.id).created_at
        assert (kept, kept.utcoffset()) == (moment, moment.utcoffset() if kept is moment else dt.timedelta())


def test_a_save_on_old_knowledge_is_refused(database: AnyDatabase) -> None:
    with database.new_work() as work:
        order = Seed(work).order()
        saved = work.orders.save(attrs.evolve(order, name="Boots", status=OrderStatus.PLANNING))
        assert saved.row_version == order.row_version + 1
        assert work.orders.get(order.id) == saved
        with pytest.raises(ConflictError) as refused:
            work.orders.save(attrs.evolve(order, name="Hats"))
        assert refused.value.code == "stale"
        assert work.orders.get(order.id) == saved
        with pytest.raises(NotFoundError):
            work.orders.save(make_order(order.owner_id))


@pytest.mark.parametrize("wanted", [ALL, OrderFilter(statuses=frozenset({OrderStatus.DRAFT, OrderStatus.FAILED}))])
def test_pages_hold_every_order_once_newest_first(database: AnyDatabase, wanted: OrderFilter) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        owner = seed.user().id
        seed.order()  # of somebody else
        # Three orders each share a moment, so that the id has to break the tie at page ends.
        states = (OrderStatus.DRAFT, OrderStatus.FAILED)
        made = [seed.order(owner, created_at=NOW + n // 3 * HOUR, status=states[n % 2]) for n in range(10)]
        found = pages(work, owner, wanted, limit=4)
        assert [len(page) for page in found] == [4, 4, 2]
        assert list(itertools.chain(*found)) == sorted(made, key=lambda o: (o.created_at, o.id), reverse=True)
        assert [len(page) for page in pages(work, owner, wanted, limit=5)] == [5, 5]
        assert pages(work, "nobody", wanted, limit=5) == [[]]


def test_filters(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        owner = seed.user().id
        stages = [
            ("Schuhe GRÖSSE 44", OrderStatus.DRAFT, NOW),
            ("100% wool_socks", OrderStatus.COMPLETED, NOW + HOUR),
            ("100 wool socks", OrderStatus.FAILED, NOW + 2 * HOUR),
            ("Hidden", OrderStatus.DELETED, NOW + 3 * HOUR),
        ]
        for name, status, moment in stages:
            seed.order(owner, name=name, status=status, created_at=moment)
        assert names(work, owner) == ["100 wool socks", "100% wool_socks", "Schuhe GRÖSSE 44"]
        assert names(work, owner, query="größe") == ["Schuhe GRÖSSE 44"]
        assert names(work, owner, query="0%") == ["100% wool_socks"]
        assert names(work, owner, query="l_s") == ["100% wool_socks"]
        assert names(work, owner, query="/") == []
        assert names(work, owner, statuses=frozenset({OrderStatus.DELETED})) == ["Hidden"]
        two = frozenset({OrderStatus.DELETED, OrderStatus.DRAFT})
        assert names(work, owner, statuses=two) == ["Hidden", "Schuhe GRÖSSE 44"]
        assert names(work, owner, statuses=two, query="hid") == ["Hidden"]
        assert names(work, owner, since=NOW + HOUR) == ["100 wool socks", "100% wool_socks"]
        assert names(work, owner, until=NOW + HOUR) == ["Schuhe GRÖSSE 44"]
        assert names(work, owner, since=NOW + HOUR, until=NOW + 2 * HOUR) == ["100% wool_socks"]


@pytest.mark.parametrize("cursor", ["", "!", "AAAA", "2026", "eA", "🙂"])
def test_a_broken_cursor_is_refused(database: AnyDatabase, cursor: str) -> None:
    with database.new_reading() as work, pytest.raises(InvalidInputError) as refused:
        work.orders.list("nobody", ALL, cursor=cursor, limit=5)
    assert refused.value.code == "invalid_cursor"


def test_the_newest_completed_orders(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        owner = seed.user().id
        ended = [
            seed.order(owner, status=OrderStatus.COMPLETED, completed_at=NOW + n * HOUR, created_at=NOW - n * HOUR)
            for n in range(3)
        ]
        seed.order(owner, status=OrderStatus.FAILED, completed_at=NOW + 9 * HOUR)
        assert work.orders.latest_ended(owner, limit=2) == (ended[2], ended[1])
