"""Pictures shown small: made once, kept, and swept."""

import datetime as dt

import attrs
import pytest

from core.errors import InvalidInputError, NotAllowedError, NotFoundError
from core.kernel.actor import Actor, Scope
from core.usecases.delivery.thumbnail import SIZES, GetThumbnail
from core.usecases.images.arrange import RemoveImages
from core.usecases.maintenance.sweep import AGE, THUMBNAIL_AGE, SweepFiles
from core.usecases.runs.reprocess import Reprocess, Retouch
from tests.fakes import brighter
from tests.studio import Studio


def test_it_is_made_once_for_each_size(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "a.jpg")
    (image,) = studio.images(order.id)
    show = studio.use(GetThumbnail)
    for _ in range(2):
        for size in SIZES:
            shown = show(actor=ada, order_id=order.id, image_id=image.id, size=size)
            assert shown.content.endswith(f":{size}".encode())
    assert [edge for _, edge in studio.engine.thumbnails] == list(SIZES)
    assert len(studio.contents("thumbnails/")) == len(SIZES)


def test_it_shows_the_newest_result_unless_another_version_is_named(studio: Studio, ada: Actor) -> None:
    draft = studio.draft(ada, "c.jpg")
    order = studio.finished(ada, "a.jpg")
    (image,) = studio.images(order.id)
    show = studio.use(GetThumbnail)
    tags = [show(actor=ada, order_id=order.id, image_id=image.id, version=v).tag for v in (0, 1, None)]
    studio.planner.lines["darker"] = brighter(-0.5)
    studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=image.id, instruction="darker")])
    studio.work()
    tags += [show(actor=ada, order_id=order.id, image_id=image.id, version=v).tag for v in (1, 2, None)]
    assert (tags[2], tags[3], tags[5]) == (tags[1], tags[1], tags[4])
    assert len(set(tags)) == 3
    (new,) = studio.images(draft.id)
    assert show(actor=ada, order_id=draft.id, image_id=new.id).tag == f"{new.sha256}-320"


def test_others_find_no_thumbnail(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "a.jpg")
    (image,) = studio.images(order.id)
    show = studio.use(GetThumbnail)
    show(actor=ada, order_id=order.id, image_id=image.id)
    bob = studio.customer("bob@example.com")
    own = studio.finished(bob, "b.jpg")
    for order_id in (order.id, own.id):
        with pytest.raises(NotFoundError):
            show(actor=bob, order_id=order_id, image_id=image.id)
    with pytest.raises(NotAllowedError):
        show(actor=attrs.evolve(ada, scopes=frozenset({Scope.ORDERS_WRITE})), order_id=order.id, image_id=image.id)
    with pytest.raises(InvalidInputError):
        show(actor=ada, order_id=order.id, image_id=image.id, size=321)


def test_it_goes_with_its_picture_and_after_a_month(studio: Studio, ada: Actor) -> None:
    draft = studio.draft(ada, "a.jpg", "b.jpg")
    first, second = studio.images(draft.id)
    show, sweep = studio.use(GetThumbnail), studio.use(SweepFiles)
    for image in (first, second):
        show(actor=ada, order_id=draft.id, image_id=image.id)
    studio.use(RemoveImages)(actor=ada, order_id=draft.id, image_ids=[first.id])
    start = dt.datetime.now(dt.UTC)
    studio.clock.moment = start + AGE - dt.timedelta(minutes=1)
    sweep()
    assert len(studio.contents("thumbnails/")) == 2
    studio.clock.moment = start + AGE + dt.timedelta(minutes=1)
    sweep()
    assert [second.sha256 in key for key in studio.contents("thumbnails/")] == [True]
    studio.clock.moment = start + THUMBNAIL_AGE + dt.timedelta(minutes=1)
    sweep()
    assert studio.contents("thumbnails/") == []
    show(actor=ada, order_id=draft.id, image_id=second.id)
    assert len(studio.contents("thumbnails/")) == 1
