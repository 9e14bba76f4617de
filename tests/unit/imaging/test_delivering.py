"""Formats, quality, profiles, resolution, depth, size limits, metadata and overlays."""

import html
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
from PIL import Image, ImageCms

from adapters.imaging import heif
from adapters.imaging.encode import white_quality
from adapters.imaging.profiles import adobe_rgb
from core.errors import InvalidInputError, UnsupportedTypeError
from core.ports.image_engine import Severity
from tests.unit.imaging.pictures import RED, Steps, corners, grain, pixels_of, product, saved

Cook = Callable[..., Any]
PNG = ("export", {"format": "png"})


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "tiff", "avif"])
def test_every_format_is_written_as_itself(cook_file: Cook, kind: str) -> None:
    file = cook_file(corners((320, 200)), [("export", {"format": kind})])
    with Image.open(file.path) as image:
        assert image.format is not None
        assert image.format.lower() == kind
        assert image.size == (320, 200)
        assert image.info.get("icc_profile")
    assert np.abs(pixels_of(file)[20, 20].astype(int) - RED).max() < 12
    assert file.bytes == file.path.stat().st_size
    assert file.format == kind


@pytest.mark.parametrize(("suffix", "kind"), [(".jpg", "jpeg"), (".png", "png"), (".webp", "webp"), (".gif", "png")])
def test_keep_writes_the_format_of_the_original(cook_file: Cook, tmp_path: Path, suffix: str, kind: str) -> None:
    path = tmp_path / f"a{suffix}"
    product((60, 40)).save(path)
    assert cook_file(path, [("export", {})]).format == kind


def test_without_an_export_the_format_is_kept(cook_file: Cook, tmp_path: Path) -> None:
    assert cook_file(saved(product((60, 40)), tmp_path / "a.jpg"), []).format == "jpeg"


@pytest.mark.parametrize(("quality", "layout"), [(60, 2), (90, 2), (91, 0), (100, 0)])
def test_colour_resolution_follows_quality(cook_file: Cook, quality: int, layout: int) -> None:
    """4:2:0 up to 90, 4:4:4 above."""
    from PIL import JpegImagePlugin

    file = cook_file(grain(), [("export", {"format": "jpeg", "quality": quality})])
    with Image.open(file.path) as image:
        assert JpegImagePlugin.get_sampling(image) == layout


def test_white_stays_white_at_every_quality() -> None:
    """And the qualities passed over are those at which it would not."""
    white = pyvips.Image.new_from_array(np.full((32, 32, 3), 255, np.uint8), interpretation="srgb")

    def darkest(quality: int) -> int:
        with Image.open(io.BytesIO(white.jpegsave_buffer(Q=quality, subsample_mode="off"))) as image:
            return int(np.asarray(image).min())

    raised = {quality: white_quality(quality) for quality in range(1, 101)}
    assert all(darkest(used) == 255 for used in raised.values())
    passed_over = [quality for quality, used in raised.items() if used != quality]
    assert passed_over
    assert all(darkest(quality) < 255 for quality in passed_over)
    assert max(used - quality for quality, used in raised.items()) <= 5


def test_a_higher_quality_is_closer_and_larger(cook_file: Cook) -> None:
    wanted = np.asarray(grain()).astype(int)
    sizes, errors = [], []
    for quality in (30, 60, 95):
        file = cook_file(grain(), [("export", {"format": "jpeg", "quality": quality})])
        sizes.append(file.bytes)
        errors.append(np.abs(pixels_of(file) - wanted).mean())
    assert sizes == sorted(sizes)
    assert errors == sorted(errors, reverse=True)


@pytest.mark.parametrize("kind", ["jpeg", "webp", "avif"])
def test_a_size_limit_is_kept_with_the_best_quality(cook: Cook, kind: str) -> None:
    free = cook(grain(), [("export", {"format": kind, "quality": 95})]).files[0].bytes
    limit = free // 2
    result = cook(grain(), [("export", {"format": kind, "quality": 95, "max_bytes": limit})])
    assert 0.6 * limit < result.files[0].bytes <= limit
    assert result.flags == ()


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_an_unreachable_size_limit_is_flagged(cook: Cook, kind: str) -> None:
    result = cook(grain(), [("export", {"format": kind, "max_bytes": 1000})])
    (flag,) = result.flags
    assert (flag.code, flag.severity, flag.limit) == ("max_bytes_unreachable", Severity.REVIEW, 1000)
    assert flag.measured == result.files[0].bytes


