"""The action log, events and idempotency keys."""

import attrs
import pytest

from core.domain.action_log import LogType
from core.errors import ConflictError
from tests.factories import HOUR, NOW, Seed, make_event, make_log_entry, make_record
from tests.support.databases import AnyDatabase


def test_a_log_entry_comes_back_as_it_was(database: AnyDatabase) -> None:
    with database.new_work() as work:
        order = Seed(work).order()
        full = make_log_entry(
            order.id, type=LogType.REPROCESS, image_id="i", run_id="r", version=2, prompt="brighter", model="local",
            duration_ms=12, data={"credits": 4, "files": ["a", "b"]},
        )  # fmt: skip
        late = make_log_entry(order.id, at=NOW + HOUR)
        for entry in (late, full, make_log_entry(Seed(work).order().id)):
            work.log.add(entry)
        assert work.log.list(order.id) == (full, late)
        assert work.log.list(order.id, limit=1) == (late,)
        assert work.log.list("none") == ()
        with pytest.raises(ConflictError):
            work.log.add(full)


def test_entries_of_one_moment_keep_the_order_of_writing(database: AnyDatabase) -> None:
    with database.new_work() as work:
        order = Seed(work).order()
        entries = [make_log_entry(order.id) for _ in range(20)]
        entries.reverse()  # ids do not sort like the writing
        for entry in entries:
            work.log.add(entry)
        assert work.log.list(order.id) == tuple(entries)
        assert work.log.list(order.id, limit=3) == tuple(entries[-3:])


def test_events_are_numbered_per_topic(database: AnyDatabase) -> None:
    with database.new_work() as work:
        for topic in ("order/1", "order/2", "order/1"):
            work.events.add(make_event(topic))
        assert [event.sequence for event in work.events.since("order/1", 0)] == [1, 2], "seen where it was written"
        work.commit()
    with database.new_work() as work:
        work.events.add(make_event("order/1", name="OrderCompleted", data={"n": [1, None, {"x": 0.5}]}))
        work.commit()
    with database.new_reading() as work:
        feed = work.events.since("order/1", 1)
        assert [event.sequence for event in feed] == [2, 3]
        assert feed[1].event == make_event("order/1", name="OrderCompleted", data={"n": [1, None, {"x": 0.5}]})
        assert [event.sequence for event in work.events.since("order/1", 0, limit=2)] == [1, 2]
        assert [event.sequence for event in work.events.since("order/2", 0)] == [1]
        assert work.events.since("order/1", 3) == work.events.since("none", 0) == ()


@pytest.mark.req("S1-FUT-08")
def test_heads_tell_how_far_each_topic_is(database: AnyDatabase) -> None:
    many = [f"order/{n}" for n in range(1200)]
    with database.new_work() as work:
        for topic in ("order/1", "order/1", "order/1199"):
            work.events.add(make_event(topic))
        assert dict(work.events.heads(["order/1"])) == {"order/1": 2}, "seen where it was written"
        work.commit()
    with database.new_work() as work:
        work.events.add(make_event("order/1"))
        assert dict(work.events.heads(["order/1"])) == {"order/1": 3}
    with database.new_reading() as work:
        assert dict(work.events.heads(many)) == {"order/1": 2, "order/1199": 1}, "what was rolled back does not count"
        assert dict(work.events.heads(["order/7"])) == dict(work.events.heads([])) == {}


def test_a_number_that_was_rolled_back_is_given_again(database: AnyDatabase) -> None:
    with database.new_work() as work:
        work.events.add(make_event())
        assert len(work.events.since("order/1", 0)) == 1
    with database.new_work() as work:
        work.events.add(make_event())
        work.commit()
    with database.new_reading() as work:
        assert [event.sequence for event in work.events.since("order/1", 0)] == [1]


def test_events_wait_until_they_are_dispatched(database: AnyDatabase) -> None:
    events = [make_event(f"order/{n}") for n in range(5)]
    for event in events:
        with database.new_work() as work:
            work.events.add(event)
            work.commit()
    with database.new_work() as work:
        pending = work.events.pending(limit=3)
        assert [event for _, event in pending] == events[:3]
        work.events.mark_dispatched(tuple(row_id for row_id, _ in pending[:2]), at=NOW + HOUR)
        work.events.mark_dispatched((), at=NOW)
        work.commit()
    with database.new_reading() as work:
        assert [event for _, event in work.events.pending(limit=9)] == events[2:]
        assert len(work.events.since("order/0", 0)) == 1, "the feed keeps what was dispatched"


def test_a_key_is_kept_with_its_first_answer(database: AnyDatabase) -> None:
    with database.new_work() as work:
        owner = Seed(work).user().id
        record = make_record(owner)
        other = attrs.evolve(record, operation="confirm", result_id="2")
        work.idempotency.add(record)
        work.idempotency.add(other)
        assert work.idempotency.find(owner, "create_order", "request-1") == record
        assert work.idempotency.find(owner, "confirm", "request-1") == other
        assert work.idempotency.find(owner, "create_order", "request-2") is None
        assert work.idempotency.find("nobody", "create_order", "request-1") is None
        with pytest.raises(ConflictError) as refused:
            work.idempotency.add(attrs.evolve(record, result_id="3"))
        assert refused.value.code == "stale"
        assert work.idempotency.find(owner, "create_order", "request-1") == record
