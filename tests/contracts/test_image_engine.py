"""What every image engine promises, whichever one it is."""

import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from adapters.imaging.engine import LocalImageEngine
from core.domain.compliance import Measurements
from core.domain.editing.catalogue import OPERATIONS
from core.domain.editing.resolve import ImagePlan, OutputPlan, ResolvedStep
from core.errors import InvalidInputError, ProviderUnavailableError, TooLargeError, UnsupportedTypeError
from core.ports.image_engine import ImageEngine, RenderTask
from tests.unit.imaging.bombs import BOMBS
from tests.unit.imaging.pictures import Steps, corners, grain, oriented, output, product, saved, task

MakeEngine = Callable[[], ImageEngine]
ENGINES: dict[str, MakeEngine] = {"local": lambda: LocalImageEngine(processes=2)}
SHOP: Steps = [
    ("orientation", {}),
    ("background.remove", {}),
    ("background.set", {}),
    ("shadow", {"type": "contact"}),
    ("canvas", {"width": 300, "height": 300}),
    ("subject.place", {"fill": 80}),
    ("sharpen", {}),
    ("export", {"format": "jpeg", "quality": 88}),
]
SMALL: Steps = [("resize", {"long_edge": 100}), ("export", {"format": "png"})]


@pytest.fixture(params=sorted(ENGINES))
def make_engine(request: pytest.FixtureRequest) -> Iterator[MakeEngine]:
    """Makes engines of one kind, and closes them."""
    made: list[ImageEngine] = []

    def make() -> ImageEngine:
        made.append(ENGINES[request.param]())
        return made[-1]

    yield make
    for engine in made:
        engine.close()


@pytest.fixture
def engine(make_engine: MakeEngine) -> ImageEngine:
    """One engine."""
    return make_engine()


def digests(engine: ImageEngine, job: RenderTask) -> list[str]:
    """The files of a task by content."""
    return [file.sha256 for file in engine.render(job).files]


def test_it_has_a_name_and_knows_its_operations(engine: ImageEngine) -> None:
    assert engine.name
    assert [op for op in OPERATIONS if not engine.can(op)] == []
    assert not engine.can("no.such")
    assert not engine.can("../engine")


@pytest.mark.req("S0-UPL-05")
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "tiff", "gif", "avif"])
def test_probe_tells_the_format_from_the_content(engine: ImageEngine, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "picture.doc"
    product((60, 40)).save(path, kind)
    probe = engine.probe(path)
    assert (probe.format, probe.width, probe.height) == (kind, 60, 40)
    assert (probe.frames, probe.is_turned, probe.bit_depth) == (1, False, 8)


def test_probe_tells_what_else_is_in_the_header(engine: ImageEngine, tmp_path: Path) -> None:
    from adapters.imaging.profiles import adobe_rgb

    assert engine.probe(oriented(corners(), tmp_path / "turned.jpg", 6)).is_turned
    assert not engine.probe(oriented(corners(), tmp_path / "half.jpg", 3)).is_turned
    assert engine.probe(saved(product().convert("RGBA"), tmp_path / "alpha.png")).has_alpha
    assert "Adobe RGB" in str(engine.probe(saved(product(), tmp_path / "wide.jpg", icc_profile=adobe_rgb())).icc)
    saved(grain().convert("I;16"), tmp_path / "deep.png")
    assert engine.probe(tmp_path / "deep.png").bit_depth == 16
    frames = [product((30, 20)), corners((30, 20)), product((30, 20), backdrop=(9, 9, 9))]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    assert engine.probe(tmp_path / "moving.gif").frames == 3


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("png-400-million.png", TooLargeError),
        ("jpeg-scans.jpg", TooLargeError),
        ("tiff-strip.tif", InvalidInputError),
        ("svg.png", UnsupportedTypeError),
    ],
)
def test_a_picture_over_a_limit_is_refused_at_probe(
    engine: ImageEngine, tmp_path: Path, name: str, kind: type[InvalidInputError]
) -> None:
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    with pytest.raises(kind):
        engine.probe(path)


