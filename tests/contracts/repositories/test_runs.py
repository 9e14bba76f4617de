"""Run items are jobs under leases; only the latest holder of the fence may end one."""

import datetime as dt

import attrs
import pytest

from core.domain.runs import ItemState, Run, RunItem, RunState
from core.errors import ConflictError, NotFoundError
from core.ports.unit_of_work import UnitOfWork
from tests.factories import HOUR, NOW, Seed, make_item, make_run
from tests.support.databases import AnyDatabase

LEASE = NOW + dt.timedelta(seconds=30)


def started(work: UnitOfWork, count: int = 3, **changes: object) -> tuple[Run, tuple[RunItem, ...]]:
    """Store a run over some pictures of a new order."""
    seed = Seed(work)
    order = seed.order()
    return seed.run(*[seed.image(order, position=n) for n in range(1, count + 1)], **changes)


def claimed(work: UnitOfWork, item: RunItem, now: dt.datetime = NOW, lease: dt.datetime = LEASE) -> RunItem:
    """Claim an item that must be free."""
    got = work.runs.claim(item.id, now=now, lease_until=lease)
    assert got is not None
    return got


def test_runs_come_back_as_they_were(database: AnyDatabase) -> None:
    with database.new_work() as work:
        run, items = started(work)
        later = make_run(run.order_id, created_at=NOW + HOUR, state=RunState.CANCELLED, finished_at=NOW + HOUR)
        # Ids do not sort like the order in which the items were added.
        added = tuple(reversed([make_item(later, item.image_id, instruction="鞋") for item in items]))
        work.runs.add(later, added)
        assert work.runs.get(run.id) == run
        assert work.runs.get(later.id, for_update=True) == later
        assert work.runs.list(run.order_id) == (run, later)
        assert work.runs.items(later.id) == added
        assert work.runs.get_item(items[1].id) == items[1]
        for unknown in (
            lambda: work.runs.get("none"),
            lambda: work.runs.get_item("none"),
            lambda: work.runs.save(make_run(run.order_id)),
        ):
            with pytest.raises(NotFoundError):
                unknown()
        with pytest.raises(ConflictError):
            work.runs.add(run, ())


def test_a_run_is_saved(database: AnyDatabase) -> None:
    with database.new_work() as work:
        run, _ = started(work)
        ended = attrs.evolve(
            run, open_items=0, done_items=2, failed_items=1, state=RunState.FINISHED, finished_at=LEASE
        )
        work.runs.save(ended)
        assert work.runs.get(run.id) == ended
        with pytest.raises(ConflictError):
            work.runs.save(attrs.evolve(run, open_items=-1))


def test_a_claim_counts_and_raises_the_fence(database: AnyDatabase) -> None:
    with database.new_work() as work:
        item = started(work)[1][0]
        got = claimed(work, item)
        assert got == attrs.evolve(item, state=ItemState.RUNNING, attempts=1, fence=1, lease_until=LEASE)
        assert work.runs.get_item(item.id) == got
        assert work.runs.claim(item.id, now=NOW, lease_until=LEASE) is None
        assert work.runs.claim("none", now=NOW, lease_until=LEASE) is None
        second = claimed(work, item, LEASE, LEASE + HOUR)
        assert (second.attempts, second.fence, second.lease_until) == (2, 2, LEASE + HOUR)


def test_an_item_is_not_claimed_before_its_time(database: AnyDatabase) -> None:
    with database.new_work() as work:
        item = started(work)[1][0]
        early = NOW - dt.timedelta(microseconds=1)
        assert work.runs.claim(item.id, now=early, lease_until=LEASE) is None
        assert claimed(work, item).state is ItemState.RUNNING