@pytest.mark.parametrize("kind", ["jpeg", "png", "tiff"])
def test_resolution_is_written(cook_file: Cook, kind: str) -> None:
    file = cook_file(product((60, 40)), [("export", {"format": kind, "dpi": 300})])
    with Image.open(file.path) as image:
        assert [round(float(v)) for v in image.info["dpi"]] == [300, 300]
    assert file.measures["dpi"] == 300


def test_resolution_of_the_canvas_is_written(cook_file: Cook) -> None:
    canvas = {"width": 50, "height": 50, "unit": "mm", "dpi": 150}
    file = cook_file(product((600, 400)), [("canvas", canvas), ("export", {"format": "jpeg"})])
    with Image.open(file.path) as image:
        assert image.size == (295, 295)
        assert round(float(image.info["dpi"][0])) == 150


def test_without_a_resolution_that_of_the_original_is_kept(cook_file: Cook, tmp_path: Path) -> None:
    path = saved(product((60, 40)), tmp_path / "a.jpg", dpi=(240, 240))
    for source, dpi in ((path, 240), (product((60, 40)), 72)):
        for kind in ("jpeg", "png", "tiff"):
            file = cook_file(source, [("export", {"format": kind})])
            with Image.open(file.path) as image:
                assert round(float(image.info["dpi"][0])) == dpi
            assert file.measures["dpi"] == dpi
    assert "dpi" not in cook_file(path, [("export", {"format": "webp"})]).measures


@pytest.mark.parametrize("kind", ["webp", "avif"])
def test_formats_without_a_resolution_keep_it_in_exif(cook_file: Cook, kind: str) -> None:
    file = cook_file(product((60, 40)), [("export", {"format": kind, "dpi": 300})])
    with Image.open(file.path) as image:
        assert image.getexif()[0x011A] == 300


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif"])
def test_a_stripped_file_holds_no_exif_at_all(cook_file: Cook, tmp_path: Path, kind: str) -> None:
    file = cook_file(camera_file(tmp_path / "camera.jpg"), [("export", {"format": kind})])
    with Image.open(file.path) as image:
        assert not image.getexif()


def embedded(path: Path) -> str:
    with Image.open(path) as image:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        return ImageCms.getProfileDescription(profile).strip()


def seen(path: Path) -> np.ndarray[Any, Any]:
    """Return the pixels as a colour-managed viewer shows them."""
    with Image.open(path) as image:
        there = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        srgb = ImageCms.createProfile("sRGB")
        shown = ImageCms.profileToProfile(
            image.convert("RGB"), there, srgb, renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC
        )
        assert shown is not None
        return np.asarray(shown).astype(int)


@pytest.mark.parametrize(("name", "words"), [("srgb", "sRGB"), ("adobe-rgb", "Adobe RGB"), ("display-p3", "P3")])
def test_a_named_profile_is_embedded_and_the_colours_stay(cook_file: Cook, name: str, words: str) -> None:
    for steps in ([("colour.convert", {"profile": name}), PNG], [("export", {"format": "png", "icc": name})]):
        file = cook_file(corners(), steps)
        assert words in embedded(file.path)
        assert words in file.measures["icc"]
        assert np.abs(seen(file.path) - np.asarray(corners())).max() <= 4


def test_adobe_rgb_in_is_srgb_out_with_the_same_look(cook_file: Cook, tmp_path: Path) -> None:
    path = saved(corners(), tmp_path / "wide.png", icc_profile=adobe_rgb())
    file = cook_file(path, [PNG])
    assert "sRGB" in embedded(file.path)
    # Green of Adobe RGB is outside sRGB; the other three colours fit.
    difference = np.abs(seen(file.path) - seen(path))
    assert difference[:40, :60].max() <= 4
    assert difference[40:].max() <= 4
    assert not np.array_equal(pixels_of(file), np.asarray(corners()))


def test_wide_colours_survive_into_a_wide_profile(cook_file: Cook, tmp_path: Path) -> None:
    """Adobe RGB in, Adobe RGB out: nothing is squeezed through sRGB on the way."""
    path = saved(corners(), tmp_path / "wide.png", icc_profile=adobe_rgb())
    file = cook_file(path, [("colour.convert", {"profile": "adobe-rgb"}), PNG])
    assert np.abs(pixels_of(file).astype(int) - np.asarray(corners())).max() <= 2