def test_every_output_is_one_complete_file_in_the_work_folder(engine: ImageEngine, tmp_path: Path) -> None:
    source = saved(product((900, 600)), tmp_path / "a.jpg")
    work = tmp_path / "work"
    work.mkdir()
    result = engine.render(task(source, work, output(SHOP, "shop"), output(SMALL, "small"), output([], "same")))
    assert [f.output for f in result.files] == ["shop", "small", "same"]
    assert [(f.format, f.width, f.height) for f in result.files] == [
        ("jpeg", 300, 300),
        ("png", 100, 67),
        ("jpeg", 900, 600),
    ]
    assert sorted(f.path for f in result.files) == sorted(work.iterdir())
    for file in result.files:
        data = file.path.read_bytes()
        assert (file.bytes, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        with Image.open(file.path) as image:
            assert image.size == (file.width, file.height)
    assert result.engine == engine.name
    assert result.confidence is not None


def test_the_original_stays_as_it_is(engine: ImageEngine, tmp_path: Path) -> None:
    source = saved(product((300, 200)), tmp_path / "a.jpg")
    before = source.read_bytes()
    engine.render(task(source, tmp_path, output(SHOP)))
    assert source.read_bytes() == before


def test_the_same_task_gives_the_same_bytes(make_engine: MakeEngine, tmp_path: Path) -> None:
    """Again, in another process, beside other outputs, and under the load of other tasks."""
    source = saved(product((900, 600)), tmp_path / "a.jpg")
    engine, other = make_engine(), make_engine()
    first = digests(engine, task(source, tmp_path, output(SHOP)))
    assert digests(engine, task(source, tmp_path, output(SHOP))) == first
    assert digests(other, task(source, tmp_path, output(SHOP))) == first
    jobs = []
    for number in range(8):
        folder = tmp_path / str(number)
        folder.mkdir()
        jobs.append(task(source, folder, output(SHOP)))
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda job: digests(engine, job), jobs))
    assert together == [first] * 8


def test_two_outputs_alike_are_alike(engine: ImageEngine, tmp_path: Path) -> None:
    source = saved(product((900, 600)), tmp_path / "a.png")
    one, two = digests(engine, task(source, tmp_path, output(SHOP, "one"), output(SHOP, "two")))
    assert one == two


def test_more_callers_than_processes_are_all_served(engine: ImageEngine, tmp_path: Path) -> None:
    sources = [saved(grain((200, 150), seed=n), tmp_path / f"{n}.png") for n in range(12)]
    barrier = threading.Barrier(6)

    def work(source: Path) -> tuple[int, int]:
        if source.stem in {str(n) for n in range(6)}:
            barrier.wait(30)
        probe = engine.probe(source)
        return probe.width, probe.height

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(work, sources)) == [(200, 150)] * 12


def test_a_preview_is_small(engine: ImageEngine, tmp_path: Path) -> None:
    source = saved(product((900, 600)), tmp_path / "a.jpg")
    (file,) = engine.render(task(source, tmp_path, output(SHOP), max_edge=120)).files
    assert (file.width, file.height) == (120, 120)


def test_an_unknown_operation_is_refused(engine: ImageEngine, tmp_path: Path) -> None:
    plan = ImagePlan(outputs=(OutputPlan(name="a", folder="", steps=(ResolvedStep(op="no.such", params={}),)),))
    source = saved(product((90, 60)), tmp_path / "a.png")
    with pytest.raises(InvalidInputError) as caught:
        engine.render(RenderTask(source=source, plan=plan, work_dir=tmp_path))
    assert caught.value.code == "unknown_operation"


def test_a_damaged_picture_is_refused_and_leaves_no_file(engine: ImageEngine, tmp_path: Path) -> None:
    source = saved(grain((600, 400)), tmp_path / "a.jpg")
    source.write_bytes(source.read_bytes()[:20_000])
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(InvalidInputError):
        engine.render(task(source, work, output(SMALL)))
    assert list(work.iterdir()) == []


def test_measures_are_what_the_compliance_check_reads(engine: ImageEngine, tmp_path: Path) -> None:
    source = saved(product((900, 600)), tmp_path / "a.jpg")
    dpi: Steps = [*SHOP[:-1], ("export", {"format": "jpeg", "dpi": 300})]
    (file,) = engine.render(task(source, tmp_path, output(dpi))).files
    measured = Measurements.from_mapping(file.measures)
    assert (measured.width, measured.height, measured.bytes) == (300, 300, file.bytes)
    assert (measured.format, measured.colour_space, measured.icc_space, measured.dpi) == ("jpeg", "rgb", "rgb", 300)
    known = measured.as_mapping()
    missing = {"fill_longest_side", "fill_area", "background_white_share", "orientation"} - set(known)
    assert missing == set()


def test_every_measure_is_documented(engine: ImageEngine, tmp_path: Path, project_root: Path) -> None:
    text = (project_root / "docs" / "reference" / "measures.md").read_text("utf-8")
    source = saved(product((900, 600)), tmp_path / "a.jpg")
    steps: Steps = [*SHOP[:-1], ("export", {"format": "jpeg", "dpi": 300})]
    (file,) = engine.render(task(source, tmp_path, output(steps))).files
    assert [name for name in file.measures if f"`{name}`" not in text] == []


