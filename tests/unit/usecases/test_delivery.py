"""Results with their names, single files, archives with a summary."""

import io
import zipfile

import attrs
import pytest

from core.domain.editing.plan import EditPlan, Output, Step
from core.errors import InvalidInputError, NotAllowedError, NotFoundError, ProviderRejectedError
from core.kernel.actor import Actor, Scope
from core.usecases.delivery.download import Archive, DownloadArchive
from core.usecases.delivery.image import DownloadImage
from core.usecases.delivery.results import Choice, GetResults, Which
from core.usecases.images.review import ApproveImages
from core.usecases.orders.change import RenameOrder
from core.usecases.queries.orders import GetLog
from core.usecases.runs.reprocess import Reprocess, Retouch
from tests.fakes import brighter
from tests.studio import Studio, ids_of

WEB_AND_PRINT = EditPlan(
    outputs=(
        Output(name="web", steps=(Step(op="export", params={"format": "webp"}),)),
        Output(name="print", steps=(Step(op="export", params={"format": "tiff"}),), folder="for print/2026"),
    )
)


def named(pattern: str, **more: str) -> EditPlan:
    """Return a plan that names its files."""
    return EditPlan(steps=(Step(op="naming", params={"pattern": pattern, **more}),))


def paths(studio: Studio, actor: Actor, order_id: str, choice: Choice | None = None) -> list[str]:
    """Return the names of the results."""
    results = studio.use(GetResults)(actor=actor, order_id=order_id, choice=choice)
    return [f.path for i in results.images for f in i.files]


def unpack(archive: Archive) -> dict[str, bytes]:
    """Return what is in an archive, checking its announced size."""
    data = b"".join(archive.chunks)
    assert len(data) == archive.total_bytes
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.mark.req("S0-EXP-01", "S0-EXP-02", "S0-EXP-05", "S0-EXP-06")
def test_the_archive_of_an_order(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "a.jpg", "b.jpg")
    studio.use(RenameOrder)(actor=ada, order_id=order.id, name="Shoes: autumn/winter")
    archive = studio.use(DownloadArchive)(actor=ada, order_id=order.id)
    assert (archive.name, archive.files) == ("Shoes_ autumn_winter.zip", 2)
    files = unpack(archive)
    assert sorted(files) == ["SUMMARY.txt", "a.jpg", "b.jpg"]
    view = studio.view(order.id)
    for image in view.images:
        with studio.blobs.open(view.versions[image.id].files[0].storage_key) as stored:
            assert files[image.original_name] == stored.read()


def test_the_summary_tells_what_became_of_every_picture(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada, "a.jpg", "b.jpg")
    item = started.items[1]
    with studio.app.new_reading() as work:
        key = work.assets.get(work.images.get(item.image_id).asset_id).storage_key
    with studio.blobs.open(key) as file:
        studio.engine.behaviours[file.read()].append(ProviderRejectedError("It is torn."))
    studio.work()
    files = unpack(studio.use(DownloadArchive)(actor=ada, order_id=started.order.id))
    assert sorted(files) == ["SUMMARY.txt", "a.jpg"]
    summary = files["SUMMARY.txt"].decode().splitlines()
    digest = studio.view(started.order.id).versions[started.items[0].image_id].files[0]
    assert summary == [
        "Shoes",
        "=====",
        "",
        "1 of 2 pictures finished. 1 could not be made and cost nothing.",
        "What was done: Brighten by 0.5 EV.",
        "Failed: b.jpg (It is torn).",
        "3 credits charged, 0 s of work.",
        "",
        "Instruction",
        "-----------",
        "brighter",
        "",
        "Pictures",
        "--------",
        "  1. a.jpg: completed",
        f"     a.jpg  (40 x 30, {digest.bytes} bytes, sha256 {digest.sha256})",
        "  2. b.jpg: failed",
        "     It is torn.",
    ]


def test_a_picture_called_summary_keeps_its_name(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "x.jpg", plan=named("summary"))
    files = unpack(studio.use(DownloadArchive)(actor=ada, order_id=order.id))
    assert sorted(files) == ["SUMMARY.txt", "summary.jpg"]
    assert len({name.casefold() for name in files}) == len(files)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (brighter(), ["Red_shoe.jpg", "Red_shoe-2.jpg", "blue.shoe.jpg"]),
        (named("{index:03d}-{original}", case="lower"), ["001-red_shoe.jpg", "002-red_shoe.jpg", "003-blue.shoe.jpg"]),
        (named("{order}_{index}"), ["Shoes_1.jpg", "Shoes_2.jpg", "Shoes_3.jpg"]),
        (named("{sku}", sku_pattern="{sku}_*"), ["Red.jpg", "Red-2.jpg", "blue.shoe.jpg"]),
    ],
)
def test_files_get_their_names(studio: Studio, ada: Actor, plan: EditPlan, expected: list[str]) -> None:
    order = studio.finished(ada, "Red_shoe.JPG", "Red_shoe.png", "blue.shoe.jpg", plan=plan)
    assert paths(studio, ada, order.id) == expected


