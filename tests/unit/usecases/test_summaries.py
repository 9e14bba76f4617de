"""Summaries from the figures of an order: the same order, the same words."""

import attrs
import pytest

from core.errors import ConflictError, NotAllowedError, NotFoundError, ProviderRejectedError
from core.kernel.actor import Actor, Scope
from core.usecases.images.review import FlagImages
from core.usecases.runs.cancel import CancelOrder
from core.usecases.summaries.local import MOST_PICTURES
from core.usecases.summaries.write import ReadSummary, WriteSummary
from tests.studio import PRICE, Studio


@pytest.fixture
def mixed(studio: Studio, ada: Actor) -> str:
    """An order of which one picture failed and one was sent back."""
    order = studio.confirmed(ada, "a.jpg", "b.jpg", "c.jpg").order
    studio.fail(order.id, 2, ProviderRejectedError("It is torn."))
    studio.work()
    image = studio.images(order.id)[2]
    studio.use(FlagImages)(actor=ada, order_id=order.id, image_ids=[image.id], note="Too dark.")
    return order.id


@pytest.mark.req("S0-LLM-08")
def test_it_tells_counts_work_failures_flags_credits_and_time(studio: Studio, ada: Actor, mixed: str) -> None:
    order = studio.use(WriteSummary)(actor=ada, order_id=mixed)
    assert order.summary.splitlines() == [
        "2 of 3 pictures finished. 1 should be looked at before delivery. 1 could not be made and cost nothing.",
        "What was done: Brighten by 0.5 EV.",
        "Failed: b.jpg (It is torn).",
        "To be looked at: c.jpg (Too dark).",
        f"{2 * PRICE} credits charged, 0 s of work.",
    ]
    assert (order.summary_by, order.summary_at) == ("local", studio.clock.now())


def test_writing_it_again_changes_nothing_but_the_time(studio: Studio, ada: Actor, mixed: str) -> None:
    first = studio.use(WriteSummary)(actor=ada, order_id=mixed)
    studio.clock.advance(hours=1)
    second = studio.use(WriteSummary)(actor=ada, order_id=mixed)
    assert second.summary == first.summary
    assert second.summary_at == studio.clock.now()
    assert studio.use(ReadSummary)(actor=ada, order_id=mixed) == second


def test_long_lists_are_cut(studio: Studio, ada: Actor) -> None:
    names = [f"p{n:02}.jpg" for n in range(MOST_PICTURES + 3)]
    order = studio.confirmed(ada, *names).order
    for position in range(1, len(names) + 1):
        studio.fail(order.id, position, ProviderRejectedError("It is torn."))
    studio.work()
    assert "p09.jpg (It is torn); and 3 more." in studio.order(order.id).summary
    assert "p10.jpg" not in studio.order(order.id).summary


def test_it_waits_for_the_end_of_the_work(studio: Studio, ada: Actor) -> None:
    write = studio.use(WriteSummary)
    draft = studio.draft(ada)
    working = studio.confirmed(ada).order
    for order in (draft, working):
        with pytest.raises(ConflictError) as refused:
            write(actor=ada, order_id=order.id)
        assert refused.value.code == "not_ended"
    cancelled = studio.use(CancelOrder)(actor=ada, order_id=working.id)
    assert write(actor=ada, order_id=cancelled.id).summary.startswith("0 of 3 pictures finished.")


def test_it_belongs_to_the_owner(studio: Studio, ada: Actor, mixed: str) -> None:
    reader = attrs.evolve(ada, scopes=frozenset({Scope.ORDERS_READ}))
    with pytest.raises(NotAllowedError):
        studio.use(WriteSummary)(actor=reader, order_id=mixed)
    eve = studio.customer("eve@example.com")
    for kind in (WriteSummary, ReadSummary):
        with pytest.raises(NotFoundError):
            studio.use(kind)(actor=eve, order_id=mixed)  # type: ignore[operator]


def test_without_a_model_the_event_changes_nothing(studio: Studio, ada: Actor, mixed: str) -> None:
    before = studio.order(mixed)
    with studio.app.new_reading() as work:
        events = [e.event for e in work.events.since(f"order/{mixed}", 0)]
    for event in events:
        studio.use(WriteSummary).after(event)
    assert studio.order(mixed) == before
