"""What was deleted over 30 days ago goes for good, and its files with it; the books stay."""

import pytest

from core.errors import NotFoundError
from core.kernel.actor import Actor
from core.usecases.credits.read import ListHistory
from core.usecases.maintenance.purge import PurgeOrders
from core.usecases.maintenance.sweep import SweepFiles
from core.usecases.orders.change import DeleteOrder, RestoreOrder
from core.usecases.queries.orders import AuditOrders
from tests.studio import Studio


def purge(studio: Studio) -> int:
    return studio.use(PurgeOrders)()


def used(studio: Studio, actor: Actor) -> int:
    with studio.app.new_reading() as work:
        return work.assets.used_bytes(actor.user_id)


def test_an_order_is_purged_after_thirty_days_with_its_files(studio: Studio, ada: Actor) -> None:
    order, other = studio.finished(ada, "one.jpg", "two.jpg"), studio.finished(ada, "three.jpg")
    spent, before = studio.balance(ada).spent, used(studio, ada)
    studio.use(DeleteOrder)(actor=ada, order_id=order.id)
    studio.clock.advance(days=30)
    assert purge(studio) == 0
    studio.clock.advance(hours=2)
    assert (purge(studio), purge(studio)) == (1, 0)
    with pytest.raises(NotFoundError):
        studio.order(order.id)
    assert studio.order(other.id) == other
    assert 0 < used(studio, ada) < before
    kept = len(studio.contents("originals/"))
    studio.use(SweepFiles)()
    assert len(studio.contents("originals/")) == kept - 2
    assert studio.balance(ada).spent == spent
    assert [line.order_id for line in studio.use(ListHistory)(actor=ada).items] == [other.id, None, None, None]
    studio.audit()
    assert studio.use(AuditOrders)() == ()


def test_a_restored_order_is_not_purged(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "one.jpg")
    studio.use(DeleteOrder)(actor=ada, order_id=order.id)
    studio.clock.advance(days=20)
    studio.use(RestoreOrder)(actor=ada, order_id=order.id)
    studio.clock.advance(days=20)
    assert purge(studio) == 0
    assert studio.order(order.id).status == order.status