def test_only_the_holder_of_the_fence_ends_an_item(database: AnyDatabase) -> None:
    with database.new_work() as work:
        item = started(work)[1][0]
        assert not work.runs.finish(item.id, fence=0, state=ItemState.DONE), "nobody claimed it"
        old = claimed(work, item)
        new = claimed(work, item, LEASE, LEASE + HOUR)
        assert not work.runs.renew(item.id, fence=old.fence, lease_until=LEASE)
        assert not work.runs.finish(item.id, fence=old.fence, state=ItemState.DONE)
        assert not work.runs.requeue(item.id, fence=old.fence, available_at=NOW, error="", refund_attempt=False)
        assert work.runs.get_item(item.id) == new
        assert work.runs.renew(item.id, fence=new.fence, lease_until=LEASE + 2 * HOUR)
        assert work.runs.get_item(item.id).lease_until == LEASE + 2 * HOUR
        assert work.runs.finish(item.id, fence=new.fence, state=ItemState.FAILED, error="too dark")
        ended = work.runs.get_item(item.id)
        assert (ended.state, ended.last_error, ended.lease_until) == (ItemState.FAILED, "too dark", None)
        assert not work.runs.finish(item.id, fence=new.fence, state=ItemState.DONE)
        assert not work.runs.renew(item.id, fence=new.fence, lease_until=LEASE)
        assert work.runs.claim(item.id, now=LEASE + 9 * HOUR, lease_until=LEASE) is None


@pytest.mark.parametrize(("refund", "attempts"), [(False, 1), (True, 0)])
def test_an_item_given_back_waits(database: AnyDatabase, refund: bool, attempts: int) -> None:
    with database.new_work() as work:
        item = claimed(work, started(work)[1][0])
        again = NOW + HOUR
        assert work.runs.requeue(item.id, fence=1, available_at=again, error="busy", refund_attempt=refund)
        back = work.runs.get_item(item.id)
        assert (back.state, back.attempts, back.last_error) == (ItemState.QUEUED, attempts, "busy")
        assert (back.available_at, back.lease_until, back.fence) == (again, None, 1)
        assert work.runs.claim(item.id, now=again - dt.timedelta(microseconds=1), lease_until=LEASE) is None
        assert claimed(work, item, again).fence == 2


def test_cancelling_ends_what_is_open_and_locks_workers_out(database: AnyDatabase) -> None:
    with database.new_work() as work:
        run, (done, running, queued) = started(work)
        work.runs.finish(done.id, fence=claimed(work, done).fence, state=ItemState.DONE)
        held = claimed(work, running)
        cancelled = work.runs.cancel_open(run.id)
        assert [item.id for item in cancelled] == [running.id, queued.id]
        assert {item.state for item in cancelled} == {ItemState.CANCELLED}
        assert cancelled == tuple(work.runs.get_item(item.id) for item in cancelled)
        assert not work.runs.finish(running.id, fence=held.fence, state=ItemState.DONE)
        assert work.runs.get_item(done.id).state is ItemState.DONE
        assert work.runs.cancel_open(run.id) == ()


def test_claimable_items_come_oldest_first(database: AnyDatabase) -> None:
    with database.new_work() as work:
        run, (first, second, third) = started(work)
        older = make_run(run.order_id)
        early = make_item(older, first.image_id, created_at=NOW - HOUR)
        waiting = make_item(older, first.image_id, created_at=NOW - HOUR, available_at=NOW + HOUR)
        work.runs.add(older, [early, waiting])
        stranger = started(work, created_at=NOW)[1][0]
        claimed(work, first)
        work.runs.finish(second.id, fence=claimed(work, second).fence, state=ItemState.DONE)
        ours = work.runs.claimable(now=NOW, order_id=run.order_id, limit=10)
        assert ours == (early.id, third.id)
        everything = work.runs.claimable(now=NOW, order_id=None, limit=10)
        assert (everything[0], len(everything), stranger.id in everything) == (early.id, 5, True)
        assert work.runs.claimable(now=NOW, order_id=None, limit=1) == (early.id,)
        lapsed = work.runs.claimable(now=LEASE, order_id=run.order_id, limit=10)
        assert lapsed == (early.id, first.id, third.id)
        late = work.runs.claimable(now=NOW + HOUR, order_id=run.order_id, limit=10)
        assert late == (early.id, waiting.id, first.id, third.id)