def test_the_background_has_its_colour_in_a_wide_profile(cook_file: Cook) -> None:
    steps = [("canvas", {"aspect": "1:1"}), ("background.set", {"colour": "#C04030"})]
    file = cook_file(corners(), [*steps, ("export", {"format": "png", "icc": "adobe-rgb"})])
    assert np.abs(seen(file.path)[2, 2] - (0xC0, 0x40, 0x30)).max() <= 2


def test_a_profile_of_the_operator(cook_file: Cook, tmp_path: Path) -> None:
    from adapters.imaging.pipeline import Settings

    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "Shop.icc").write_bytes(adobe_rgb())
    file = cook_file(corners(), [("colour.convert", {"profile": "shop"}), PNG], settings=Settings(icc_folder=folder))
    assert "Adobe RGB" in embedded(file.path)


def test_an_unknown_profile_is_refused_by_name(cook_file: Cook) -> None:
    with pytest.raises(InvalidInputError) as caught:
        cook_file(corners(), [("colour.convert", {"profile": "no-such"}), PNG])
    assert caught.value.code == "unknown_profile"
    assert "no-such" in caught.value.message


@pytest.fixture
def cmyk_settings(tmp_path: Path) -> Any:
    from adapters.imaging.pipeline import Settings
    from adapters.imaging.profiles import built_in

    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "press.icc").write_bytes(built_in("cmyk"))
    return Settings(icc_folder=folder)


@pytest.mark.parametrize("kind", ["tiff", "jpeg"])
def test_cmyk_with_its_profile(cook_file: Cook, cmyk_settings: Any, kind: str) -> None:
    export = {"format": kind, "colour_space": "cmyk", "icc": "press", "dpi": 300}
    file = cook_file(corners(), [("export", export)], settings=cmyk_settings)
    with Image.open(file.path) as image:
        assert image.mode == "CMYK"
        assert len(image.info["icc_profile"]) > 100_000
    assert file.measures["colour_space"] == "cmyk"
    assert file.measures["icc_space"] == "cmyk"


def test_cmyk_with_an_rgb_profile_is_refused(cook_file: Cook) -> None:
    with pytest.raises(InvalidInputError) as caught:
        cook_file(corners(), [("export", {"format": "tiff", "colour_space": "cmyk", "icc": "adobe-rgb"})])
    assert caught.value.code == "profile_mismatch"


@pytest.mark.parametrize("has_profile", [True, False])
def test_cmyk_originals_become_rgb(cook_file: Cook, cmyk_settings: Any, tmp_path: Path, has_profile: bool) -> None:
    press = cook_file(
        corners(),
        [("export", {"format": "tiff", "colour_space": "cmyk", "icc": "press"})],
        settings=cmyk_settings,
    )
    path = press.path
    if not has_profile:
        path = tmp_path / "bare.tif"
        with Image.open(press.path) as image:
            image.info.pop("icc_profile")
            image.save(path)
    work = cook_file(path, [PNG])
    assert np.abs(pixels_of(work)[10, 10].astype(int) - RED).max() < 40


def test_grey(cook_file: Cook) -> None:
    for kind in ("png", "jpeg", "tiff"):
        file = cook_file(corners(), [("export", {"format": kind, "colour_space": "grey"})])
        with Image.open(file.path) as image:
            assert image.mode == "L"
        assert file.measures["colour_space"] == "grey"


def deep_ramp(path: Path) -> Path:
    """All 65,536 values of 16 bits, once each."""
    values = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    pyvips.Image.new_from_array(np.stack([values] * 3, axis=-1), interpretation="rgb16").write_to_file(str(path))
    return path


@pytest.mark.parametrize("kind", ["tiff", "png"])
@pytest.mark.parametrize("compression", ["none", "lzw", "zip"])
def test_sixteen_bits_in_are_sixteen_bits_out(cook_file: Cook, tmp_path: Path, kind: str, compression: str) -> None:
    source = deep_ramp(tmp_path / "deep.tif")
    export = {"format": kind, "bit_depth": "16", "compression": compression}
    file = cook_file(source, [("export", export)])
    image = pyvips.Image.new_from_file(str(file.path))
    assert image.format == "ushort"
    assert len(np.unique(image.numpy()[:, :, 0])) == 65536
    assert file.measures["bit_depth"] == 16


