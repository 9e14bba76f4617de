"""Adding, removing, ordering, choosing and reviewing pictures."""

import attrs
import pytest

from core.domain.assets import MB
from core.domain.orders import MAX_IMAGES, OrderStatus
from core.errors import (
    ConflictError,
    InvalidInputError,
    InvalidTransitionError,
    NotFoundError,
    ProviderUnavailableError,
)
from core.kernel.actor import Actor
from core.ports.blob_store import StorageFullError
from core.usecases.accounts.users import ChangeUser
from core.usecases.images.add import AddImages, Incoming
from core.usecases.images.arrange import RemoveImages, ReorderImages, SelectImages
from core.usecases.images.review import ApproveImages, FlagImages, ReopenImages
from core.usecases.orders.create import CreateOrder
from core.usecases.plans.submit import SubmitOrder
from core.usecases.queries.orders import GetLog
from tests.fakes import picture
from tests.studio import Studio, ids_of


def add(studio: Studio, actor: Actor, order_id: str, *files: Incoming) -> list[tuple[str, str]]:
    """Offer files and return name and code of every refusal."""
    result = studio.use(AddImages)(actor=actor, order_id=order_id, files=files)
    return [(r.name, r.code) for r in result.refused]


@pytest.mark.req("S0-UPL-01", "S0-DB-06")
def test_pictures_are_numbered_in_the_order_in_which_they_came(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada, "b.jpg", "a.jpg")
    order = studio.add(ada, order, "c.jpg").order
    images = studio.images(order.id)
    assert [(i.position, i.original_name, i.status.value) for i in images] == [
        (1, "b.jpg", "ready"),
        (2, "a.jpg", "ready"),
        (3, "c.jpg", "ready"),
    ]
    assert (order.image_count, order.total_bytes) == (3, sum(i.bytes for i in images))


@pytest.mark.req("S0-UPL-05", "S0-UPL-08")
def test_bad_files_are_refused_by_name_while_the_rest_goes_on(studio: Studio, ada: Actor) -> None:
    order = studio.use(CreateOrder)(actor=ada)
    refused = add(
        studio, ada, order.id,
        studio.file("good.jpg"), studio.file("notes.txt", b"hello"), studio.file("half.jpg", picture("broken")),
        studio.file("old.bmp", picture("x", "bmp")), studio.file("empty.jpg", b""), studio.file("fine.webp"),
    )  # fmt: skip
    assert refused == [
        ("notes.txt", "unsupported_type"),
        ("half.jpg", "damaged"),
        ("old.bmp", "unsupported_type"),
        ("empty.jpg", "empty_file"),
    ]
    assert [i.original_name for i in studio.images(order.id)] == ["good.jpg", "fine.webp"]
    entries = studio.use(GetLog)(actor=ada, order_id=order.id)
    assert [e.type.value for e in entries] == ["error"] * 4 + ["upload"]
    assert all(name in entry.message for (name, _), entry in zip(refused, entries, strict=False))


@pytest.mark.req("S0-UPL-06")
def test_fifty_megabytes_are_taken_and_one_byte_more_is_not(studio: Studio, ada: Actor) -> None:
    order = studio.use(CreateOrder)(actor=ada)
    largest = attrs.evolve(studio.file("largest.jpg"), bytes=50 * MB)
    over = attrs.evolve(studio.file("over.jpg"), bytes=50 * MB + 1)
    assert add(studio, ada, order.id, largest, over) == [("over.jpg", "file_too_large")]


@pytest.mark.req("S0-UPL-07")
def test_an_order_holds_a_hundred_pictures(studio: Studio, ada: Actor) -> None:
    order = studio.use(CreateOrder)(actor=ada)
    files = [studio.file(f"{n}.jpg") for n in range(MAX_IMAGES + 2)]
    assert add(studio, ada, order.id, *files[:99]) == []
    assert add(studio, ada, order.id, *files[99:]) == [("100.jpg", "too_many_images"), ("101.jpg", "too_many_images")]
    assert studio.order(order.id).image_count == MAX_IMAGES == 100