def test_a_closed_engine_refuses_work(make_engine: MakeEngine, tmp_path: Path) -> None:
    engine = make_engine()
    source = saved(product((90, 60)), tmp_path / "a.png")
    engine.probe(source)
    engine.close()
    engine.close()
    with pytest.raises(ProviderUnavailableError):
        engine.probe(source)


def small(engine: ImageEngine, source: Path, edge: int = 60) -> Image.Image:
    """Return the thumbnail of a file, opened."""
    file = engine.thumbnail(source, edge=edge, target=source.with_name("thumbnail.webp"))
    data = file.path.read_bytes()
    assert (file.format, file.bytes, file.sha256) == ("webp", len(data), hashlib.sha256(data).hexdigest())
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("WEBP", (file.width, file.height))
    return image


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_thumbnail_is_upright(engine: ImageEngine, tmp_path: Path, orientation: int) -> None:
    source = oriented(corners(), tmp_path / "a.jpg", orientation)
    with Image.open(source) as stored:
        upright = ImageOps.exif_transpose(stored).convert("RGB")
    shown = small(engine, source).convert("RGB")
    assert shown.size == ((60, 40) if orientation < 5 else (40, 60))
    wanted = np.asarray(upright.resize(shown.size)).astype(int)
    assert np.abs(np.asarray(shown) - wanted)[5:-5:10, 5:-5:10].max() < 25


def test_a_thumbnail_is_in_srgb_and_tells_nothing_else(engine: ImageEngine, tmp_path: Path) -> None:
    from adapters.imaging.profiles import adobe_rgb

    exif = Image.Exif()
    exif[0x010F] = "Camera maker"
    plain = saved(Image.new("RGB", (300, 200), (40, 200, 60)), tmp_path / "plain.png")
    wide = saved(Image.open(plain), tmp_path / "wide.jpg", exif=exif, icc_profile=adobe_rgb())
    shown = small(engine, wide)
    assert set(shown.info) <= {"loop", "background", "timestamp", "duration"}
    assert b"Camera maker" not in (tmp_path / "thumbnail.webp").read_bytes()
    green = np.asarray(shown.convert("RGB"))[20, 30].astype(int)
    assert green[0] < 20, "Adobe RGB (40, 200, 60) lies outside sRGB"
    assert np.abs(np.asarray(small(engine, plain).convert("RGB"))[20, 30].astype(int) - (40, 200, 60)).max() <= 4


def test_a_thumbnail_keeps_transparency_and_is_never_larger(engine: ImageEngine, tmp_path: Path) -> None:
    cut_out = Image.new("RGBA", (300, 200), (200, 30, 30, 0))
    cut_out.paste((200, 30, 30, 255), (100, 50, 200, 150))
    shown = small(engine, saved(cut_out, tmp_path / "a.png"))
    assert (shown.mode, shown.size) == ("RGBA", (60, 40))
    alpha = np.asarray(shown)[:, :, 3]
    assert (alpha[2, 2], alpha[20, 30]) == (0, 255)
    assert small(engine, saved(product((50, 30)), tmp_path / "b.jpg")).size == (50, 30)
    assert small(engine, saved(grain((900, 2)), tmp_path / "c.png")).size == (60, 1)


def test_thumbnails_of_every_format_and_depth(engine: ImageEngine, tmp_path: Path) -> None:
    for kind in ("jpeg", "png", "webp", "tiff", "gif", "avif"):
        product((300, 200)).save(tmp_path / kind, kind)
        assert small(engine, tmp_path / kind).size == (60, 40)
    saved(grain().convert("I;16"), tmp_path / "deep.png")
    product((300, 200)).convert("CMYK").save(tmp_path / "print.tif")
    product((300, 200)).convert("CMYK").save(tmp_path / "print.jpg")
    assert [small(engine, tmp_path / n).mode for n in ("deep.png", "print.tif", "print.jpg")] == ["RGB"] * 3


def test_the_same_picture_gives_the_same_thumbnail(make_engine: MakeEngine, tmp_path: Path) -> None:
    source = saved(grain((900, 600)), tmp_path / "a.jpg")
    made = {make_engine().thumbnail(source, edge=320, target=tmp_path / str(n)).sha256 for n in range(3)}
    assert len(made) == 1


@pytest.mark.parametrize("name", ["png-400-million.png", "tiff-strip.tif", "svg.png"])
def test_a_thumbnail_of_a_bomb_is_refused(engine: ImageEngine, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BOMBS[name]())
    with pytest.raises(InvalidInputError):
        engine.thumbnail(tmp_path / name, edge=320, target=tmp_path / "thumbnail.webp")
    assert [p.name for p in tmp_path.iterdir()] == [name]