def test_sixteen_bits_survive_adjusting_scaling_and_compositing(cook_file: Cook, tmp_path: Path) -> None:
    source = deep_ramp(tmp_path / "deep.tif")
    steps = [
        ("exposure", {"ev": 0.3}),
        ("saturation", {"amount": 10}),
        ("resize", {"long_edge": 200}),
        ("sharpen", {"amount": 30}),
        ("canvas", {"width": 220, "height": 220}),
        ("export", {"format": "tiff", "bit_depth": "16"}),
    ]
    image = pyvips.Image.new_from_file(str(cook_file(source, steps).path))
    inner = image.numpy()[12:-12, 12:-12, 0]
    assert len(np.unique(inner)) > 5000
    assert np.all(image.numpy()[:5] == 65535)


def test_sixteen_bits_become_eight_when_not_asked_for(cook_file: Cook, tmp_path: Path) -> None:
    file = cook_file(deep_ramp(tmp_path / "deep.tif"), [("export", {"format": "tiff"})])
    assert pyvips.Image.new_from_file(str(file.path)).format == "uchar"


def test_sixteen_bits_of_an_eight_bit_original_are_a_note(cook: Cook, tmp_path: Path) -> None:
    result = cook(corners(), [("export", {"format": "tiff", "bit_depth": "16"})])
    assert pyvips.Image.new_from_file(str(result.files[0].path)).format == "ushort"
    assert [(f.code, f.severity) for f in result.flags] == [("no_extra_depth", Severity.NOTE)]
    kept = cook(saved(corners(), tmp_path / "a.jpg"), [("export", {"bit_depth": "16"})])
    assert kept.files[0].format == "jpeg"
    assert [f.code for f in kept.flags] == ["depth_not_possible"]


@pytest.mark.parametrize("kind", ["webp", "avif", "png", "tiff"])
def test_lossless(cook_file: Cook, kind: str) -> None:
    file = cook_file(grain((120, 90)), [("export", {"format": kind, "lossless": True})])
    difference = np.abs(pixels_of(file).astype(int) - np.asarray(grain((120, 90))))
    # AVIF without loss still goes through a colour transform here, which rounds.
    assert difference.max() <= (3 if kind == "avif" else 0)


def camera_file(path: Path) -> Path:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif[0x013B] = "A. Person"
    exif.get_ifd(0x8769)[0xA431] = "SERIAL-123"
    exif.get_ifd(0x8769)[0xA430] = "Owner Name"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><person>Jane Roe</person></x:xmpmeta>'
    return saved(corners(), path, exif=exif, xmp=xmp, comment=b"secret comment", icc_profile=adobe_rgb())


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "tiff", "avif"])
def test_place_serial_and_owner_are_stripped(cook_file: Cook, tmp_path: Path, kind: str) -> None:
    path = camera_file(tmp_path / "camera.jpg")
    plans: list[Steps] = [[], [("metadata", {})], [("metadata", {"mode": "set", "title": "Blue mug"})]]
    for steps in plans:
        file = cook_file(path, [*steps, ("export", {"format": kind})])
        data = file.path.read_bytes()
        for secret in (b"SERIAL-123", b"Owner Name", b"A. Person", b"Jane Roe", b"secret comment", b"Maker"):
            assert secret not in data
        with Image.open(file.path) as image:
            assert not image.getexif().get_ifd(0x8825)
            assert image.info.get("icc_profile")


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "tiff"])
def test_metadata_can_be_kept_on_purpose(cook_file: Cook, tmp_path: Path, kind: str) -> None:
    file = cook_file(
        camera_file(tmp_path / "camera.jpg"), [("metadata", {"mode": "keep"}), ("export", {"format": kind})]
    )
    with Image.open(file.path) as image:
        exif = image.getexif()
        assert exif[0x013B] == "A. Person"
        assert exif.get(0x0112, 1) == 1
        xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
        assert b"Jane Roe" in (xmp if isinstance(xmp, bytes) else str(xmp).encode())


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "tiff"])
def test_metadata_of_ones_own(cook_file: Cook, kind: str) -> None:
    texts = {"title": "Mug & saucer", "creator": "Ünal", "copyright": "© Shop", "description": "A <blue> mug"}
    file = cook_file(corners(), [("metadata", {"mode": "set", **texts}), ("export", {"format": kind})])
    with Image.open(file.path) as image:
        assert "Shop" in image.getexif()[0x8298]
        xmp = image.info.get("xmp") or image.info["XML:com.adobe.xmp"]
    packet = html.unescape(xmp.decode() if isinstance(xmp, bytes) else xmp)
    for text in texts.values():
        assert text in packet


