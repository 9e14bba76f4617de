"""Cut-out, background and shadow."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from adapters.imaging import matting
from adapters.imaging.cutout import cut_out
from adapters.imaging.pipeline import Settings
from core.errors import ProviderRejectedError
from core.ports.image_engine import Severity
from tests.unit.imaging.pictures import oriented, output, pixels_of, product, render_here, saved, task

Cook = Callable[..., Any]
JPEG = ("export", {"format": "jpeg"})
PNG = ("export", {"format": "png"})
CUT: tuple[str, dict[str, Any]] = ("background.remove", {})


def box_of_subject(pixels: np.ndarray[Any, Any]) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(pixels.min(axis=2) < 200)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


@pytest.mark.parametrize("quality", [20, 45, 60, 90, 98])
def test_white_is_exactly_white_in_the_decoded_jpeg(cook_file: Cook, quality: int) -> None:
    """Beyond the blocks of 8 x 8 pixels that the subject touches, no pixel is 254."""
    steps = [CUT, ("background.set", {}), ("export", {"format": "jpeg", "quality": quality})]
    file = cook_file(product((800, 600), backdrop=(232, 232, 230)), steps)
    pixels = pixels_of(file)
    left, top, right, bottom = box_of_subject(pixels)
    outside = np.ones(pixels.shape[:2], bool)
    outside[top - 12 : bottom + 12, left - 12 : right + 12] = False
    assert np.all(pixels[outside] == 255)


def test_the_background_has_exactly_the_colour_asked(cook_file: Cook) -> None:
    steps = [CUT, ("background.set", {"colour": "#F2E4C1"}), PNG]
    pixels = pixels_of(cook_file(product((600, 400)), steps))
    border = np.concatenate([pixels[:40].reshape(-1, 3), pixels[:, :60].reshape(-1, 3)])
    assert np.all(border == (0xF2, 0xE4, 0xC1))


def test_the_subject_keeps_its_colours(cook_file: Cook) -> None:
    pixels = pixels_of(cook_file(product((600, 400)), [CUT, ("background.set", {}), PNG]))
    assert np.all(pixels[250:300, 250:350] == (30, 50, 120))


def test_a_transparent_background_is_clear_to_the_last_pixel(cook_file: Cook) -> None:
    steps = [CUT, ("background.set", {"mode": "transparent"}), PNG]
    file = cook_file(product((600, 400)), steps)
    pixels = pixels_of(file, "RGBA")
    assert np.all(pixels[:60, :, 3] == 0)
    assert np.all(pixels[250:300, 250:350, 3] == 255)
    assert file.measures["has_alpha"] is True
    assert file.measures["background_transparent_share"] > 0.99


def test_keeping_the_format_of_a_jpeg_turns_to_png_for_transparency(cook_file: Cook, tmp_path: Path) -> None:
    path = saved(product((600, 400)), tmp_path / "a.jpg")
    file = cook_file(path, [CUT, ("background.set", {"mode": "transparent"}), ("export", {})])
    assert (file.format, file.path.suffix) == ("png", ".png")


def test_without_a_background_a_jpeg_is_white_and_a_png_clear(cook_file: Cook) -> None:
    assert np.all(pixels_of(cook_file(product(), [CUT, JPEG]))[:20] == 255)
    assert np.all(pixels_of(cook_file(product(), [CUT, PNG]), "RGBA")[:20, :, 3] == 0)


def test_the_transparency_of_a_file_counts_as_its_cutout(cook_file: Cook, tmp_path: Path) -> None:
    cut = product((300, 200)).convert("RGBA")
    alpha = np.zeros((200, 300), np.uint8)
    alpha[40:160, 75:225] = 255
    cut.putalpha(Image.fromarray(alpha))
    path = saved(cut, tmp_path / "cut.png")
    pixels = pixels_of(cook_file(path, [("background.set", {"colour": "#00FF00"}), JPEG]))
    assert np.abs(pixels[:20].astype(int) - (0, 255, 0)).max() <= 2
    kept = pixels_of(cook_file(path, [("resize", {"long_edge": 150}), ("export", {})]), "RGBA")
    assert kept[5, 5, 3] == 0
    assert kept[50, 75, 3] == 255


def test_an_uncertain_cutout_is_rendered_and_flagged(cook: Cook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Noise all over: nobody could say what the subject is."""
    noise = np.random.default_rng(5).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    result = cook(Image.fromarray(noise), [CUT, ("background.set", {}), JPEG])
    (flag,) = [f for f in result.flags if f.code == "uncertain_mask"]
    assert flag.severity is Severity.REVIEW
    assert result.confidence is not None
    assert flag.measured == round(result.confidence, 4)
    assert len(result.files) == 1


