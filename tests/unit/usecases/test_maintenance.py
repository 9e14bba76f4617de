"""Dispatching events, looking for forgotten work, sweeping files."""

import datetime as dt

import attrs
import pytest

from core.errors import ProviderUnavailableError
from core.kernel.actor import Actor
from core.kernel.events import DomainEvent
from core.ports.unit_of_work import UnitOfWork
from core.usecases.images.arrange import RemoveImages
from core.usecases.maintenance.dispatch import DispatchEvents
from core.usecases.maintenance.reconcile import HintReadyItems
from core.usecases.maintenance.sweep import AGE, SweepFiles
from core.usecases.plans.preview import PreviewPlan
from tests.studio import Studio


def test_every_event_reaches_its_handlers_once(studio: Studio, ada: Actor) -> None:
    studio.finished(ada, "one.jpg")
    seen: list[str] = []
    remember = (lambda event: seen.append(event.name),)
    dispatch = DispatchEvents(
        new_work=studio.app.new_work, new_reading=studio.app.new_reading, clock=studio.clock,
        handlers={"OrderCompleted": remember, "ImageProcessed": remember},
    )  # fmt: skip
    assert dispatch() > 2
    assert dispatch() == 0
    assert seen == ["ImageProcessed", "OrderCompleted"]


def test_an_event_whose_handler_is_away_waits_and_holds_up_no_other(studio: Studio, ada: Actor) -> None:
    studio.finished(ada, "one.jpg")
    seen: list[str] = []
    away = [True]

    def mail(event: DomainEvent) -> None:
        if away[0]:
            raise ProviderUnavailableError("The mail server is away.")
        seen.append(event.name)

    dispatch = DispatchEvents(
        new_work=studio.app.new_work, new_reading=studio.app.new_reading, clock=studio.clock,
        handlers={"ImageProcessed": (mail,), "OrderCompleted": (lambda e: seen.append(e.name),)},
    )  # fmt: skip
    dispatch()
    assert (seen, dispatch()) == (["OrderCompleted"], 0)
    away[0] = False
    assert dispatch() == 1
    assert seen == ["OrderCompleted", "ImageProcessed"]


def test_a_started_run_is_hinted_through_the_outbox_too(studio: Studio, ada: Actor) -> None:
    studio.queue.is_down = True
    started = studio.confirmed(ada)
    assert studio.queue.hinted == []
    studio.queue.is_down = False
    studio.use(DispatchEvents)()
    assert studio.queue.hinted == [i.id for i in started.items]


def test_ready_work_is_hinted_for_all_orders_or_one(studio: Studio, ada: Actor) -> None:
    first, second = studio.confirmed(ada, "a.jpg"), studio.confirmed(ada, "b.jpg", "c.jpg")
    studio.queue.hinted.clear()
    hint = studio.use(HintReadyItems)
    assert hint(order_id=second.order.id) == 2
    assert studio.queue.hinted == [i.id for i in second.items]
    assert hint() == 3
    studio.process(first.items[0].id)
    assert hint(order_id=first.order.id) == 0


def test_a_broker_that_is_away_is_reported_to_the_reconciler(studio: Studio, ada: Actor) -> None:
    studio.confirmed(ada)
    studio.queue.is_down = True
    with pytest.raises(ProviderUnavailableError):
        studio.use(HintReadyItems)()


def test_only_old_files_that_nobody_points_at_are_swept(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "a.jpg", "b.jpg")
    draft = studio.draft(ada, "c.jpg", "d.jpg")
    removed, kept = studio.images(draft.id)
    studio.use(RemoveImages)(actor=ada, order_id=draft.id, image_ids=[removed.id])
    studio.use(PreviewPlan)(actor=ada, order_id=order.id, image_id=studio.images(order.id)[0].id)
    studio.blobs.put("results/aa/orphan", studio.file("x").path)
    studio.blobs.put("elsewhere/x", studio.file("x").path)
    before = studio.contents("originals/")
    studio.clock.moment = dt.datetime.now(dt.UTC) + AGE - dt.timedelta(minutes=1)
    assert studio.use(SweepFiles)().removed == 0
    studio.clock.advance(minutes=2)
    swept = studio.use(SweepFiles)()
    assert (swept.looked_at, swept.removed) == (9, 4), "the preview has a list beside it"
    assert len(studio.contents("results/")) == 2
    assert studio.contents("previews/") == []
    assert len(before) - len(studio.contents("originals/")) == 1
    assert studio.contents("elsewhere/") == ["elsewhere/x"]
    with studio.app.new_reading() as work:
        assert studio.blobs.exists(work.assets.get(kept.asset_id).storage_key)
    assert studio.use(SweepFiles)().removed == 0


def test_a_file_that_is_stored_again_while_it_is_swept_stays(studio: Studio, ada: Actor) -> None:
    draft = studio.draft(ada, "a.jpg")
    (image,) = studio.images(draft.id)
    content = studio.content(draft.id, 1)
    studio.use(RemoveImages)(actor=ada, order_id=draft.id, image_ids=[image.id])
    sweep = studio.use(SweepFiles)
    looked = studio.app.new_reading

    def upload_after_the_look() -> UnitOfWork:
        studio.blobs.ingest("originals", studio.file("again.jpg", content).path)
        return looked()

    studio.clock.moment = dt.datetime.now(dt.UTC)
    swept = attrs.evolve(sweep, new_reading=upload_after_the_look)(age=dt.timedelta(0))
    assert (swept.looked_at, swept.removed) == (1, 0)
    assert len(studio.contents("originals/")) == 1