def test_several_outputs_get_folders_of_their_own(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "a.jpg", plan=WEB_AND_PRINT)
    assert paths(studio, ada, order.id) == ["web/a.webp", "for print/2026/a.tif"]
    assert paths(studio, ada, order.id, Choice(outputs=["print"])) == ["for print/2026/a.tif"]
    with pytest.raises(InvalidInputError) as refused:
        paths(studio, ada, order.id, Choice(outputs=["poster"]))
    assert refused.value.code == "unknown_output"


@pytest.mark.req("S0-EXP-04")
def test_a_selection_keeps_the_names_of_the_whole(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "same.jpg", "same.jpg", "other.jpg")
    ids = ids_of(studio.images(order.id))
    archive = studio.use(DownloadArchive)(actor=ada, order_id=order.id, choice=Choice(image_ids=ids[1:]))
    assert sorted(unpack(archive)) == ["SUMMARY.txt", "other.jpg", "same-2.jpg"]
    with pytest.raises(NotFoundError):
        studio.use(DownloadArchive)(actor=ada, order_id=order.id, choice=Choice(image_ids=["0" * 26]))


def test_approved_means_the_approved_version(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "a.jpg", "b.jpg")
    first, second = ids_of(studio.images(order.id))
    studio.use(ApproveImages)(actor=ada, order_id=order.id, image_ids=[first])
    studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=first, instruction="darker")])
    studio.work()
    results = studio.use(GetResults)(actor=ada, order_id=order.id, choice=Choice(which=Which.APPROVED))
    assert [(i.image.id, i.version.number if i.version else None) for i in results.images] == [
        (first, 1),
        (second, None),
    ]
    newest = studio.use(GetResults)(actor=ada, order_id=order.id)
    assert [i.version.number for i in newest.images if i.version] == [2, 1]


def test_an_earlier_result_is_delivered_while_it_is_retouched_and_after_that_failed(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "a.jpg")
    (image,) = studio.images(order.id)
    seen = []

    def look() -> None:
        seen.append((studio.states(order.id), paths(studio, ada, order.id)))
        raise ProviderRejectedError("It is torn.")

    studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=image.id)])
    seen.append((studio.states(order.id), paths(studio, ada, order.id)))
    studio.engine.behaviours[studio.engine.sources[0]].append(look)
    studio.work()
    seen.append((studio.states(order.id), paths(studio, ada, order.id)))
    assert seen == [(["queued"], ["a.jpg"]), (["processing"], ["a.jpg"]), (["failed"], ["a.jpg"])]


@pytest.mark.req("S0-EXP-03", "S0-EXP-07")
def test_one_file_is_downloaded_under_its_name_and_that_is_logged(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "a.jpg", plan=WEB_AND_PRINT)
    (image,) = studio.images(order.id)
    get = studio.use(DownloadImage)
    assert get(actor=ada, order_id=order.id, image_id=image.id).name == "a.webp"
    assert get(actor=ada, order_id=order.id, image_id=image.id, output="print").name == "a.tif"
    assert get(actor=ada, order_id=order.id, image_id=image.id, version=0).name == "a.jpg"
    for wrong in ({"version": 2}, {"output": "poster"}, {"version": -1}):
        with pytest.raises(NotFoundError):
            get(actor=ada, order_id=order.id, image_id=image.id, **wrong)
    log = [e for e in studio.use(GetLog)(actor=ada, order_id=order.id) if e.type == "download"]
    assert [(e.version, e.image_id) for e in log] == [(1, image.id), (1, image.id), (0, image.id)]


def test_an_older_version_has_a_name_that_says_so(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "a.jpg")
    (image,) = studio.images(order.id)
    studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=image.id, instruction="darker")])
    studio.work()
    old = studio.use(DownloadImage)(actor=ada, order_id=order.id, image_id=image.id, version=1)
    assert old.name == "a-v1-main.jpg"


def test_nothing_finished_is_nothing_to_download(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    with pytest.raises(InvalidInputError) as refused:
        studio.use(DownloadArchive)(actor=ada, order_id=started.order.id)
    assert refused.value.code == "nothing_to_download"


def test_results_of_others_look_missing_and_keys_need_the_scope(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "a.jpg")
    (image,) = studio.images(order.id)
    bob = studio.customer("bob@example.com")
    own = studio.finished(bob, "b.jpg")
    for attempt in (
        lambda: studio.use(GetResults)(actor=bob, order_id=order.id),
        lambda: studio.use(DownloadArchive)(actor=bob, order_id=order.id),
        lambda: studio.use(DownloadImage)(actor=bob, order_id=order.id, image_id=image.id),
        lambda: studio.use(DownloadImage)(actor=bob, order_id=own.id, image_id=image.id),
        lambda: studio.use(DownloadImage)(actor=bob, order_id=own.id, image_id=image.id, version=0),
    ):
        with pytest.raises(NotFoundError):
            attempt()
    writer = attrs.evolve(ada, scopes=frozenset({Scope.ORDERS_WRITE}))
    with pytest.raises(NotAllowedError):
        studio.use(DownloadArchive)(actor=writer, order_id=order.id)