def test_a_certain_cutout_is_not_flagged(cook: Cook) -> None:
    result = cook(product((600, 400), backdrop=(250, 250, 250)), [CUT, ("background.set", {}), JPEG])
    assert result.confidence is not None
    assert result.confidence == pytest.approx(cut_out(_look()).confidence, abs=0.2)


def _look() -> Any:
    return np.asarray(product((600, 400), backdrop=(250, 250, 250)))


def test_one_cutout_serves_all_outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    original = matting.cut_subject
    from adapters.imaging.operations import background_remove

    def counted(*arguments: Any) -> Any:
        calls.append(1)
        return original(*arguments)

    monkeypatch.setattr(background_remove, "cut_subject", counted)
    shared = [("orientation", {}), CUT]
    outputs = [output([*shared, ("resize", {"long_edge": edge}), PNG], str(edge)) for edge in (300, 200, 100)]
    path = saved(product((600, 400)), tmp_path / "a.jpg")
    result = render_here(task(path, tmp_path, *outputs))
    assert [f.width for f in result.files] == [300, 200, 100]
    assert len(calls) == 1


@pytest.mark.parametrize("kind", ["drop", "contact"])
def test_a_shadow_darkens_below_and_leaves_far_pixels_white(cook_file: Cook, kind: str) -> None:
    shadow = {"type": kind, "opacity": 60, "blur": 2, "offset_y": 3}
    steps = [CUT, ("background.set", {}), ("shadow", shadow), PNG]
    pixels = pixels_of(cook_file(product((600, 600)), steps))
    plain = pixels_of(cook_file(product((600, 600)), [*steps[:2], PNG]))
    changed = np.any(pixels != plain, axis=2)
    rows, _ = np.nonzero(changed)
    below = np.mean(rows > 470)
    assert below > (0.5 if kind == "contact" else 0.2)
    assert np.all(pixels[:60] == 255)
    assert np.all(pixels[-40:] == 255)
    assert pixels[484, 300].max() < 245
    assert np.array_equal(pixels[200:400, 200:400], plain[200:400, 200:400])


def test_a_shadow_lies_below_a_transparent_subject(cook_file: Cook) -> None:
    steps = [CUT, ("background.set", {"mode": "transparent"}), ("shadow", {"opacity": 50, "offset_y": 4}), PNG]
    pixels = pixels_of(cook_file(product((600, 600)), steps), "RGBA")
    shade = pixels[488, 300]
    assert 20 < shade[3] < 200
    assert shade[:3].max() < 60
    assert pixels[300, 300, 3] == 255
    assert pixels[10, 10, 3] == 0


def test_no_shadow_without_an_outline(cook: Cook) -> None:
    result = cook(product(), [("shadow", {}), PNG])
    assert [(f.code, f.severity) for f in result.flags] == [("shadow_needs_cutout", Severity.NOTE)]
    assert cook(product(), [("shadow", {"type": "none"}), PNG]).flags == ()


