"""Opening, describing, renaming, deleting and restoring orders; finding one's own and nobody else's."""

from collections.abc import Callable

import attrs
import pytest

from core.domain.orders import Order, OrderStatus
from core.errors import ConflictError, InvalidInputError, InvalidTransitionError, NotAllowedError, NotFoundError
from core.kernel.actor import Actor, Scope
from core.ports.repositories.orders import OrderFilter
from core.usecases.images.review import ApproveImages
from core.usecases.orders.change import DeleteOrder, RenameOrder, RestoreOrder
from core.usecases.orders.create import CreateOrder
from core.usecases.orders.read_brief import Brief
from core.usecases.orders.set_instruction import NO_BRIEF, SetInstruction
from core.usecases.plans.submit import SubmitOrder
from core.usecases.queries.orders import GetEvents, GetLog, GetOrder, GetStatus, ListOrders, ListVersions
from core.usecases.runs.cancel import CancelOrder
from core.usecases.runs.confirm import ConfirmOrder
from tests.studio import Studio


def test_an_order_begins_as_a_draft_and_gets_a_name(studio: Studio, ada: Actor) -> None:
    order = studio.use(CreateOrder)(actor=ada)
    assert order.status is OrderStatus.DRAFT
    assert order.name == "Order 2026-11-21 10:00"
    named = studio.use(CreateOrder)(actor=ada, name="  Autumn shoes ")
    assert named.name == "Autumn shoes"


@pytest.mark.req("S4-SEC-10")
@pytest.mark.parametrize("name", [" ", "x" * 121, "two\nlines"])
def test_names_that_cannot_be_shown_are_refused(studio: Studio, ada: Actor, name: str) -> None:
    order = studio.use(CreateOrder)(actor=ada)
    with pytest.raises(InvalidInputError):
        studio.use(RenameOrder)(actor=ada, order_id=order.id, name=name)
    assert studio.order(order.id).name == order.name


def test_the_same_key_opens_one_order_and_another_payload_is_refused(studio: Studio, ada: Actor) -> None:
    create = studio.use(CreateOrder)
    first = create(actor=ada, name="Shoes", idempotency_key="k1")
    assert create(actor=ada, name="Shoes", idempotency_key="k1").id == first.id
    with pytest.raises(ConflictError) as refused:
        create(actor=ada, name="Boots", idempotency_key="k1")
    assert refused.value.code == "idempotency_mismatch"
    bob = studio.customer("bob@example.com")
    assert create(actor=bob, name="Boots", idempotency_key="k1").id != first.id
    assert len(studio.use(ListOrders)(actor=ada).items) == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb"])
def test_unusable_keys_are_refused(studio: Studio, ada: Actor, key: str) -> None:
    with pytest.raises(InvalidInputError):
        studio.use(CreateOrder)(actor=ada, idempotency_key=key)


