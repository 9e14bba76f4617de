"""The sums that are kept over orders equal a count of everything, after any history and under concurrency."""

import random
from typing import Any

import attrs
import pytest
from sqlalchemy import text

from adapters.storage.sql import Database, unit_of_work
from adapters.storage.sql.tally import Tally
from core.domain.images import ImageStatus
from core.domain.orders import Order, OrderStatus
from core.errors import ConflictError, ProviderUnavailableError
from core.ports.repositories.orders import OrderSums
from core.ports.unit_of_work import UnitOfWork
from tests.factories import Seed, make_order
from tests.support import databases
from tests.support.databases import AnyDatabase


class History:
    """Changes of orders and pictures, drawn by lot."""

    def __init__(self, database: AnyDatabase, seed: int) -> None:
        self.database = database
        self.lot = random.Random(seed)
        self.orders: list[str] = []
        self.images: list[str] = []
        with database.new_work() as work:
            self.owners = [Seed(work).user().id for _ in range(2)]
            work.commit()

    def run(self, transactions: int) -> None:
        """Run transactions, some of which are given up, and check after each."""
        for _ in range(transactions):
            kept = list(self.orders), list(self.images)
            is_kept = self.lot.random() < 0.7
            with self.database.new_work() as work:
                for _ in range(self.lot.randint(1, 6)):
                    self.change(work)
                if is_kept:
                    work.commit()
            if not is_kept:
                self.orders, self.images = kept
            self.check()

    def check(self) -> None:
        """Compare what is kept with what is there."""
        with self.database.new_reading() as work:
            counted = work.orders.counted_sums()
            assert work.orders.kept_sums() == counted
            for owner in self.owners:
                assert work.orders.totals(owner) == {s: sums for (o, s), sums in counted.items() if o == owner}

    def change(self, work: UnitOfWork) -> None:
        """Change something."""
        pictures = [self.add_image, self.add_image, self.save_image, self.save_image, self.delete_image]
        kinds = [self.add_order, self.save_order, *pictures]
        kind = self.lot.choice(kinds)
        if self.orders or kind == self.add_order:
            kind(work)

    def add_order(self, work: UnitOfWork) -> None:
        order = Seed(work).order(
            self.lot.choice(self.owners), status=self.lot.choice(list(OrderStatus)), image_count=self.lot.randint(0, 9)
        )
        self.orders.append(order.id)

    def save_order(self, work: UnitOfWork) -> None:
        order = self.order(work)
        changed = attrs.evolve(order, total_bytes=self.lot.randint(0, 99), image_count=self.lot.randint(0, 9))
        if self.lot.random() < 0.7:
            changed = attrs.evolve(changed, status=self.lot.choice(list(OrderStatus)))
        saved = work.orders.save(changed)
        if self.lot.random() < 0.3:
            work.orders.save(attrs.evolve(saved, status=self.lot.choice(list(OrderStatus))))
            with pytest.raises(ConflictError):
                work.orders.save(order)

    def add_image(self, work: UnitOfWork) -> None:
        order = self.order(work)
        place = max((i.position for i in work.images.list(order.id)), default=0) + 1
        image = Seed(work).image(order, position=place, status=self.lot.choice(list(ImageStatus)))
        self.images.append(image.id)

    def save_image(self, work: UnitOfWork) -> None:
        if self.images:
            image = work.images.get(self.lot.choice(self.images), for_update=self.lot.random() < 0.5)
            saved = work.images.save(attrs.evolve(image, status=self.lot.choice(list(ImageStatus))))
            if self.lot.random() < 0.3:
                work.images.save(attrs.evolve(saved, status=self.lot.choice(list(ImageStatus))))
                with pytest.raises(ConflictError):
                    work.images.save(image)

    def delete_image(self, work: UnitOfWork) -> None:
        if self.images:
            work.images.delete(self.images.pop(self.lot.randrange(len(self.images))))

    def order(self, work: UnitOfWork) -> Order:
        return work.orders.get(self.lot.choice(self.orders), for_update=self.lot.random() < 0.5)


@pytest.mark.req("S0-ORD-05")
@pytest.mark.parametrize("seed", range(6))
def test_kept_sums_equal_a_count_after_any_history(database: AnyDatabase, seed: int) -> None:
    History(database, seed).run(25)


