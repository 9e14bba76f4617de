"""An order that lay in the bin goes with everything that belongs to it, and nothing else does."""

import attrs
import pytest

from core.domain.credits.ledger import HoldState
from core.domain.images import ImageStatus
from core.domain.orders import Order, OrderStatus
from core.errors import ConflictError, NotFoundError
from core.ports.unit_of_work import UnitOfWork
from tests.factories import HOUR, NOW, Seed, make_event, make_hold, make_log_entry, make_revision, make_version
from tests.support.databases import AnyDatabase


def full_order(work: UnitOfWork, owner: str) -> Order:
    """Store an order with one of everything."""
    seed = Seed(work)
    order = seed.order(owner)
    image = seed.image(order, status=ImageStatus.COMPLETED)
    run, _ = seed.run(image)
    work.images.add_version(make_version(image, run.id))
    work.plans.add(make_revision(order.id))
    work.log.add(make_log_entry(order.id))
    work.events.add(make_event(f"order/{order.id}"))
    return work.orders.save(attrs.evolve(order, status=OrderStatus.DELETED, deleted_at=NOW, image_count=1))


def test_a_deleted_order_goes_with_all_that_is_its_own(database: AnyDatabase) -> None:
    with database.new_work() as work:
        account = Seed(work).account(10)
        order, other = full_order(work, account.owner_id), full_order(work, account.owner_id)
        (lot,) = work.ledger.lots(account.id)
        item = work.runs.items(work.runs.list(order.id)[0].id)[0]
        hold = make_hold(lot, ref_id=item.id)
        work.ledger.add_hold(hold)
        assert work.ledger.settle_hold(hold.id, state=HoldState.CAPTURED, captured=4)
        work.commit()
    with database.new_work() as work:
        work.orders.purge(order.id)
        work.commit()
    with database.new_work() as work:
        with pytest.raises(NotFoundError):
            work.orders.get(order.id)
        assert work.images.list(order.id) == ()
        assert work.runs.list(order.id) == ()
        assert work.plans.list(order.id) == ()
        assert work.log.list(order.id) == ()
        assert work.events.since(f"order/{order.id}", 0) == ()
        assert work.ledger.get_hold(hold.id).captured_amount == 4
        assert work.ledger.orders_of([hold.id]) == {}
        assert work.orders.kept_sums() == work.orders.counted_sums()
        assert work.orders.totals(account.owner_id)[OrderStatus.DELETED].orders == 1
        assert len(work.images.list(other.id)) == len(work.runs.list(other.id)) == len(work.log.list(other.id)) == 1
        assert len(work.events.since(f"order/{other.id}", 0)) == 1
        # Events that come afterwards do not take the place of others.
        work.events.add(make_event(f"order/{other.id}"))
        work.commit()
    with database.new_reading() as work:
        assert [e.sequence for e in work.events.since(f"order/{other.id}", 0)] == [1, 2]


def test_an_order_that_is_not_deleted_stays(database: AnyDatabase) -> None:
    with database.new_work() as work:
        order = Seed(work).order()
        with pytest.raises(ConflictError) as refused:
            work.orders.purge(order.id)
        assert refused.value.code == "in_use"
        assert work.orders.get(order.id) == order
        with pytest.raises(NotFoundError):
            work.orders.purge("none")


def test_orders_that_were_deleted_long_ago(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        binned = [seed.order(status=OrderStatus.DELETED, deleted_at=NOW - n * HOUR) for n in range(4)]
        seed.order()
        ids = [order.id for order in binned]
        assert work.orders.long_deleted(NOW, limit=9) == (ids[3], ids[2], ids[1])
        assert work.orders.long_deleted(NOW, limit=2) == (ids[3], ids[2])
