"""Troubles of a database are reported in the words of the core, and simultaneous changes do not get lost."""

import itertools
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs
import pytest
from sqlalchemy import text

from adapters.storage.sql import Database, TryAgainError, open_database, retrying
from adapters.storage.sql.events import _ADD, SqlEvents
from core.domain.images import OrderImage
from core.errors import InvalidInputError, ProviderUnavailableError
from tests.factories import HOUR, NOW, Seed, make_event, make_order
from tests.support import databases


@pytest.fixture
def postgres(clean_postgres_url: str) -> Iterator[Database]:
    """Return an empty PostgreSQL database that waits long enough to find deadlocks."""
    with databases.opened(clean_postgres_url) as database:
        yield database


@pytest.mark.parametrize(
    "url",
    ["", "nothing", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "postgresql+asyncpg://x/y", "postgresql://x"],
)
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        open_database(url)
    assert refused.value.code == "invalid_database_url"


def test_a_number_that_no_database_holds_is_refused(sql_database: Database) -> None:
    with sql_database.new_reading() as work, pytest.raises(InvalidInputError) as refused:
        work.events.since("order/1", 2**70)
    assert refused.value.code == "invalid_value"


def test_a_password_is_never_shown() -> None:
    with pytest.raises(InvalidInputError) as refused:
        open_database("mysql://ada:hunter2@host/name")
    assert "hunter2" not in str(refused.value)


def test_values_are_left_out_of_error_texts(sql_database: Database) -> None:
    with sql_database.new_work() as work, pytest.raises(Exception) as refused:  # noqa: PT011 - any error
        work.orders.add(make_order("nobody", name="a secret name"))
    cause: BaseException | None = refused.value
    while cause is not None:
        assert "a secret name" not in str(cause)
        cause = cause.__cause__


def test_a_full_disk_is_reported_and_nothing_is_half_kept(sqlite_database: Database) -> None:
    with sqlite_database.new_work() as work:
        owner = Seed(work).user().id
        work.commit()

    def limit(pages: str) -> None:
        with sqlite_database.connect() as connection:
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    limit("1")  # the pool hands the one connection out again
    with sqlite_database.new_work() as work:
        work.orders.add(make_order(owner))
        with pytest.raises(ProviderUnavailableError) as refused:
            work.orders.add(make_order(owner, brief_text="x" * 100_000))
    assert refused.value.code == "storage_full"
    limit("1000000")
    with sqlite_database.new_work() as work:
        assert work.orders.totals(owner) == {}
        work.orders.add(make_order(owner))
        work.commit()


def test_a_file_that_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    with databases.opened(databases.sqlite_url(tmp_path / "missing" / "i2i.db")) as database:
        with pytest.raises(ProviderUnavailableError), database.new_work():
            pass
        with pytest.raises(ProviderUnavailableError), database.new_work():
            pass  # the writer lock was given back


def test_a_lock_of_another_program_is_waited_for(sqlite_url: str) -> None:
    """The lock between processes, which this process's own lock does not see."""
    path = sqlite_url.removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with databases.opened(sqlite_url, lock_seconds=0.05) as database:
        with pytest.raises(ProviderUnavailableError) as refused, database.new_work():
            pass
        assert refused.value.code == "storage_busy"
        with database.new_reading() as work:
            assert work.users.list() == ()
        other.execute("COMMIT")
        with database.new_work() as work:
            Seed(work).user()
            work.commit()
    other.close()


def test_work_is_done_again_after_a_collision_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    tries: list[int] = []

    def work(failures: int) -> Callable[[], str]:
        def attempt() -> str:
            tries.append(1)
            if len(tries) <= failures:
                raise TryAgainError("collision")
            return "done"

        return attempt

    assert retrying(work(failures=4)) == "done"
    assert len(tries) == 5
    tries.clear()
    with pytest.raises(TryAgainError):
        retrying(work(failures=99))
    assert len(tries) == 5


@pytest.mark.postgres
def test_a_deadlock_is_retried_until_both_are_done(postgres: Database) -> None:
    with postgres.new_work() as work:
        order = Seed(work).order()
        images = [Seed(work).image(order, position=n) for n in (1, 2)]
        work.commit()
    meet = threading.Barrier(2)
    collisions: list[str] = []

    def flag(first: OrderImage, second: OrderImage) -> None:
        with postgres.new_work() as work:
            try:
                for image in (first, second):
                    known = work.images.get(image.id, for_update=True)
                    work.images.save(attrs.evolve(known, note=known.note + "x"))
                    if not collisions and image is first:
                        meet.wait(10)
            except TryAgainError:
                collisions.append(first.id)
                raise
            work.commit()

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(retrying, lambda pair=pair: flag(*pair)) for pair in (images, images[::-1])]
        for job in jobs:
            job.result(30)
    assert len(collisions) == 1
    with postgres.new_reading() as work:
        assert [work.images.get(image.id).note for image in images] == ["xx", "xx"]