def test_sums_that_forget_the_pictures_of_an_order_are_seen(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail."""
    monkeypatch.setattr(Tally, "_pictures", lambda *_: OrderSums())
    with pytest.raises(AssertionError):
        History(sqlite_database, 3).run(25)


def test_a_transaction_sees_its_own_changes(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        owner = seed.user().id
        seed.order(image_count=100, total_bytes=100)
        seed.order(owner, image_count=2, total_bytes=10**10)
        done = seed.order(owner, image_count=3, total_bytes=5, status=OrderStatus.COMPLETED)
        seed.image(done, status=ImageStatus.APPROVED)
        assert work.orders.totals(owner) == {
            OrderStatus.DRAFT: OrderSums(orders=1, images=2, bytes=10**10),
            OrderStatus.COMPLETED: OrderSums(orders=1, images=3, bytes=5, finished=1),
        }
        assert work.orders.totals("nobody") == {}


class AbsoluteTally(Tally):
    """Wrong on purpose: writes what it read plus its change, as if nobody else wrote meanwhile."""

    def added_order(self, order: Order) -> None:
        super().added_order(order)
        row = self._session.first(text("SELECT orders FROM order_total WHERE owner_id = :o"), {"o": order.owner_id})
        self._known = 0 if row is None else row.orders

    def flush(self) -> None:
        for (owner, status), change in self._changes.items():
            values = {"owner": owner, "status": status, "n": self._known + change.orders}
            self._session.change(
                text(
                    "INSERT INTO order_total VALUES (:owner, :status, :n, 0, 0, 0, 0, 0)"
                    " ON CONFLICT (owner_id, status) DO UPDATE SET orders = excluded.orders"
                ),
                values,
            )


@pytest.mark.postgres
@pytest.mark.parametrize("kind", [Tally, AbsoluteTally])
def test_two_transactions_at_once_are_both_counted(
    clean_postgres_url: str, kind: type[Tally], monkeypatch: pytest.MonkeyPatch
) -> None:
    with databases.opened(clean_postgres_url) as database:
        with database.new_work() as work:
            owner = Seed(work).user().id
            work.commit()
        monkeypatch.setattr(unit_of_work, "Tally", kind)
        with database.new_work() as one, database.new_work() as two:
            one.orders.add(make_order(owner))
            two.orders.add(make_order(owner))
            one.commit()
            two.commit()
        with database.new_reading() as work:
            assert (work.orders.kept_sums() == work.orders.counted_sums()) is (kind is Tally)


class TrustingTally(Tally):
    """Wrong on purpose: takes an order to stay in its state without locking it."""

    def _locked(self, order_id: str) -> Any:
        row = self._session.first(text("SELECT * FROM customer_order WHERE id = :id"), {"id": order_id})
        assert row is not None
        self.saw_order(row, is_locked=True)
        return self._orders[order_id]


@pytest.mark.postgres
@pytest.mark.parametrize("kind", [Tally, TrustingTally])
def test_an_order_keeps_its_state_while_a_picture_is_counted_in_it(
    clean_postgres_url: str, kind: type[Tally], monkeypatch: pytest.MonkeyPatch
) -> None:
    with databases.opened(clean_postgres_url, lock_seconds=0.2) as database:
        with database.new_work() as work:
            order = Seed(work).order(status=OrderStatus.PROCESSING)
            image = Seed(work).image(order, status=ImageStatus.PROCESSING)
            work.commit()
        monkeypatch.setattr(unit_of_work, "Tally", kind)
        ended = attrs.evolve(order, status=OrderStatus.COMPLETED)
        with database.new_work() as one:
            one.images.save(attrs.evolve(image, status=ImageStatus.COMPLETED))
            is_made_to_wait = False
            try:
                with database.new_work() as two:
                    two.orders.save(ended)
                    two.commit()
            except ProviderUnavailableError:
                is_made_to_wait = True
            one.commit()
        if is_made_to_wait:
            with database.new_work() as two:
                two.orders.save(ended)
                two.commit()
        with database.new_reading() as work:
            assert (work.orders.kept_sums() == work.orders.counted_sums()) is (kind is Tally)
        assert is_made_to_wait is (kind is Tally)
