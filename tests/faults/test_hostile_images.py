"""Hostile, damaged and misnamed pictures, limits of the child processes, and metadata that must not leak."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import psutil
import pytest
from PIL import Image

from adapters.imaging import loaders
from adapters.imaging.engine import LocalImageEngine
from adapters.imaging.limits import MIB, Limits
from core.errors import (
    I2IError,
    InvalidInputError,
    ProviderRejectedError,
    ProviderUnavailableError,
    TooLargeError,
    UnsupportedTypeError,
)
from core.ports.image_engine import Probe, RenderResult
from tests.unit.imaging.bombs import BOMBS, BURDENS, damaged, seeds, whole_png
from tests.unit.imaging.pictures import Steps, grain, output, product, saved, task

MEMORY_LIMIT = 700 * MIB
REFUSALS = (InvalidInputError, TooLargeError, UnsupportedTypeError, ProviderRejectedError)
TO_JPEG: Steps = [("resize", {"long_edge": 64}), ("export", {"format": "jpeg"})]
UNLIMITED = Limits(
    max_side=10**7,
    max_pixels=10**11,
    max_decoded_bytes=10**12,
    max_frames=10**9,
    max_scans=10**9,
)


@pytest.fixture
def engine() -> Iterator[LocalImageEngine]:
    """One child, closed at the end."""
    with closing(LocalImageEngine(processes=1)) as local:
        yield local


class closing:  # noqa: N801 -- reads like contextlib.closing, with the engine's type
    """Close an engine at the end of a block."""

    def __init__(self, local: LocalImageEngine) -> None:
        self._local = local

    def __enter__(self) -> LocalImageEngine:
        return self._local

    def __exit__(self, *_: object) -> None:
        self._local.close()


def child_of(local: LocalImageEngine) -> int:
    """Process id of the only child."""
    (child,) = local._pool._children
    return child.pid


def peak_memory(pid: int) -> int:
    """The most memory that a process has had resident, in bytes."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip("peak memory is read from /proc")
    line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def shortcomings(local: LocalImageEngine, files: Mapping[str, Callable[[], bytes]], folder: Path) -> Iterator[str]:
    """Probe each file; yield what was let through, killed a child, or took too much memory."""
    for name, make in files.items():
        path = folder / name
        path.write_bytes(make())
        try:
            local.probe(path)
        except REFUSALS:
            pass
        except ProviderUnavailableError as error:
            yield f"{name}: {error.message}"
            continue
        else:
            yield f"{name}: accepted"
        peak = peak_memory(child_of(local))
        if peak > MEMORY_LIMIT:
            yield f"{name}: {peak / MIB:.0f} MiB"


def test_every_bomb_is_refused_within_its_limits(engine: LocalImageEngine, tmp_path: Path) -> None:
    assert len(BOMBS) >= 20
    assert list(shortcomings(engine, BOMBS, tmp_path)) == []


def test_an_engine_without_limits_is_caught(tmp_path: Path) -> None:
    """The planted fault: the same check on an engine that accepts any size."""
    names = ("png-long-side.png", "png-interlaced-strip.png", "gif-frames.gif", "jpeg-scans.jpg")
    with closing(LocalImageEngine(processes=1, limits=UNLIMITED)) as careless:
        found = list(shortcomings(careless, {name: BOMBS[name] for name in names}, tmp_path))
    assert any("gif-frames.gif: accepted" in line for line in found)
    assert any("jpeg-scans.jpg: accepted" in line for line in found)
    assert len(found) >= 3


def test_burdens_stay_within_the_memory_limit(engine: LocalImageEngine, tmp_path: Path) -> None:
    """They may be accepted; what counts is that they cost no more than others."""
    found = [line for line in shortcomings(engine, BURDENS, tmp_path) if not line.endswith("accepted")]
    assert found == []


def test_an_honest_picture_of_24_million_pixels_passes(engine: LocalImageEngine, tmp_path: Path) -> None:
    large = grain((1500, 1000)).resize((6000, 4000), Image.Resampling.BICUBIC)
    path = saved(large, tmp_path / "honest.jpg", quality=90)
    probe = engine.probe(path)
    assert (probe.width, probe.height, probe.format) == (6000, 4000, "jpeg")
    result = engine.render(task(path, tmp_path, output([("resize", {"long_edge": 2000}), *TO_JPEG[1:]])))
    assert (result.files[0].width, result.files[0].height) == (2000, 1333)
    assert peak_memory(child_of(engine)) < MEMORY_LIMIT