def test_place_uses_the_cutout(cook_file: Cook) -> None:
    """The backdrop is grey; only the outline tells where the product is."""
    steps = [
        CUT,
        ("background.set", {}),
        ("canvas", {"width": 500, "height": 500}),
        ("subject.place", {"fill": 80}),
        PNG,
    ]
    file = cook_file(product((1200, 900), backdrop=(200, 200, 200)), steps)
    left, top, right, bottom = box_of_subject(pixels_of(file))
    assert abs(max(right - left, bottom - top) - 400) <= 3
    assert file.measures["fill_longest_side"] == pytest.approx(0.8, abs=0.01)
    assert file.measures["background_white_share"] == 1.0


def test_a_cutout_is_levelled_trimmed_and_placed_together(cook_file: Cook) -> None:
    leaning = product((1000, 1000), backdrop=(230, 230, 230)).rotate(
        -6, resample=Image.Resampling.BICUBIC, fillcolor=(230, 230, 230)
    )
    steps = [
        CUT,
        ("straighten", {}),
        ("trim", {"margin": 5}),
        ("background.set", {}),
        ("canvas", {"width": 400, "height": 300}),
        ("subject.place", {"margin_top": 30, "margin_bottom": 30, "align_x": "left"}),
        PNG,
    ]
    pixels = pixels_of(cook_file(leaning, steps))
    left, top, right, bottom = box_of_subject(pixels)
    assert abs(top - 30) <= 2
    assert abs(bottom - 270) <= 2
    assert left <= 2
    assert abs((right - left) / (bottom - top) - 500 / 600) < 0.02
    assert np.all(pixels[:, 300:] == 255)


def test_a_turned_jpeg_is_cut_out_and_placed(cook_file: Cook, tmp_path: Path) -> None:
    path = oriented(product((1200, 900), backdrop=(225, 225, 225)), tmp_path / "a.jpg", 6)
    steps = [
        CUT,
        ("background.set", {}),
        ("canvas", {"width": 400, "height": 400}),
        ("subject.place", {"fill": 75}),
        PNG,
    ]
    left, top, right, bottom = box_of_subject(pixels_of(cook_file(path, steps)))
    assert abs(max(right - left, bottom - top) - 300) <= 3
    assert abs((left + right) / 2 - 200) <= 2
    assert abs((right - left) / (bottom - top) - 540 / 600) < 0.02


def make_model(path: Path) -> Path:
    """A model that calls dark pixels the subject: 1 - mean of the channels, times a slope."""
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["mean"], axes=[1], keepdims=1),
        helper.make_node("Sub", ["bias", "mean"], ["dark"]),
        helper.make_node("Mul", ["dark", "slope"], ["steep"]),
        helper.make_node("Sigmoid", ["steep"], ["mask"]),
    ]
    constants = [
        helper.make_tensor("bias", kind, [1], [0.75]),
        helper.make_tensor("slope", kind, [1], [80.0]),
    ]
    graph = helper.make_graph(
        nodes,
        "toy",
        [helper.make_tensor_value_info("image", kind, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("mask", kind, [1, 1, 64, 64])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(path))
    settings = {"mean": [0, 0, 0], "std": [1, 1, 1], "stretch": False}
    path.with_name(path.name + ".json").write_text(json.dumps(settings), "utf-8")
    return path


def test_a_model_of_ones_own(cook: Cook, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    settings = Settings(onnx_model=make_model(tmp_path / "toy.onnx"))
    result = cook(product((600, 400)), [CUT, ("background.set", {"colour": "#00FF00"}), PNG], settings=settings)
    pixels = pixels_of(result.files[0])
    assert np.all(pixels[:50, :100] == (0, 255, 0))
    assert np.all(pixels[200:300, 250:350] == (30, 50, 120))
    assert result.confidence is not None
    assert result.confidence > 0.9
    local = cook(product((600, 400)), [("background.remove", {"engine": "local"}), PNG], settings=settings)
    assert local.confidence != result.confidence


def test_a_broken_model_fails_the_picture_with_its_reason(cook: Cook, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    with pytest.raises(ProviderRejectedError) as caught:
        cook(product(), [CUT, PNG], settings=Settings(onnx_model=broken))
    assert caught.value.code == "model_failed"