def test_a_duplicate_is_refused_and_its_twin_is_named(studio: Studio, ada: Actor) -> None:
    order = studio.use(CreateOrder)(actor=ada)
    content = picture("the same")
    result = studio.use(AddImages)(
        actor=ada, order_id=order.id, files=[studio.file("first.jpg", content), studio.file("copy.jpg", content)]
    )
    (refusal,) = result.refused
    assert (refusal.name, refusal.code, refusal.details["same_as"]) == ("copy.jpg", "duplicate", "first.jpg")
    other = studio.use(CreateOrder)(actor=ada)
    assert add(studio, ada, other.id, studio.file("again.jpg", content)) == []


def test_names_need_not_differ(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada, "same.jpg", "same.jpg")
    assert [i.original_name for i in studio.images(order.id)] == ["same.jpg", "same.jpg"]


def test_a_full_account_takes_nothing_more(studio: Studio, ada: Actor) -> None:
    order = studio.use(CreateOrder)(actor=ada)
    first, second = studio.file("first.jpg"), studio.file("second.jpg")
    admin = studio.operator()
    studio.use(ChangeUser)(actor=admin, user=ada.user_id, quota_bytes=first.bytes + second.bytes - 1)
    assert add(studio, ada, order.id, first, second) == [("second.jpg", "quota_exceeded")]
    studio.use(ChangeUser)(actor=admin, user=ada.user_id, quota_bytes=first.bytes + second.bytes)
    assert add(studio, ada, order.id, second) == []


def test_a_quota_of_nothing_takes_nothing_and_stores_nothing(studio: Studio, ada: Actor) -> None:
    order = studio.use(CreateOrder)(actor=ada)
    change = studio.use(ChangeUser)
    change(actor=studio.operator(), user=ada.user_id, quota_bytes=0)
    assert add(studio, ada, order.id, studio.file("a.jpg")) == [("a.jpg", "quota_exceeded")]
    assert studio.contents("originals/") == []
    with pytest.raises(InvalidInputError) as refused:
        change(actor=studio.operator(), user=ada.user_id, quota_bytes=-1)
    assert refused.value.code == "invalid_quota"


def test_a_full_order_stores_nothing_more(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada, *(f"{n}.jpg" for n in range(MAX_IMAGES)))
    assert add(studio, ada, order.id, studio.file("more.jpg")) == [("more.jpg", "too_many_images")]
    assert len(studio.contents("originals/")) == MAX_IMAGES


def test_names_that_no_database_keeps_do_not_stop_the_others(studio: Studio, ada: Actor) -> None:
    order = studio.use(CreateOrder)(actor=ada)
    names = ["a\x00b.jpg", "\udcff.jpg", "a\u202egpj.exe", "", "good.jpg"]
    files = [studio.file(name, picture(str(n))) for n, name in enumerate(names)]
    assert add(studio, ada, order.id, *files) == []
    kept = [i.original_name for i in studio.images(order.id)]
    assert kept == ["a\ufffdb.jpg", "\ufffd.jpg", "a\ufffdgpj.exe", "file", "good.jpg"]


def test_a_removed_picture_frees_its_room(studio: Studio, ada: Actor) -> None:
    order = studio.use(CreateOrder)(actor=ada)
    first, second = studio.file("first.jpg", picture("one")), studio.file("second.jpg", picture("two"))
    studio.use(ChangeUser)(actor=studio.operator(), user=ada.user_id, quota_bytes=first.bytes)
    add(studio, ada, order.id, first)
    studio.use(RemoveImages)(actor=ada, order_id=order.id, image_ids=ids_of(studio.images(order.id)))
    assert add(studio, ada, order.id, second) == []


def test_a_store_without_room_adds_nothing(studio: Studio, ada: Actor) -> None:
    order = studio.use(CreateOrder)(actor=ada)
    studio.blobs.capacity = 10
    with pytest.raises(StorageFullError):
        add(studio, ada, order.id, studio.file("a.jpg"))
    assert studio.images(order.id) == ()


