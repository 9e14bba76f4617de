"""A database of an earlier version is brought up to date with everything in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Boolean, Connection, MetaData, String, Table

from adapters.storage.sql import Database, migrations, sqlite
from adapters.storage.sql.migrations import upgrading
from adapters.storage.sql.session import Dialect
from core.domain.orders import OrderStatus
from core.ports.repositories.orders import OrderSums
from tests.factories import NOW
from tests.support import databases

ORDERS = (("o1", "completed"), ("o2", "completed"), ("o3", "draft"))
IMAGES = (("o1", 2, "approved"), ("o1", 1, "completed"), ("o2", 1, "failed"), ("o3", 1, "queued"))
ENTRIES = (
    ("t1", "a", 100, 1),
    ("t1", "system:issuance", -100, None),
    ("t2", "a", -10, 2),
    ("t2", "system:consumed", 10, None),
)
ROWS: list[tuple[str, dict[str, Any]]] = [
    ("app_user", {"id": "u"}),
    ("credit_account", {"id": "a", "owner_id": "u", "posted": 90}),
    *(("ledger_tx", {"id": tx, "idempotency_key": tx}) for tx in ("t1", "t2")),
    *(("ledger_entry", {"tx_id": t, "account_id": a, "amount": n, "seq": seq}) for t, a, n, seq in ENTRIES),
    *(
        ("customer_order", {"id": o, "owner_id": "u", "status": s, "image_count": 2, "total_bytes": 9})
        for o, s in ORDERS
    ),
    ("asset", {"id": "f", "owner_id": "u"}),
    *(
        ("order_image", {"id": f"{o}i{place}", "order_id": o, "position": place, "asset_id": "f", "status": s})
        for o, place, s in IMAGES
    ),
]


def insert(connection: Connection, table: Table, values: dict[str, Any]) -> None:
    """Insert a row; columns that are not named but needed get a value that means little."""
    moment: Any = NOW if connection.dialect.name == "postgresql" else "2026-11-21T10:00:00.000000Z"
    for column in table.columns:
        if column.nullable or column.name in values or column.name == "row_id":
            continue
        is_text = isinstance(column.type, String)
        values[column.name] = moment if column.name.endswith("_at") else "" if is_text else 0
        if isinstance(column.type, Boolean):
            values[column.name] = False
    connection.execute(table.insert(), values)


@pytest.fixture
def first_version(sql_url: str) -> Iterator[Database]:
    """Return a database of the first version, which holds a few orders and movements of credits."""
    with databases.opened(sql_url) as database:
        with database.connect() as connection:
            _forget(connection)
        with database.connect() as connection, connection.begin():
            if database.dialect is Dialect.SQLITE:
                sqlite.begin_writing(connection, float("inf"))
            config = upgrading.configuration()
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
            known = MetaData()
            known.reflect(connection)
            for table, values in ROWS:
                insert(connection, known.tables[table], dict(values))
        yield database
        with database.connect() as connection:
            _forget(connection)
    migrations.upgrade(sql_url)


def _forget(connection: Connection) -> None:
    known = MetaData()
    known.reflect(connection)
    known.drop_all(connection)
    connection.commit()


def test_sums_covers_and_spent_credits_are_made_up_from_what_is_there(first_version: Database, sql_url: str) -> None:
    assert migrations.upgrade(sql_url)
    with first_version.new_reading() as work:
        assert work.orders.kept_sums() == work.orders.counted_sums()
        assert work.orders.totals("u") == {
            OrderStatus.COMPLETED: OrderSums(orders=2, images=4, bytes=18, finished=2, failed=1),
            OrderStatus.DRAFT: OrderSums(orders=1, images=2, bytes=9, busy=1),
        }
        assert [work.orders.get(f"o{n}").cover_image_id for n in (1, 2, 3)] == ["o1i1", "o2i1", "o3i1"]
        assert work.ledger.account_of("u").spent == 10
