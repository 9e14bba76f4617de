"""A unit of work keeps everything or nothing, and is seen by others only when it is kept."""

import threading
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from adapters.storage.errors import ReadingWorkError
from core.errors import ConflictError, InvalidInputError, ProviderUnavailableError
from core.ports.unit_of_work import NewReading, NewWork, UnitOfWork
from tests.factories import NOW, Seed, make_event, make_log_entry, make_order, make_user
from tests.support.databases import AnyDatabase


def test_the_factories_fit_the_port(database: AnyDatabase) -> None:
    new_work: NewWork = database.new_work
    new_reading: NewReading = database.new_reading
    with new_work() as work:
        entered: UnitOfWork = work
        assert entered.users.list() == ()
    with new_reading() as reading:
        assert reading.users.list() == ()


def test_nothing_is_kept_without_a_commit(database: AnyDatabase) -> None:
    with database.new_work() as work:
        Seed(work).order()
        work.events.add(make_event())
    with database.new_reading() as work:
        assert (work.users.list(), work.events.since("order/1", 0)) == ((), ())


def test_an_error_takes_everything_back_and_is_not_hidden(database: AnyDatabase) -> None:
    def fail() -> None:
        with database.new_work() as work:
            order = Seed(work).order()
            work.orders.save(order)
            raise KeyError("the first error")

    with pytest.raises(KeyError, match="the first error"):
        fail()
    with database.new_work() as work:
        assert work.users.list() == ()
        Seed(work).user()
        work.commit()


def test_what_is_kept_is_kept_together(database: AnyDatabase) -> None:
    with database.new_work() as work:
        order = Seed(work).order()
        work.log.add(make_log_entry(order.id))
        work.events.add(make_event())
        work.commit()
    with database.new_reading() as work:
        assert work.orders.get(order.id) == order
        assert len(work.log.list(order.id)) == len(work.events.since("order/1", 0)) == 1


def test_a_reader_sees_one_committed_state(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user = Seed(work).user()
        work.commit()
    with database.new_reading() as reader:
        assert reader.users.get(user.id).name == "Ada"
        with database.new_work() as work:
            work.users.save(attrs.evolve(user, name="Grace"))
            Seed(work).user()
            assert reader.users.list() == (user,), "what is not committed is invisible"
            work.commit()
        assert reader.users.list() == (user,), "the reader stays at the state that it saw first"
    with database.new_reading() as reader:
        assert [known.name for known in reader.users.list()] == ["Grace", "Ada"]


def test_a_unit_of_work_ends_with_its_commit(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user = Seed(work).user()
        work.commit()
        uses: list[Callable[[], Any]] = [lambda: work.users.get(user.id), lambda: Seed(work).user(), work.commit]
        for use in uses:
            with pytest.raises(RuntimeError, match="has ended"):
                use()
    with pytest.raises(RuntimeError, match="has ended"):
        work.users.list()
    with pytest.raises(RuntimeError, match="used once"), work:
        pass
    with pytest.raises(RuntimeError, match="not begun"):
        database.new_work().commit()


def test_a_reading_unit_of_work_does_not_write(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user = Seed(work).user()
        work.commit()
    with database.new_reading() as work:
        with pytest.raises(ReadingWorkError):
            work.users.add(make_user())
        with pytest.raises(ReadingWorkError):
            work.users.save(attrs.evolve(user, name="Grace"))
        with pytest.raises(ReadingWorkError):
            work.commit()
        assert work.users.list() == (user,)


def test_a_refused_addition_leaves_the_rest_usable(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user = Seed(work).user()
        with pytest.raises(ConflictError):
            work.users.add(make_user(email=user.email))
        order = Seed(work).order(user.id)
        work.commit()
    with database.new_reading() as work:
        assert work.orders.get(order.id) == order


def in_thread(action: Callable[[], None]) -> Exception | None:
    """Run something in another thread to its end and return the error that ended it."""
    errors: list[Exception] = []

    def run() -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001 - handed to the test
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    return errors[0] if errors else None


def test_a_write_that_waits_too_long_gives_up(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user = Seed(work).user()
        work.commit()

    def rename() -> None:
        with database.new_work() as other:
            other.users.save(attrs.evolve(user, name="Second"))
            other.commit()

    with database.new_work() as work:
        saved = work.users.save(attrs.evolve(user, name="First"))
        error = in_thread(rename)
        assert isinstance(error, ProviderUnavailableError)
        assert error.code == "storage_busy"
        work.commit()
    with database.new_reading() as work:
        assert work.users.get(user.id) == saved
    assert isinstance(in_thread(rename), ConflictError)


def test_two_writers_one_after_the_other_both_count(database: AnyDatabase) -> None:
    with database.new_work() as work:
        account = Seed(work).account(10)
        work.commit()
    taken: list[bool] = []

    def reserve() -> None:
        with database.new_work() as work:
            taken.append(work.ledger.try_reserve(account.id, 4))
            work.commit()

    for _ in range(3):
        assert in_thread(reserve) is None
    assert taken == [True, True, False]


def test_text_that_is_not_unicode_is_refused_as_input(sql_database: AnyDatabase) -> None:
    with sql_database.new_work() as work, pytest.raises(InvalidInputError):
        work.orders.add(make_order(Seed(work).user().id, name="photo\udcff.jpg"))


def test_a_moment_without_a_zone_is_a_mistake(sql_database: AnyDatabase) -> None:
    with sql_database.new_work() as work, pytest.raises(ValueError, match="time zone"):
        work.users.add(make_user(created_at=NOW.replace(tzinfo=None)))


def test_figures_that_are_not_numbers_are_a_mistake(database: AnyDatabase) -> None:
    def add() -> None:
        with database.new_work() as work:
            work.log.add(make_log_entry(Seed(work).order().id, data={"measured": float("nan")}))

    with pytest.raises(ValueError, match="not JSON compliant"):
        add()
