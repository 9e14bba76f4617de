"""Lists of orders are sorted by every column, resumed anywhere, and read along an index."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Select, event, text

from adapters.storage.search import fold
from adapters.storage.sql import Database
from adapters.storage.sql.order_lists import OrderQuery
from adapters.storage.sql.session import Dialect
from core.domain.orders import Order, OrderStatus
from core.errors import InvalidInputError
from core.ports.repositories.orders import OrderFilter, OrderSort
from core.ports.unit_of_work import UnitOfWork
from tests.factories import HOUR, NOW, Seed
from tests.support import databases
from tests.support.databases import AnyDatabase

KEYS: dict[str, Callable[[Order], Any]] = {
    "created": lambda order: order.created_at,
    "name": lambda order: fold(order.name),
    "images": lambda order: order.image_count,
    "size": lambda order: order.total_bytes,
}
TWO = frozenset({OrderStatus.DRAFT, OrderStatus.COMPLETED})
NAMES = ("Éclair", "eclair", "Zebra", "zebra", "äpfel", "100", "9", "")


def pages(
    work: UnitOfWork, owner: str, wanted: OrderFilter, *, limit: int, window: int = 2000
) -> Iterator[tuple[Order, ...]]:
    """Turn all pages."""
    cursor = None
    while True:
        page = work.orders.list(owner, wanted, cursor=cursor, limit=limit, window=window)
        yield page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def shelf(work: UnitOfWork) -> tuple[str, list[Order]]:
    """Store orders with many ties, of one user, among them two in the bin; and one of somebody else."""
    seed = Seed(work)
    owner = seed.user().id
    seed.order(name="Not mine")
    states = (OrderStatus.DRAFT, OrderStatus.COMPLETED, OrderStatus.FAILED)
    made = [
        seed.order(
            owner, name=NAMES[n % len(NAMES)] or f"Shoot {n}", status=states[n % 3], created_at=NOW + n // 4 * HOUR,
            image_count=n % 3, total_bytes=10**9 * (n % 5),
        )
        for n in range(24)
    ]  # fmt: skip
    for _ in range(2):
        seed.order(owner, name="Binned", status=OrderStatus.DELETED)
    return owner, made


@pytest.mark.req("S0-ORD-01")
@pytest.mark.parametrize("sort", list(OrderSort))
@pytest.mark.parametrize("statuses", [frozenset(), TWO], ids=["all", "two"])
def test_every_sort_holds_every_order_once(database: AnyDatabase, sort: OrderSort, statuses: Any) -> None:
    with database.new_work() as work:
        owner, made = shelf(work)
        wanted = OrderFilter(sort=sort, statuses=statuses)
        found = list(pages(work, owner, wanted, limit=5))
        expected = [o for o in made if not statuses or o.status in statuses]
        expected.sort(key=lambda o: (KEYS[sort.key](o), o.id), reverse=sort.is_descending)
        assert list(itertools.chain(*found)) == expected
        assert all(len(page) == 5 for page in found[:-1])


@pytest.mark.parametrize("sort", list(OrderSort))
@pytest.mark.parametrize("statuses", [frozenset(), TWO], ids=["all", "two"])
def test_a_search_goes_on_from_where_its_window_ended(database: AnyDatabase, sort: OrderSort, statuses: Any) -> None:
    with database.new_work() as work:
        owner, made = shelf(work)
        since, until = NOW + HOUR, NOW + 5 * HOUR
        wanted = OrderFilter(sort=sort, statuses=statuses, query="z", since=since, until=until)
        found = list(pages(work, owner, wanted, limit=2, window=4))
        expected = [
            o
            for o in made
            if (not statuses or o.status in statuses) and "z" in fold(o.name) and since <= o.created_at < until
        ]
        expected.sort(key=lambda o: (KEYS[sort.key](o), o.id), reverse=sort.is_descending)
        assert list(itertools.chain(*found)) == expected
        assert expected
        whole = list(pages(work, owner, wanted, limit=50))
        assert list(itertools.chain(*whole)) == expected
        assert len(whole) == 1


def test_a_search_that_finds_nothing_can_still_be_gone_on_with(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        owner = seed.user().id
        wanted = seed.order(owner, name="Needle", created_at=NOW - HOUR)
        for n in range(6):
            seed.order(owner, name="Hay", created_at=NOW + n * HOUR)
        first = work.orders.list(owner, OrderFilter(query="needle"), cursor=None, limit=5, window=4)
        assert (first.items, first.next_cursor is None) == ((), False)
        second = work.orders.list(owner, OrderFilter(query="needle"), cursor=first.next_cursor, limit=5, window=4)
        assert (second.items, second.next_cursor) == ((wanted,), None)


def test_a_cursor_fits_the_sort_that_made_it(database: AnyDatabase) -> None:
    with database.new_work() as work:
        owner, _ = shelf(work)
        cursor = work.orders.list(owner, OrderFilter(), cursor=None, limit=5).next_cursor
        for sort in set(OrderSort) - {OrderSort.NEWEST}:
            with pytest.raises(InvalidInputError) as refused:
                work.orders.list(owner, OrderFilter(sort=sort), cursor=cursor, limit=5)
            assert refused.value.code == "invalid_cursor"


class Crowd:
    """A database in which one user has orders enough for a planner to choose an index."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.new_work() as work:
            seed = Seed(work)
            self.owner = seed.user().id
            states = (OrderStatus.DRAFT, OrderStatus.COMPLETED, OrderStatus.DELETED)
            for n in range(1500):
                seed.order(
                    self.owner, name=f"Shade {n % 97}", status=states[n % 3], created_at=NOW + n * HOUR,
                    image_count=n % 50, total_bytes=n,
                )  # fmt: skip
            work.commit()
        with database.connect() as connection:
            connection.execute(text("ANALYZE customer_order"))
            connection.commit()

    def plan(self, wanted: OrderFilter, *, is_next: bool, connection: Connection | None = None) -> str:
        """Return the database's plans of the statements that a page takes."""
        with self.database.new_reading() as work:
            cursor = work.orders.list(self.owner, wanted, cursor=None, limit=5).next_cursor if is_next else None
        query = OrderQuery(self.owner, wanted, cursor=cursor, limit=5, window=100)
        statements = [query.page(), *([query.end_of_window()] if wanted.is_search else [])]
        with self.database.connect() as own:
            return "\n".join(self._explain(connection or own, s, query.values) for s in statements)

    def _explain(self, connection: Connection, statement: Select[Any], values: dict[str, Any]) -> str:
        word = "EXPLAIN QUERY PLAN" if self.database.dialect is Dialect.SQLITE else "EXPLAIN"

        def explain(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> tuple[str, Any]:
            return f"{word} {statement}", parameters

        event.listen(connection, "before_cursor_execute", explain, retval=True)
        try:
            result = connection.execute(statement, values)
            return "\n".join(str(row[-1]) for row in result.cursor.fetchall())
        finally:
            event.remove(connection, "before_cursor_execute", explain)


@pytest.fixture(scope="module")
def crowded_sqlite(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    with databases.opened(databases.copy_template(template, tmp_path_factory.mktemp("crowd"))) as database:
        yield Crowd(database)


@pytest.fixture(scope="module")
def crowded_postgres(postgres_url: str) -> Iterator[Crowd]:
    databases.empty(postgres_url)
    with databases.opened(postgres_url) as database:
        yield Crowd(database)


EXAMPLES = [
    pytest.param(OrderFilter(sort=sort, statuses=statuses, **more), id=f"{sort}-{len(statuses)}-{'-'.join(more)}")
    for sort in OrderSort
    for statuses in (frozenset[OrderStatus](), TWO)
    for more in ({}, {"query": "a"}, {"since": NOW - dt.timedelta(days=30)})
]


@pytest.mark.parametrize("wanted", EXAMPLES)
@pytest.mark.parametrize("is_next", [False, True], ids=["first", "next"])
def test_sqlite_reads_a_page_along_an_index(crowded_sqlite: Crowd, wanted: OrderFilter, is_next: bool) -> None:
    """No step of the plan visits the table, and only the ids of one page, or one window per state, are sorted."""
    plan = crowded_sqlite.plan(wanted, is_next=is_next)
    assert "SCAN customer_order" not in plan
    family = "status" if wanted.statuses else "live"
    assert f"INDEX ix_customer_order_{family}_{wanted.sort.key} (owner_id=?" in plan
    walks = [line for line in plan.splitlines() if "ix_customer_order_" in line]
    assert len(walks) >= max(1, len(wanted.statuses))
    if not wanted.statuses and not wanted.is_search:
        assert "TEMP B-TREE" not in plan


@pytest.mark.postgres
@pytest.mark.parametrize("wanted", EXAMPLES)
@pytest.mark.parametrize("is_next", [False, True], ids=["first", "next"])
def test_postgresql_reads_a_page_along_an_index(crowded_postgres: Crowd, wanted: OrderFilter, is_next: bool) -> None:
    plan = crowded_postgres.plan(wanted, is_next=is_next)
    assert "Seq Scan on customer_order" not in plan
    family = "status" if wanted.statuses else "live"
    assert f"using ix_customer_order_{family}_{wanted.sort.key}" in plan
    assert "Bitmap Heap Scan on customer_order" not in plan


def test_a_list_without_its_index_is_seen(crowded_sqlite: Crowd) -> None:
    """The test above can fail."""
    with crowded_sqlite.database.connect() as connection:
        connection.execute(text("DROP INDEX ix_customer_order_live_name"))
        try:
            plan = crowded_sqlite.plan(OrderFilter(sort=OrderSort.NAME), is_next=False, connection=connection)
            assert "ix_customer_order_live_name" not in plan
            assert "TEMP B-TREE" in plan
        finally:
            connection.rollback()