def test_new_words_drop_the_plan_that_was_made_from_older_ones(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    changed = studio.use(SetInstruction)(
        actor=ada, order_id=order.id, instruction="darker\x07", brief=Brief(name="b.txt", text="as agreed")
    )
    assert (changed.status, changed.wish) == (OrderStatus.DRAFT, "darker\nas agreed")
    with pytest.raises(InvalidTransitionError):
        studio.use(ConfirmOrder)(actor=ada, order_id=order.id)
    assert studio.use(SetInstruction)(actor=ada, order_id=order.id, brief=NO_BRIEF).wish == "darker"


def test_too_many_words_are_refused(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    with pytest.raises(InvalidInputError) as refused:
        studio.use(SetInstruction)(actor=ada, order_id=order.id, instruction="x" * 8001)
    assert refused.value.code == "text_too_long"
    assert studio.order(order.id).instruction == "brighter"


def test_a_confirmed_order_keeps_its_words(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    with pytest.raises(ConflictError) as refused:
        studio.use(SetInstruction)(actor=ada, order_id=started.order.id, instruction="darker")
    assert refused.value.code == "order_locked"


def test_a_deleted_order_is_gone_until_it_is_restored(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada)
    studio.use(DeleteOrder)(actor=ada, order_id=order.id)
    assert studio.use(ListOrders)(actor=ada).items == ()
    with pytest.raises(NotFoundError):
        studio.use(RenameOrder)(actor=ada, order_id=order.id, name="x")
    studio.clock.advance(days=30)
    restored = studio.use(RestoreOrder)(actor=ada, order_id=order.id)
    assert restored.status is OrderStatus.COMPLETED
    assert [o.id for o in studio.use(ListOrders)(actor=ada).items] == [order.id]
    assert [e.type.value for e in studio.use(GetLog)(actor=ada, order_id=order.id)][-2:] == ["delete", "restore"]


def test_an_order_cannot_be_restored_after_thirty_days(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    studio.use(DeleteOrder)(actor=ada, order_id=order.id)
    studio.clock.advance(days=30, seconds=1)
    with pytest.raises(InvalidTransitionError) as refused:
        studio.use(RestoreOrder)(actor=ada, order_id=order.id)
    assert refused.value.code == "restore_expired"


def test_an_order_in_work_is_not_deleted(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    with pytest.raises(InvalidTransitionError):
        studio.use(DeleteOrder)(actor=ada, order_id=started.order.id)
    studio.work()
    assert studio.order(started.order.id).status is OrderStatus.COMPLETED


@pytest.mark.req("S0-ORDV-04", "S4-SEC-08")
def test_a_foreign_order_looks_exactly_like_a_missing_one(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada)
    image = studio.images(order.id)[0]
    bob = studio.customer("bob@example.com")

    def answers(order_id: str) -> list[tuple[str, str]]:
        attempts: list[Callable[[], object]] = [
            lambda: studio.use(GetOrder)(actor=bob, order_id=order_id),
            lambda: studio.use(GetStatus)(actor=bob, order_id=order_id),
            lambda: studio.use(GetLog)(actor=bob, order_id=order_id),
            lambda: studio.use(GetEvents)(actor=bob, order_id=order_id),
            lambda: studio.use(ListVersions)(actor=bob, order_id=order_id, image_id=image.id),
            lambda: studio.use(RenameOrder)(actor=bob, order_id=order_id, name="x"),
            lambda: studio.use(DeleteOrder)(actor=bob, order_id=order_id),
            lambda: studio.use(RestoreOrder)(actor=bob, order_id=order_id),
            lambda: studio.use(SubmitOrder)(actor=bob, order_id=order_id),
            lambda: studio.use(ConfirmOrder)(actor=bob, order_id=order_id),
            lambda: studio.use(CancelOrder)(actor=bob, order_id=order_id),
            lambda: studio.use(ApproveImages)(actor=bob, order_id=order_id, image_ids=[image.id]),
        ]
        found = []
        for attempt in attempts:
            with pytest.raises(NotFoundError) as refused:
                attempt()
            found.append((refused.value.code, refused.value.message))
        return found

    assert answers(order.id) == answers("0" * 26)
    assert studio.use(ListOrders)(actor=bob).items == ()


def test_a_picture_of_another_order_is_not_reached_through_ones_own(studio: Studio, ada: Actor) -> None:
    mine, bob = studio.finished(ada), studio.customer("bob@example.com")
    theirs = studio.finished(bob)
    with pytest.raises(NotFoundError):
        studio.use(ApproveImages)(actor=ada, order_id=mine.id, image_ids=[studio.images(theirs.id)[0].id])


@pytest.mark.req("S4-SEC-03")
def test_a_key_does_what_its_scopes_say_and_no_more(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    reader = attrs.evolve(ada, scopes=frozenset({Scope.ORDERS_READ}))
    assert studio.use(GetOrder)(actor=reader, order_id=order.id).order.id == order.id
    for attempt in (
        lambda: studio.use(CreateOrder)(actor=reader),
        lambda: studio.use(RenameOrder)(actor=reader, order_id=order.id, name="x"),
        lambda: studio.use(RestoreOrder)(actor=reader, order_id=order.id),
        lambda: studio.use(SubmitOrder)(actor=reader, order_id=order.id),
    ):
        with pytest.raises(NotAllowedError) as refused:
            attempt()
        assert refused.value.details == {"scope": "orders:write"}
    writer = attrs.evolve(ada, scopes=frozenset({Scope.ORDERS_WRITE}))
    with pytest.raises(NotAllowedError):
        studio.use(GetOrder)(actor=writer, order_id=order.id)
    with pytest.raises(NotAllowedError):
        studio.add(writer, order, "x.jpg")
    assert studio.order(order.id).name == "Shoes"


@pytest.mark.req("S0-ORD-01", "S0-ORD-03")
def test_the_list_is_newest_first_in_pages(studio: Studio, ada: Actor) -> None:
    orders = []
    for number in range(5):
        orders.append(studio.draft(ada, f"{number}.jpg"))
        studio.clock.advance(minutes=1)
    seen: list[Order] = []
    cursor = None
    while True:
        page = studio.use(ListOrders)(actor=ada, cursor=cursor, limit=2)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [o.id for o in seen] == [o.id for o in reversed(orders)]
    assert seen[0].image_count == 1
    assert seen[0].total_bytes == studio.images(seen[0].id)[0].bytes
    drafts = studio.use(ListOrders)(actor=ada, wanted=OrderFilter(statuses=frozenset({OrderStatus.COMPLETED})))
    assert drafts.items == ()


@pytest.mark.req("S0-PROC-01", "S0-PROC-05")
def test_progress_is_told_picture_by_picture(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    seen = []
    for item in started.items:
        studio.process(item.id)
        status = studio.use(GetStatus)(actor=ada, order_id=started.order.id)
        seen.append((status.finished, status.busy, status.percent))
    assert seen == [(1, 2, 33), (2, 1, 66), (3, 0, 100)]


@pytest.mark.req("S0-PROC-04")
def test_the_feed_is_numbered_without_gap_and_resumes(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada)
    events = studio.use(GetEvents)(actor=ada, order_id=order.id)
    assert [e.sequence for e in events] == list(range(1, len(events) + 1))
    names = [e.event.name for e in events]
    assert names[0] == "OrderCreated"
    assert names[-2:] == ["RunFinished", "OrderCompleted"]
    assert names.count("ImageProcessed") == 3
    middle = len(events) // 2
    assert studio.use(GetEvents)(actor=ada, order_id=order.id, after=middle) == events[middle:]