def test_an_engine_out_of_order_adds_nothing(studio: Studio, ada: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    order = studio.draft(ada, "a.jpg")

    def die(_path: object) -> None:
        raise ProviderUnavailableError("The engine is gone.")

    monkeypatch.setattr(type(studio.engine), "probe", lambda _self, path: die(path))
    with pytest.raises(ProviderUnavailableError):
        add(studio, ada, order.id, studio.file("b.jpg"))
    assert len(studio.images(order.id)) == 1


def test_size_is_told_as_displayed(studio: Studio, ada: Actor) -> None:
    order = studio.use(CreateOrder)(actor=ada)
    add(studio, ada, order.id, studio.file("a.jpg", picture("turned")))
    (image,) = studio.images(order.id)
    assert (image.width, image.height) == (30, 40)


def test_new_pictures_drop_the_plan(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    assert studio.add(ada, order, "late.jpg").order.status is OrderStatus.DRAFT


def test_a_confirmed_order_takes_no_pictures(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    with pytest.raises(ConflictError) as refused:
        studio.add(ada, started.order, "late.jpg")
    assert refused.value.code == "order_locked"


def test_removing_closes_the_gap(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada, "a.jpg", "b.jpg", "c.jpg")
    _, second, _ = studio.images(order.id)
    changed = studio.use(RemoveImages)(actor=ada, order_id=order.id, image_ids=[second.id])
    assert [(i.position, i.original_name) for i in studio.images(order.id)] == [(1, "a.jpg"), (2, "c.jpg")]
    assert changed.image_count == 2
    assert changed.total_bytes == sum(i.bytes for i in studio.images(order.id))


def test_removing_is_all_or_nothing(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    with pytest.raises(NotFoundError):
        studio.use(RemoveImages)(actor=ada, order_id=order.id, image_ids=[studio.images(order.id)[0].id, "0" * 26])
    assert len(studio.images(order.id)) == 3


def test_reordering_needs_every_picture_once(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada, "a.jpg", "b.jpg", "c.jpg")
    ids = ids_of(studio.images(order.id))
    for wrong in (ids[:2], [*ids, ids[0]], [ids[0], ids[0], ids[1]]):
        with pytest.raises(InvalidInputError):
            studio.use(ReorderImages)(actor=ada, order_id=order.id, image_ids=wrong)
    turned = studio.use(ReorderImages)(actor=ada, order_id=order.id, image_ids=ids[::-1])
    assert [(i.position, i.original_name) for i in turned] == [(1, "c.jpg"), (2, "b.jpg"), (3, "a.jpg")]


@pytest.mark.req("S0-INST-03")
def test_pictures_that_are_left_out_cost_nothing_and_stay_as_they_are(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    images = studio.images(order.id)
    studio.use(SelectImages)(actor=ada, order_id=order.id, image_ids=[images[1].id])
    proposal = studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert (proposal.images, proposal.quote.total) == (1, 3)
    studio.use(SelectImages)(actor=ada, order_id=order.id, image_ids=ids_of(images))
    assert studio.states(order.id) == ["ready"] * 3


@pytest.mark.req("S0-DB-07")
def test_review_approves_flags_and_reopens(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada)
    first, second, third = ids_of(studio.images(order.id))
    studio.use(ApproveImages)(actor=ada, order_id=order.id, image_ids=[first, second])
    studio.use(FlagImages)(actor=ada, order_id=order.id, image_ids=[third], note="a hair on the sleeve")
    assert studio.states(order.id) == ["approved", "approved", "needs_retouch"]
    assert studio.images(order.id)[2].note == "a hair on the sleeve"
    studio.use(ReopenImages)(actor=ada, order_id=order.id, image_ids=[second, third])
    assert studio.states(order.id) == ["approved", "completed", "completed"]
    assert [i.approved_version for i in studio.images(order.id)] == [1, None, None]


def test_review_is_all_or_nothing(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    studio.process(started.items[0].id)
    ids = ids_of(studio.images(started.order.id))
    with pytest.raises(InvalidTransitionError):
        studio.use(ApproveImages)(actor=ada, order_id=started.order.id, image_ids=ids)
    assert studio.states(started.order.id)[0] == "completed"


def test_only_versions_that_exist_are_approved(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada)
    ids = ids_of(studio.images(order.id))
    for version in (0, 2):
        with pytest.raises(InvalidInputError) as refused:
            studio.use(ApproveImages)(actor=ada, order_id=order.id, image_ids=ids, version=version)
        assert refused.value.code == "unknown_version"