def test_a_file_of_wrong_orientation_tag_is_upright_once(cook_file: Cook, tmp_path: Path) -> None:
    """A kept EXIF block must not turn the picture a second time."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    path = saved(corners(), tmp_path / "a.jpg", exif=exif)
    file = cook_file(path, [("metadata", {"mode": "keep"}), ("export", {"format": "jpeg"})])
    with Image.open(file.path) as image:
        assert image.size == (80, 120)
        assert image.getexif().get(0x0112, 1) == 1
        assert image.getexif()[0x010F] == "Maker"


@pytest.mark.parametrize(
    ("position", "quarter"), [("top-left", (0, 0)), ("bottom-right", (1, 1)), ("top-right", (0, 1))]
)
def test_text_stands_where_it_was_put(cook_file: Cook, position: str, quarter: tuple[int, int]) -> None:
    plain = Image.new("RGB", (400, 300), "white")
    params = {"text": "Sale 50 %", "position": position, "size": 8, "colour": "#D00000"}
    pixels = pixels_of(cook_file(plain, [("overlay.text", params), PNG]))
    rows, columns = np.nonzero(pixels[:, :, 1] < 128)
    assert len(rows) > 100
    assert all((rows > 150) == bool(quarter[0]))
    assert all((columns > 200) == bool(quarter[1]))
    assert 14 <= np.ptp(rows) <= 30
    darkest = pixels[rows[0], columns[0]]
    assert darkest[0] > 150


def test_letters_that_the_typeface_lacks_are_flagged(cook: Cook) -> None:
    result = cook(corners(), [("overlay.text", {"text": "茶杯"}), PNG])
    assert [f.code for f in result.flags] == ["letters_missing"]
    assert cook(corners(), [("overlay.text", {"text": "Größe"}), PNG]).flags == ()


def test_a_logo_keeps_its_transparency(cook_file: Cook, tmp_path: Path) -> None:
    logo = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    logo.paste((0, 200, 0, 255), (0, 0, 20, 20))
    path = saved(logo, tmp_path / "logo.png")
    params = {"asset": "L1", "position": "top-left", "width": 10, "margin": 0}
    plain = Image.new("RGB", (400, 300), "white")
    pixels = pixels_of(cook_file(plain, [("overlay.logo", params), PNG], files={"L1": path}))
    assert np.all(pixels[5:15, 5:15] == (0, 200, 0))
    assert np.all(pixels[5:15, 25:40] == 255)
    half = pixels_of(cook_file(plain, [("overlay.logo", {**params, "opacity": 50}), PNG], files={"L1": path}))
    assert abs(int(half[10, 10, 0]) - 127) <= 2


def test_a_logo_on_a_transparent_picture(cook_file: Cook, tmp_path: Path) -> None:
    path = saved(Image.new("RGB", (40, 20), (0, 200, 0)), tmp_path / "logo.png")
    clear = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    steps = [("overlay.logo", {"asset": "L1", "position": "top-left", "width": 10, "margin": 0}), PNG]
    pixels = pixels_of(cook_file(clear, steps, files={"L1": path}), "RGBA")
    assert tuple(pixels[10, 10]) == (0, 200, 0, 255)
    assert pixels[200, 200, 3] == 0


def test_a_missing_logo_is_refused(cook_file: Cook) -> None:
    with pytest.raises(InvalidInputError) as caught:
        cook_file(corners(), [("overlay.logo", {"asset": "L1"}), PNG])
    assert caught.value.code == "logo_missing"


def test_heic_where_its_decoder_is_installed(cook_file: Cook, tmp_path: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif", reason="pillow-heif is not installed")
    path = tmp_path / "phone.heic"
    pillow_heif.from_pillow(corners((240, 160))).save(path, quality=95)
    file = cook_file(path, [("resize", {"long_edge": 120}), ("export", {})])
    assert (file.format, file.width, file.height) == ("jpeg", 120, 80)
    assert np.abs(pixels_of(file)[20, 20].astype(int) - RED).max() < 12


def test_heic_without_its_decoder_is_refused_by_name(
    cook_file: Cook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heif, "is_available", lambda: False)
    path = tmp_path / "phone.heic"
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100)
    with pytest.raises(UnsupportedTypeError) as caught:
        cook_file(path, [])
    assert "HEIC" in caught.value.message