def outcome(local: LocalImageEngine, path: Path, folder: Path) -> Probe | RenderResult | I2IError:
    """Probe, and render what passes."""
    try:
        local.probe(path)
        return local.render(task(path, folder, output(TO_JPEG)))
    except I2IError as error:
        return error


def unexpected(local: LocalImageEngine, files: Iterable[tuple[str, bytes]], folder: Path) -> Iterator[str]:
    """Try each file; yield those that ended in anything but a picture or a typed refusal."""
    for name, data in files:
        path = folder / name
        path.write_bytes(data)
        found = outcome(local, path, folder)
        path.unlink()
        if not isinstance(found, (RenderResult, *REFUSALS)):
            yield f"{name}: {found!r}"


def test_damaged_files_end_in_a_picture_or_a_refusal(engine: LocalImageEngine, tmp_path: Path) -> None:
    """Four hundred of ten kinds; the same child serves them all."""
    engine.probe(saved(product((40, 30)), tmp_path / "first.png"))
    before = child_of(engine)
    own = psutil.Process().memory_info().rss
    files = list(damaged(40))
    assert len(files) == 400
    # More tasks than a child serves before it is replaced would hide a death.
    patient = attrs.evolve(engine._pool._settings, tasks_per_child=10_000)
    engine._pool._settings = next(iter(engine._pool._children))._settings = patient
    assert list(unexpected(engine, files, tmp_path)) == []
    assert child_of(engine) == before
    assert psutil.Process().memory_info().rss - own < 50 * MIB


def test_undamaged_files_of_every_kind_are_rendered(engine: LocalImageEngine, tmp_path: Path) -> None:
    for name, data in seeds().items():
        path = tmp_path / name
        path.write_bytes(data)
        assert isinstance(outcome(engine, path, tmp_path), RenderResult), name


def test_files_cut_in_half_are_refused_by_the_probe(engine: LocalImageEngine, tmp_path: Path) -> None:
    for name, data in seeds().items():
        path = tmp_path / name
        path.write_bytes(data[: len(data) // 2])
        with pytest.raises(InvalidInputError) as caught:
            engine.probe(path)
        assert caught.value.code == "truncated_image", name


def test_a_thumbnail_does_not_hide_that_a_jpeg_is_cut(engine: LocalImageEngine, tmp_path: Path) -> None:
    """The end marker of the small picture in the header is not that of the large one."""
    thumbnail = seeds()["baseline.jpg"]
    data = seeds()["baseline.jpg"]
    segment = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    whole = data[:2] + segment + data[2:]
    path = tmp_path / "a.jpg"
    path.write_bytes(whole)
    assert engine.probe(path).width == 96
    path.write_bytes(whole[:-300])
    with pytest.raises(InvalidInputError):
        engine.probe(path)


def test_the_shared_hostile_files(engine: LocalImageEngine, tmp_path: Path, shared_dir: Path) -> None:
    """Some are honest pictures under a wrong name: content decides."""
    honest = {"gifar.jpg", "jpeg-named.png"}
    for path in sorted((shared_dir / "photos" / "hostile").iterdir()):
        found = outcome(engine, path, tmp_path)
        assert isinstance(found, RenderResult if path.name in honest else REFUSALS), path.name
    assert peak_memory(child_of(engine)) < MEMORY_LIMIT


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"", InvalidInputError, "empty_file"),
        (b"hello, this is no picture", UnsupportedTypeError, "not_an_image"),
        (b"\n <svg xmlns='http://www.w3.org/2000/svg'/>", UnsupportedTypeError, "unsupported_type"),
        (b"%PDF-1.7 and so on", UnsupportedTypeError, "unsupported_type"),
        (b"P6 1 1 255 abc", UnsupportedTypeError, "not_an_image"),
        (b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>", InvalidInputError, "truncated_image"),
    ],
)
def test_refusals_say_why(engine: LocalImageEngine, tmp_path: Path, data: bytes, kind: Any, code: str) -> None:
    path = tmp_path / "picture.jpg"
    path.write_bytes(data)
    with pytest.raises(kind) as caught:
        engine.probe(path)
    assert caught.value.code == code
    assert caught.value.message.endswith(".")


