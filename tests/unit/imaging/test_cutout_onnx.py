"""Background removal with a user's own ONNX file: a toy model made here stands in for it."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from adapters.imaging.cutout.onnx import OnnxCutter, OnnxSettings, read_settings
from core.errors import InvalidInputError, ProviderRejectedError, ProviderUnavailableError

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")


def _toy(path: Path, *, layout: str = "NCHW", side: int | None = 64, gain: float = -20.0) -> Path:
    """Write a model that answers sigmoid(gain * mean of the normalised channels): dark is subject."""
    extent: list[Any] = [side or "h", side or "w"]
    shape = [1, 3, *extent] if layout == "NCHW" else [1, *extent, 3]
    axis = 1 if layout == "NCHW" else 3
    helper = onnx.helper
    constants = [
        helper.make_tensor("gain", onnx.TensorProto.FLOAT, [], [gain]),
        helper.make_tensor("axes", onnx.TensorProto.INT64, [1], [axis]),
    ]
    nodes = [
        helper.make_node("ReduceSum", ["picture", "axes"], ["mean"], keepdims=1),
        helper.make_node("Mul", ["mean", "gain"], ["raw"]),
        helper.make_node("Sigmoid", ["raw"], ["matte"]),
        helper.make_node("Neg", ["matte"], ["negative"]),
    ]
    graph = helper.make_graph(
        nodes,
        "toy",
        [helper.make_tensor_value_info("picture", onnx.TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in ("negative", "matte")],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, str(path))
    return path


def _settings(path: Path, **values: Any) -> None:
    path.with_name(path.name + ".json").write_text(json.dumps(values), "utf-8")


def _picture() -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    rgb = np.full((200, 160, 3), 235, np.uint8)
    truth = np.zeros((200, 160), bool)
    truth[60:150, 40:120] = True
    rgb[truth] = (20, 30, 60)
    return rgb, truth


@pytest.mark.parametrize(("layout", "side"), [("NCHW", 64), ("NHWC", 64), ("NCHW", None)])
def test_a_users_model_cuts_the_subject_out(tmp_path: Path, layout: str, side: int | None) -> None:
    model = _toy(tmp_path / "mine.onnx", layout=layout, side=side)
    _settings(model, layout=layout, output=1)
    rgb, truth = _picture()
    result = OnnxCutter(model)(rgb)
    found = result.alpha > 127
    assert (found & truth).sum() / (found | truth).sum() > 0.95
    assert result.certain
    assert np.abs(np.subtract(result.box, (40, 60, 80, 90))).max() <= 2


def test_an_undecided_matte_is_flagged(tmp_path: Path) -> None:
    model = _toy(tmp_path / "vague.onnx", gain=-0.4)
    _settings(model, output=1, stretch=False)
    rgb, _ = _picture()
    ramp = np.linspace(0, 255, rgb.shape[1]).astype(np.uint8)
    result = OnnxCutter(model)(np.repeat(np.tile(ramp, (rgb.shape[0], 1))[..., None], 3, axis=2))
    assert not result.certain
    assert result.confidence < 0.8


def test_a_model_that_finds_nothing_is_flagged(tmp_path: Path) -> None:
    model = _toy(tmp_path / "blind.onnx")
    _settings(model, output=1, stretch=False)
    result = OnnxCutter(model)(np.full((80, 80, 3), 255, np.uint8))
    assert "no_subject" in [reason.code for reason in result.reasons]


def test_settings_default_to_the_u2net_family_and_the_sidecar_overrides_them(tmp_path: Path) -> None:
    model = tmp_path / "mine.onnx"
    assert read_settings(model) == OnnxSettings()
    _settings(model, size=[512, 384], mean=[0.5, 0.5, 0.5], std=[1, 1, 1], output=2, stretch=False)
    found = read_settings(model)
    assert (found.size, found.mean, found.output, found.stretch) == ((512, 384), (0.5, 0.5, 0.5), 2, False)


@pytest.mark.parametrize("values", [{"sise": [1, 2]}, {"layout": "HWC"}, {"size": [5]}, {"output": "first"}])
def test_a_bad_sidecar_names_the_file(tmp_path: Path, values: dict[str, Any]) -> None:
    model = tmp_path / "mine.onnx"
    _settings(model, **values)
    with pytest.raises(InvalidInputError, match=r"mine\.onnx\.json"):
        read_settings(model)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "noise.onnx"
    path.write_bytes(b"not a model")
    with pytest.raises(InvalidInputError, match="cannot be loaded"):
        OnnxCutter(path)


def test_an_output_that_does_not_exist_is_a_final_failure(tmp_path: Path) -> None:
    model = _toy(tmp_path / "mine.onnx")
    _settings(model, output=7)
    with pytest.raises(ProviderRejectedError):
        OnnxCutter(model)(_picture()[0])


def test_without_onnxruntime_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "onnxruntime":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(ProviderUnavailableError, match="extra named onnx"):
        OnnxCutter(tmp_path / "mine.onnx")