@pytest.mark.postgres
def test_two_workers_that_look_at_once_get_different_items(postgres: Database) -> None:
    with postgres.new_work() as work:
        order = Seed(work).order()
        _, items = Seed(work).run(*[Seed(work).image(order, position=n) for n in (1, 2, 3)])
        work.commit()
    with postgres.new_work() as one, postgres.new_work() as other:
        mine = one.runs.claimable(now=NOW, order_id=None, limit=1)
        theirs = other.runs.claimable(now=NOW, order_id=None, limit=1)
        assert (mine, theirs) == ((items[0].id,), (items[1].id,))
        with postgres.new_reading() as reader:
            assert len(reader.runs.claimable(now=NOW, order_id=order.id, limit=9)) == 3
        for unit, ids in ((one, mine), (other, theirs)):
            assert unit.runs.claim(ids[0], now=NOW, lease_until=NOW + HOUR)
            unit.commit()


@pytest.mark.postgres
def test_two_dispatchers_get_different_events(postgres: Database) -> None:
    with postgres.new_work() as work:
        for n in range(4):
            work.events.add(make_event(f"order/{n}"))
        work.commit()
    with postgres.new_work() as one, postgres.new_work() as other:
        seen = [unit.events.pending(limit=2) for unit in (one, other)]
        assert len({row_id for rows in seen for row_id, _ in rows}) == 4


@pytest.mark.postgres
def test_a_connection_that_is_cut_is_reported_and_replaced(postgres: Database) -> None:
    def cut() -> None:
        """Cut every connection to this database but one's own."""
        with (
            databases.opened(postgres.engine.url.render_as_string(hide_password=False)) as other,
            other.connect() as connection,
        ):
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                     " WHERE datname = current_database() AND pid <> pg_backend_pid()")
            )  # fmt: skip

    with postgres.new_work() as work:
        Seed(work).user()
        cut()
        with pytest.raises(ProviderUnavailableError) as refused:
            Seed(work).user()
        assert refused.value.code == "storage_unavailable"
    with postgres.new_work() as work:
        assert work.users.list() == ()
        Seed(work).user()
        cut()
        with pytest.raises(ProviderUnavailableError):
            work.commit()
    cut()  # while nobody uses the connections in the pool
    with postgres.new_reading() as work:
        assert work.users.list() == ()


def numbers_seen(database: Database) -> list[list[int]]:
    """Let four threads write to one topic, some of it rolled back, and return every list of numbers that was seen."""
    stop = threading.Event()
    seen: list[list[int]] = []

    def write(thread: int) -> None:
        for n in range(25):
            with database.new_work() as work:
                work.events.add(make_event("order/1"))
                work.events.add(make_event(f"order/{thread + 2}"))
                work.events.since("order/1", 0)
                if n % 5:
                    work.commit()

    def look() -> None:
        with database.new_reading() as work:
            seen.append([event.sequence for event in work.events.since("order/1", 0)])

    def watch() -> None:
        while not stop.is_set():
            look()

    with ThreadPoolExecutor(5) as pool:
        watcher = pool.submit(watch)
        for writer in [pool.submit(write, thread) for thread in range(4)]:
            writer.result(60)
        stop.set()
        watcher.result(60)
    look()
    return seen


def has_gap(numbers: list[int]) -> bool:
    """Whether a reader that resumes after the last number would miss one."""
    return numbers != list(range(1, len(numbers) + 1))


def test_numbers_of_a_topic_have_no_gap_whoever_writes(sql_url: str) -> None:
    with databases.opened(sql_url) as database:
        seen = numbers_seen(database)
    assert not any(has_gap(numbers) for numbers in seen)
    assert len(seen[-1]) == 80


def test_numbers_from_a_counter_have_gaps(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above catches numbers that are given out before it is known who commits."""
    counter = itertools.count(1)

    def flush(events: SqlEvents) -> None:
        rows = [e for waiting in events._waiting.values() for e in waiting]
        values = [
            {"topic": e.topic, "sequence": next(counter), "name": e.name, "at": e.at, "data": e.data} for e in rows
        ]
        events._session.many(_ADD, values)
        events._waiting.clear()

    monkeypatch.setattr(SqlEvents, "flush", flush)
    assert has_gap(numbers_seen(sqlite_database)[-1])