def test_a_size_refusal_names_the_size_and_the_limit(engine: LocalImageEngine, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(BOMBS["png-400-million.png"]())
    with pytest.raises(TooLargeError) as caught:
        engine.probe(path)
    assert caught.value.code == "too_many_pixels"
    assert "400" in caught.value.message
    assert "100 million" in caught.value.message


def loadable(paths: Iterable[Path]) -> list[str]:
    """Names of the files that the library opens."""
    import pyvips

    found = []
    for path in paths:
        try:
            pyvips.Image.new_from_file(str(path))
        except pyvips.Error:
            continue
        found.append(path.name)
    return found


def test_only_accepted_formats_have_a_loader(tmp_path: Path) -> None:
    """Asked of the library itself: the names of its loaders have changed before, and a wrong one blocks nothing."""
    import pyvips

    loaders.configure()
    files = [saved(product((30, 20)), tmp_path / f"a.{kind}") for kind in ("png", "webp", "tif", "gif", "avif")]
    picture = pyvips.Image.black(4, 4)
    files += [tmp_path / "a.v", tmp_path / "a.csv", tmp_path / "a.mat"]
    picture.write_to_file(str(files[-3]))
    picture.write_to_file(str(files[-2]))
    files[-1].write_text("1 1\n5\n")
    files.append(tmp_path / "a.svg")
    files[-1].write_text("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    assert loadable(files) == ["a.png", "a.webp", "a.tif", "a.gif", "a.avif"]
    pyvips.operation_block_set("VipsForeignLoad", False)
    try:
        assert "a.svg" in loadable(files), "the planted fault: without the block this test sees it"
    finally:
        loaders.configure()


def test_too_much_processor_time_is_a_refusal_and_the_next_task_works(tmp_path: Path) -> None:
    quick = saved(product((40, 30)), tmp_path / "quick.png")
    limits = Limits(probe_cpu_s=0, max_decoded_bytes=2**40, max_pixels=10**10)
    with closing(LocalImageEngine(processes=1, limits=limits)) as local:
        slowest = tmp_path / "slowest.png"
        slowest.write_bytes(whole_png((29_000, 29_000)))
        with pytest.raises(TooLargeError) as caught:
            local.probe(slowest)
        assert caught.value.code == "decode_too_long"
        assert local.probe(quick).width == 40


def test_too_much_memory_is_a_refusal(tmp_path: Path) -> None:
    path = saved(product((3000, 3000)), tmp_path / "a.png")
    with closing(LocalImageEngine(processes=1, limits=Limits(memory_bytes=600 * MIB))) as local:
        steps: Steps = [("resize", {"width": 9000, "height": 9000, "enlarge": True}), ("export", {"format": "png"})]
        with pytest.raises(TooLargeError, match="memory"):
            local.render(task(path, tmp_path, output(steps)))
        assert local.probe(path).width == 3000


def stopped(local: LocalImageEngine) -> int:
    """Freeze the child, so that whatever it is asked next stays under way."""
    pid = child_of(local)
    os.kill(pid, signal.SIGSTOP)
    return pid


def test_a_child_that_does_not_answer_is_replaced(tmp_path: Path) -> None:
    path = saved(product((40, 30)), tmp_path / "a.png")
    with closing(LocalImageEngine(processes=1, limits=Limits(probe_wall_s=1.0))) as local:
        local.probe(path)
        frozen = stopped(local)
        with pytest.raises(ProviderUnavailableError):
            local.probe(path)
        assert local.probe(path).width == 40
        assert child_of(local) != frozen
        assert not psutil.pid_exists(frozen)


def test_a_child_killed_at_work_fails_that_task_only(engine: LocalImageEngine, tmp_path: Path) -> None:
    path = saved(product((40, 30)), tmp_path / "a.png")
    engine.probe(path)
    pid = stopped(engine)
    errors: list[I2IError] = []

    def work() -> None:
        try:
            engine.render(task(path, tmp_path, output(TO_JPEG)))
        except I2IError as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    os.kill(pid, signal.SIGKILL)
    thread.join(30)
    assert [type(error) for error in errors] == [ProviderUnavailableError]
    assert engine.render(task(path, tmp_path, output(TO_JPEG))).files[0].width == 40
    assert list(tmp_path.glob("*.part")) == []


def test_closing_the_engine_ends_what_is_under_way(tmp_path: Path) -> None:
    path = saved(product((40, 30)), tmp_path / "a.png")
    local = LocalImageEngine(processes=1)
    local.probe(path)
    frozen = stopped(local)
    errors: list[I2IError] = []

    def work() -> None:
        try:
            local.probe(path)
        except I2IError as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    local.close()
    thread.join(30)
    assert [type(error) for error in errors] == [ProviderUnavailableError]
    assert not psutil.pid_exists(frozen)


def test_children_end_with_their_parent(tmp_path: Path) -> None:
    """Also when the parent has no time to say goodbye."""
    path = saved(product((40, 30)), tmp_path / "a.png")
    script = (
        "import os, sys; from pathlib import Path; from adapters.imaging.engine import LocalImageEngine\n"
        "e = LocalImageEngine(processes=1); e.probe(Path(sys.argv[1]))\n"
        "print(next(iter(e._pool._children)).pid, flush=True); os.kill(os.getpid(), 9)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, env=environment, check=False
    )
    pid = int(done.stdout)
    try:
        _, alive = psutil.wait_procs([psutil.Process(pid)], timeout=10)
    except psutil.NoSuchProcess:
        alive = []
    assert alive == []


def test_a_child_gets_no_secrets(engine: LocalImageEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SECRET", "do-not-tell")
    engine.probe(saved(product((40, 30)), tmp_path / "a.png"))
    environment = psutil.Process(child_of(engine)).environ()
    assert "do-not-tell" not in environment.values()
    assert set(environment) & {"PATH", "VIPS_CONCURRENCY"}


def test_a_child_serves_a_bounded_number_of_tasks(tmp_path: Path) -> None:
    path = saved(product((40, 30)), tmp_path / "a.png")
    with closing(LocalImageEngine(processes=1, limits=Limits(tasks_per_child=3))) as local:
        seen = []
        for _ in range(7):
            local.probe(path)
            seen.append(child_of(local))
    assert len(set(seen)) == 3
    assert not any(psutil.pid_exists(pid) for pid in seen)


def personal_data(path: Path) -> list[str]:
    """Tags of place, serial numbers and owners in a file."""
    found = []
    with Image.open(path) as image:
        exif = image.getexif()
        found += [f"gps {tag}" for tag in exif.get_ifd(0x8825)]
        camera = exif.get_ifd(0x8769)
        found += [f"camera {tag:x}" for tag in (0xA430, 0xA431, 0xA435, 0xC62F) if tag in camera or tag in exif]
        found += ["xmp"] if image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") else []
        found += ["artist"] if exif.get(0x013B) else []
    return found


def test_exports_carry_nothing_personal_and_their_profile(
    engine: LocalImageEngine, tmp_path: Path, shared_dir: Path
) -> None:
    """The sample photos have EXIF of all orientations; one with place, serial number and owner is added."""
    exif = Image.Exif()
    exif[0x013B] = "A. Person"
    exif.get_ifd(0x8769)[0xA431] = "SERIAL-123"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    private = saved(product((90, 60)), tmp_path / "private.jpg", exif=exif, xmp=b"<x:xmpmeta>Jane</x:xmpmeta>")
    assert len(personal_data(private)) >= 4
    photos = [private, *sorted((shared_dir / "photos" / "formats").glob("*.jpg"))]
    for path in photos:
        upright = [("orientation", {}), ("resize", {"long_edge": 200}), ("export", {})]
        (file,) = engine.render(task(path, tmp_path, output(upright))).files
        assert personal_data(file.path) == [], path.name
        with Image.open(file.path) as image:
            assert image.info.get("icc_profile")
            assert image.getexif().get(0x0112, 1) == 1
