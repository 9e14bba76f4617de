"""Confirming, working, failing, dying, cancelling: what becomes of pictures and credits."""

import datetime as dt

import attrs
import pytest

from core.domain.credits.ledger import HoldState
from core.domain.editing.plan import EditPlan, Output, Question, Step
from core.domain.orders import OrderStatus
from core.domain.runs import MAX_ATTEMPTS, ItemState
from core.errors import (
    ConflictError,
    InsufficientCreditsError,
    InvalidInputError,
    InvalidTransitionError,
    ProviderRejectedError,
    ProviderUnavailableError,
    QuestionsOpenError,
)
from core.kernel.actor import Actor
from core.ports.blob_store import StorageFullError
from core.ports.image_engine import Flag, Severity
from core.usecases.maintenance.reconcile import HintReadyItems, ReleaseOverdueHolds
from core.usecases.queries.orders import GetLog, GetStatus, ListVersions
from core.usecases.runs.cancel import CancelOrder
from core.usecases.runs.confirm import ConfirmOrder
from core.usecases.runs.process import Outcome
from tests.studio import PRICE, PRICES, Studio

GONE = ProviderUnavailableError("The engine died.")
REFUSED = ProviderRejectedError("This picture cannot be rendered.")


@pytest.mark.req("S0-INST-05", "S0-PROC-06")
def test_a_confirmed_order_becomes_versions_and_spent_credits(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    assert (started.held, studio.balance(ada).available) == (3 * PRICE, 100 - 3 * PRICE)
    assert studio.order(started.order.id).status is OrderStatus.PROCESSING
    assert studio.queue.hinted == [i.id for i in started.items]
    assert [studio.process(i) for i in list(studio.queue.hinted)] == [Outcome.DONE] * 3
    order = studio.order(started.order.id)
    assert (order.status, order.completed_at) == (OrderStatus.COMPLETED, studio.clock.now())
    assert order.summary.splitlines()[0] == "3 of 3 pictures finished."
    assert studio.states(order.id) == ["completed"] * 3
    assert (studio.balance(ada).posted, studio.balance(ada).held) == (100 - 3 * PRICE, 0)
    assert studio.audit().consumed == 3 * PRICE


def test_every_version_says_where_it_came_from(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "one.jpg")
    (image,) = studio.images(order.id)
    (version,) = studio.use(ListVersions)(actor=ada, order_id=order.id, image_id=image.id)
    assert (version.number, version.base_version, version.plan_revision, version.credits) == (1, 0, 1, PRICE)
    assert version.files[0].storage_key in studio.contents("results/")
    (entry,) = [e for e in studio.use(GetLog)(actor=ada, order_id=order.id) if e.type == "process"]
    assert (entry.image_id, entry.version, entry.model) == (image.id, 1, "fake")


def test_confirming_twice_holds_once(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    studio.use(ConfirmOrder)(actor=ada, order_id=order.id)
    with pytest.raises(InvalidTransitionError):
        studio.use(ConfirmOrder)(actor=ada, order_id=order.id)
    assert studio.balance(ada).held == 3 * PRICE
    assert len(studio.items(order.id)) == 3


def test_confirming_twice_with_one_key_gives_the_same_run(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    confirm = studio.use(ConfirmOrder)
    first = confirm(actor=ada, order_id=order.id, idempotency_key="k")
    studio.work()
    again = confirm(actor=ada, order_id=order.id, idempotency_key="k")
    assert (again.run.id, again.held, again.items[0].id) == (first.run.id, first.held, first.items[0].id)
    assert again.order.status is OrderStatus.COMPLETED
    with pytest.raises(ConflictError) as refused:
        confirm(actor=ada, order_id=order.id, revision=1, idempotency_key="k")
    assert refused.value.code == "idempotency_mismatch"
    assert studio.audit().consumed == 3 * PRICE


def test_only_the_plan_that_was_seen_is_confirmed(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    with pytest.raises(ConflictError) as refused:
        studio.use(ConfirmOrder)(actor=ada, order_id=order.id, revision=2)
    assert refused.value.code == "stale_plan"
    assert studio.use(ConfirmOrder)(actor=ada, order_id=order.id, revision=1).held == 3 * PRICE


def test_open_questions_stop_the_order_before_anything_is_spent(studio: Studio, ada: Actor) -> None:
    studio.planner.lines["brighter"] = EditPlan(questions=(Question(key="q", about="How much brighter?"),))
    order = studio.planned(ada).order
    with pytest.raises(QuestionsOpenError) as refused:
        studio.use(ConfirmOrder)(actor=ada, order_id=order.id)
    assert refused.value.details == {"questions": ["q"]}
    assert studio.balance(ada).held == 0
    assert studio.order(order.id).status is OrderStatus.AWAITING_CONFIRMATION


def test_a_plan_that_does_nothing_is_not_sold(studio: Studio, ada: Actor) -> None:
    studio.planner.lines["brighter"] = EditPlan()
    order = studio.planned(ada).order
    with pytest.raises(InvalidInputError) as refused:
        studio.use(ConfirmOrder)(actor=ada, order_id=order.id)
    assert refused.value.code == "empty_plan"
    assert studio.balance(ada).held == 0


@pytest.mark.req("S2-ERR-01", "S2-ERR-03")
def test_too_few_credits_leave_order_and_balance_as_they_were(studio: Studio) -> None:
    eve = studio.customer("eve@example.com", credits=3 * PRICE - 1)
    order = studio.planned(eve).order
    balance = studio.balance(eve)
    with pytest.raises(InsufficientCreditsError) as refused:
        studio.use(ConfirmOrder)(actor=eve, order_id=order.id)
    assert (refused.value.available, refused.value.required) == (3 * PRICE - 1, 3 * PRICE)
    assert studio.order(order.id) == order
    assert studio.balance(eve) == balance
    assert studio.states(order.id) == ["ready"] * 3
    assert (studio.items(order.id), studio.queue.hinted) == ((), [])
    studio.audit()


def test_a_broker_that_is_down_costs_nothing_but_time(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    studio.queue.is_down = True
    studio.use(ConfirmOrder)(actor=ada, order_id=order.id)
    studio.queue.is_down = False
    assert studio.use(HintReadyItems)() == 3
    assert [studio.process(i) for i in list(studio.queue.hinted)] == [Outcome.DONE] * 3


def test_the_price_is_that_of_the_moment_of_confirmation(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    studio.prices.lists.append(attrs.evolve(PRICES, version="dearer", credits={"studio_edit": 50}))
    studio.work()
    assert studio.audit().consumed == 3 * PRICE
    assert {h.price_version for h in studio.holds(started.order.id)} == {PRICES.version}


def test_a_price_that_rose_is_not_spent_unseen(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    studio.prices.lists.append(attrs.evolve(PRICES, version="dearer", credits={"studio_edit": PRICE + 1}))
    with pytest.raises(ConflictError) as refused:
        studio.use(ConfirmOrder)(actor=ada, order_id=order.id)
    assert refused.value.code == "price_changed"
    assert refused.value.details == {"quoted": 3 * PRICE, "price": 3 * (PRICE + 1)}
    assert studio.balance(ada).held == 0
    assert studio.order(order.id).status is OrderStatus.AWAITING_CONFIRMATION


def test_late_and_repeated_hints_do_nothing(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    item = started.items[0].id
    assert [studio.process(item) for _ in range(3)] == [Outcome.DONE, Outcome.SKIPPED, Outcome.SKIPPED]
    assert studio.process("0" * 26) is Outcome.SKIPPED
    assert studio.audit().consumed == PRICE


def test_a_refused_picture_fails_by_itself_and_costs_nothing(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    studio.fail(started.order.id, 2, REFUSED)
    assert studio.work() == [Outcome.DONE, Outcome.FAILED, Outcome.DONE]
    order = studio.order(started.order.id)
    assert order.status is OrderStatus.COMPLETED
    assert order.summary.splitlines()[0] == "2 of 3 pictures finished. 1 could not be made and cost nothing."
    failure = studio.images(order.id)[1].failure
    assert failure is not None
    assert failure.message == REFUSED.message
    assert (studio.balance(ada).posted, studio.balance(ada).held) == (100 - 2 * PRICE, 0)
    studio.audit()


def test_an_order_without_a_single_result_fails(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada, "one.jpg")
    studio.fail(started.order.id, 1, REFUSED)
    studio.work()
    assert studio.order(started.order.id).status is OrderStatus.FAILED
    assert studio.balance(ada).available == 100


def test_a_dead_engine_is_tried_three_times_with_growing_pauses(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada, "one.jpg")
    studio.fail(started.order.id, 1, *[GONE] * 9)
    item = started.items[0].id
    waits = []
    for _ in range(2):
        assert studio.process(item) is Outcome.RETRY
        waits.append(studio.items(started.order.id)[0].available_at - studio.clock.now())
        assert studio.process(item) is Outcome.SKIPPED
        studio.clock.advance(seconds=waits[-1].total_seconds())
    assert studio.process(item) is Outcome.FAILED
    assert waits == [dt.timedelta(seconds=1), dt.timedelta(seconds=4)]
    assert studio.items(started.order.id)[0].attempts == MAX_ATTEMPTS
    assert studio.balance(ada).available == 100
    studio.audit()


def test_a_full_disk_is_tried_again(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada, "one.jpg")
    studio.fail(started.order.id, 1, StorageFullError("There is no room left for files."))
    assert studio.work() == [Outcome.RETRY, Outcome.DONE]
    assert studio.audit().consumed == PRICE


class _DiedError(BaseException):
    """Stands for a worker that is gone: nothing after it runs."""


def die(studio: Studio, order_id: str, item_id: str) -> None:
    """Begin to work on an item and vanish."""

    def vanish() -> None:
        raise _DiedError

    (image_id,) = [i.image_id for i in studio.items(order_id) if i.id == item_id]
    (position,) = [i.position for i in studio.images(order_id) if i.id == image_id]
    studio.engine.behaviours[studio.content(order_id, position)].append(vanish)
    with pytest.raises(_DiedError):
        studio.process(item_id)


def test_the_item_of_a_dead_worker_is_free_when_its_lease_ends(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada, "one.jpg")
    item = started.items[0].id
    die(studio, started.order.id, item)
    assert studio.process(item) is Outcome.SKIPPED
    assert studio.use(HintReadyItems)() == 0
    studio.clock.advance(seconds=studio.app.settings.lease_seconds)
    assert studio.use(HintReadyItems)() == 1
    assert studio.process(item) is Outcome.DONE
    assert studio.items(started.order.id)[0].attempts == 2


def test_a_picture_that_kills_its_workers_fails_after_three_of_them(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada, "poison.jpg", "fine.jpg")
    poison = started.items[0].id
    for _ in range(3):
        die(studio, started.order.id, poison)
        studio.clock.advance(seconds=studio.app.settings.lease_seconds)
    rendered = len(studio.engine.sources)
    assert studio.process(poison) is Outcome.FAILED
    assert len(studio.engine.sources) == rendered
    failure = studio.images(started.order.id)[0].failure
    assert failure is not None
    assert failure.code == "poison_image"
    assert studio.work() == [Outcome.DONE]
    assert studio.balance(ada).posted == 100 - PRICE
    studio.audit()


def test_a_worker_that_lost_its_lease_changes_nothing(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada, "one.jpg")
    item = started.items[0].id

    def lose() -> None:
        studio.clock.advance(seconds=studio.app.settings.lease_seconds)
        assert studio.process(item) is Outcome.DONE

    studio.engine.behaviours[studio.content(started.order.id, 1)].append(lose)
    assert studio.process(item) is Outcome.LOST
    assert studio.images(started.order.id)[0].latest_version == 1
    assert studio.audit().consumed == PRICE


@pytest.mark.parametrize("error", [GONE, REFUSED])
def test_the_failure_of_a_worker_that_lost_its_lease_changes_nothing(
    studio: Studio, ada: Actor, error: Exception
) -> None:
    started = studio.confirmed(ada, "one.jpg")
    item = started.items[0].id

    def lose() -> None:
        studio.clock.advance(seconds=studio.app.settings.lease_seconds)
        assert studio.process(item) is Outcome.DONE
        raise error

    studio.engine.behaviours[studio.content(started.order.id, 1)].append(lose)
    assert studio.process(item) is Outcome.LOST
    assert studio.order(started.order.id).status is OrderStatus.COMPLETED
    assert studio.audit().consumed == PRICE


def test_flagged_results_go_to_the_retouch_list(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada, "one.jpg", "two.jpg")
    flags = (Flag(code="uncertain_mask", message="The edge is unclear."),)
    studio.engine.flags[studio.content(started.order.id, 1)] = flags
    note = (Flag(code="soft", message="A little soft.", severity=Severity.NOTE),)
    studio.engine.flags[studio.content(started.order.id, 2)] = note
    studio.work()
    assert studio.states(started.order.id) == ["needs_retouch", "completed"]
    assert "1 should be looked at before delivery." in studio.order(started.order.id).summary


def test_cancelling_keeps_what_is_finished_and_releases_the_rest(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    studio.process(started.items[0].id)
    order = studio.use(CancelOrder)(actor=ada, order_id=started.order.id)
    assert order.status is OrderStatus.COMPLETED
    assert studio.states(order.id) == ["completed", "ready", "ready"]
    assert (studio.balance(ada).posted, studio.balance(ada).held) == (100 - PRICE, 0)
    assert [studio.process(i.id) for i in started.items] == [Outcome.SKIPPED] * 3
    studio.audit()


def test_cancelling_before_any_result_ends_the_order_as_cancelled(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    assert studio.use(CancelOrder)(actor=ada, order_id=started.order.id).status is OrderStatus.CANCELLED
    assert studio.balance(ada).available == 100
    with pytest.raises(InvalidTransitionError):
        studio.use(CancelOrder)(actor=ada, order_id=started.order.id)


@pytest.mark.parametrize("error", [None, GONE, REFUSED])
def test_a_picture_that_is_cancelled_while_it_is_rendered_costs_nothing(
    studio: Studio, ada: Actor, error: Exception | None
) -> None:
    started = studio.confirmed(ada, "one.jpg")

    def cancel() -> None:
        studio.use(CancelOrder)(actor=ada, order_id=started.order.id)
        if error is not None:
            raise error

    studio.engine.behaviours[studio.content(started.order.id, 1)].append(cancel)
    assert studio.process(started.items[0].id) is Outcome.LOST
    assert studio.order(started.order.id).status is OrderStatus.CANCELLED
    assert studio.states(started.order.id) == ["ready"]
    assert studio.balance(ada).available == 100
    assert [i.state for i in studio.items(started.order.id)] == [ItemState.CANCELLED]
    studio.audit()


def test_cancelling_between_claim_and_render_costs_nothing(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada, "one.jpg")
    now = studio.clock.now()
    with studio.app.new_work() as work:
        claimed = work.runs.claim(started.items[0].id, now=now, lease_until=now + dt.timedelta(seconds=20))
        work.commit()
    assert claimed is not None
    studio.use(CancelOrder)(actor=ada, order_id=started.order.id)
    with studio.app.new_work() as work:
        assert not work.runs.finish(claimed.id, fence=claimed.fence, state=ItemState.DONE)
        assert not work.runs.renew(claimed.id, fence=claimed.fence, lease_until=now)
    assert studio.balance(ada).available == 100


def test_waiting_work_keeps_its_credits_and_ended_work_has_none(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    studio.process(started.items[0].id)
    studio.clock.advance(days=2)
    assert studio.use(ReleaseOverdueHolds)() == 0
    assert studio.work() == [Outcome.DONE] * 2
    assert {h.state for h in studio.holds(started.order.id)} == {HoldState.CAPTURED}


def test_one_picture_is_billed_once_whatever_its_outputs(studio: Studio, ada: Actor) -> None:
    plan = EditPlan(outputs=tuple(Output(name=n, steps=(Step(op="sharpen"),)) for n in ("web", "print")))
    order = studio.finished(ada, "one.jpg", plan=plan)
    (image,) = studio.images(order.id)
    (version,) = studio.use(ListVersions)(actor=ada, order_id=order.id, image_id=image.id)
    assert [f.output for f in version.files] == ["web", "print"]
    assert studio.audit().consumed == PRICE
    assert studio.use(GetStatus)(actor=ada, order_id=order.id).percent == 100


def test_an_unmetered_account_never_runs_out_but_is_recorded(studio: Studio) -> None:
    operator = studio.operator()
    studio.finished(operator)
    assert studio.balance(operator).available == 0
    assert studio.audit().consumed == 3 * PRICE
