"""Pictures keep their places; versions never change."""

import attrs
import pytest

from core.domain.images import Failure, ImageStatus, OrderImage, VersionFlag
from core.errors import ConflictError, NotFoundError
from core.ports.unit_of_work import UnitOfWork
from tests.factories import HOUR, NOW, Seed, make_file, make_image, make_version
from tests.support.databases import AnyDatabase


def three(work: UnitOfWork) -> list[OrderImage]:
    """Store an order with three pictures."""
    seed = Seed(work)
    order = seed.order()
    return [seed.image(order, position=n) for n in (1, 2, 3)]


def test_a_picture_comes_back_as_it_was(database: AnyDatabase) -> None:
    with database.new_work() as work:
        order = Seed(work).order()
        image = Seed(work).image(
            order, position=4, status=ImageStatus.FAILED, latest_version=2, approved_version=1, note="鞋",
            resume_status=ImageStatus.APPROVED, failure=Failure(code="too_dark", message="Too dark."),
            tags=("facing_left", "shoe"),
        )  # fmt: skip
        plain = Seed(work).image(order)
        assert work.images.get(image.id) == image
        assert work.images.get(plain.id, for_update=True) == plain
        assert work.images.list(order.id) == (plain, image)
        assert work.images.list("none") == ()
        with pytest.raises(NotFoundError):
            work.images.get("none")


def test_a_place_is_taken_once(database: AnyDatabase) -> None:
    with database.new_work() as work:
        first, second, _ = three(work)
        with pytest.raises(ConflictError) as refused:
            work.images.add(make_image(first.order_id, first.asset_id, position=2))
        assert refused.value.code == "stale"
        assert len(work.images.list(first.order_id)) == 3, "the unit of work stays usable"
        with pytest.raises(ConflictError) as refused:
            work.images.save(attrs.evolve(second, position=1))
        assert refused.value.code == "stale"


def test_a_picture_needs_its_order_and_its_file(database: AnyDatabase) -> None:
    with database.new_work() as work:
        image = three(work)[0]
        work.commit()
    for orphan in (make_image("none", image.asset_id), make_image(image.order_id, "none", position=9)):
        with database.new_work() as work, pytest.raises(ConflictError) as refused:
            work.images.add(orphan)
        assert refused.value.code == "integrity"


def test_a_save_on_old_knowledge_is_refused(database: AnyDatabase) -> None:
    with database.new_work() as work:
        image = three(work)[0]
        saved = work.images.save(attrs.evolve(image, status=ImageStatus.QUEUED))
        assert (saved.row_version, work.images.get(image.id)) == (image.row_version + 1, saved)
        with pytest.raises(ConflictError) as refused:
            work.images.save(attrs.evolve(image, note="late"))
        assert refused.value.code == "stale"
        assert work.images.get(image.id) == saved
        with pytest.raises(NotFoundError):
            work.images.save(make_image(image.order_id, image.asset_id))


def test_pictures_change_places(database: AnyDatabase) -> None:
    with database.new_work() as work:
        first, second, third = three(work)
        work.images.reorder(first.order_id, [third.id, first.id, second.id])
        placed = work.images.list(first.order_id)
        assert [(image.id, image.position) for image in placed] == [(third.id, 1), (first.id, 2), (second.id, 3)]
        with pytest.raises(ConflictError) as refused:
            work.images.save(attrs.evolve(first, note="knows the old place"))
        assert refused.value.code == "stale"
        work.images.delete(third.id)
        work.images.reorder(first.order_id, [first.id, second.id])
        assert [image.position for image in work.images.list(first.order_id)] == [1, 2]


def test_strangers_are_not_placed(database: AnyDatabase) -> None:
    with database.new_work() as work:
        first, second, third = three(work)
        stranger = three(work)[0]
        with pytest.raises(NotFoundError):
            work.images.reorder(first.order_id, [first.id, second.id, third.id, stranger.id])


def test_a_part_of_the_pictures_does_not_take_the_places_of_others(database: AnyDatabase) -> None:
    with database.new_work() as work:
        first, _, third = three(work)
        with pytest.raises(ConflictError) as refused:
            work.images.reorder(first.order_id, [third.id, first.id])
        assert refused.value.code == "stale"


def test_only_an_unused_picture_can_be_removed(database: AnyDatabase) -> None:
    with database.new_work() as work:
        first, second, third = three(work)
        run, _ = Seed(work).run(second)
        work.images.add_version(make_version(first, run.id))
        work.images.delete(third.id)
        with pytest.raises(NotFoundError):
            work.images.delete(third.id)
        work.commit()
    for used in (first, second):
        with database.new_work() as work, pytest.raises(ConflictError) as refused:
            work.images.delete(used.id)
        assert refused.value.code == "in_use"


def test_states_are_counted(database: AnyDatabase) -> None:
    with database.new_work() as work:
        first, _, _ = three(work)
        work.images.save(attrs.evolve(first, status=ImageStatus.APPROVED))
        counts = work.images.count_by_status(first.order_id)
        assert counts == {ImageStatus.READY: 2, ImageStatus.APPROVED: 1}
        assert work.images.count_by_status("none") == {}


def test_a_version_comes_back_as_it_was(database: AnyDatabase) -> None:
    with database.new_work() as work:
        image = three(work)[0]
        run, _ = Seed(work).run(image)
        file = make_file(
            image.asset_id, measures={"sharpness": 0.25, "list": [1, 2.5, None, True], "鞋": {"x": "\u2028"}},
            compliance=({"profile": "amazon", "passed": True}, {"profile": "otto", "passed": False}),
        )  # fmt: skip
        flag = VersionFlag(code="soft", message="Soft", severity="review", measured=0.1, limit=0.25, output="main")
        full = make_version(
            image, run.id, number=3, base_version=2, files=(file, make_file(image.asset_id, output="web")), engine="e1",
            flags=(flag, VersionFlag(code="a", message="b", severity="info")), confidence=0.1 + 0.2, duration_ms=1234,
            credits=4,
        )  # fmt: skip
        plain = make_version(image, run.id)
        work.images.add_version(full)
        work.images.add_version(plain)
        assert work.images.get_version(image.id, 3) == full
        assert work.images.list_versions(image.id) == (plain, full)
        for number in (0, 2):
            with pytest.raises(NotFoundError):
                work.images.get_version(image.id, number)


def test_what_was_read_of_a_version_can_be_changed_without_changing_it(database: AnyDatabase) -> None:
    with database.new_work() as work:
        image = three(work)[0]
        run, _ = Seed(work).run(image)
        measures = {"sharpness": 1}
        work.images.add_version(make_version(image, run.id, files=(make_file(image.asset_id, measures=measures),)))
        measures["sharpness"] = 2
        work.images.get_version(image.id, 1).files[0].measures["sharpness"] = 3
        assert work.images.get_version(image.id, 1).files[0].measures == {"sharpness": 1}


def test_a_number_is_taken_once(database: AnyDatabase) -> None:
    with database.new_work() as work:
        image = three(work)[0]
        run, _ = Seed(work).run(image)
        version = make_version(image, run.id)
        work.images.add_version(version)
        with pytest.raises(ConflictError) as refused:
            work.images.add_version(attrs.evolve(version, created_at=NOW + HOUR))
        assert refused.value.code == "stale"
        assert work.images.list_versions(image.id) == (version,)
        with pytest.raises(ConflictError):
            work.images.add_version(attrs.evolve(version, number=2, base_version=2))


def test_the_newest_version_of_each_picture(database: AnyDatabase) -> None:
    with database.new_work() as work:
        first, second, third = three(work)
        run, _ = Seed(work).run(first, second, third)
        stranger = three(work)[0]
        made = {}
        for image, number in ((first, 1), (first, 2), (first, 10), (second, 1), (stranger, 1)):
            made[image.id] = make_version(image, run.id, number=number)
            work.images.add_version(made[image.id])
        newest = work.images.latest_versions(first.order_id)
        assert newest == {image.id: made[image.id] for image in (first, second)}
        assert work.images.latest_versions("none") == {}
