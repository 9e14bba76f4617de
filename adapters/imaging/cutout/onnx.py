"""Background removal with the user's own ONNX matting model: nothing is bundled and nothing is downloaded.

Defaults fit the U2-Net family as rembg runs it: the model's static input size or 320, ImageNet mean and deviation on
RGB scaled by the picture's maximum, the first output stretched to 0..1. A JSON file beside the model
(`<model file>.json`) may set `size` [width, height], `mean`, `std`, `layout` ("NCHW" or "NHWC"), `output` (an index)
and `stretch` (false when the output already is alpha 0..1).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import cv2
import numpy as np
from numpy.typing import NDArray

from adapters.imaging.cutout.confidence import reasons, tempered
from adapters.imaging.cutout.edges import decontaminated
from adapters.imaging.cutout.engine import background_colour, bounding_box, checked, working_copy
from adapters.imaging.cutout.measures import shape_measures
from adapters.imaging.cutout.result import Cutout
from core.errors import InvalidInputError, ProviderRejectedError, ProviderUnavailableError

DEFAULT_SIDE = 320
SHIP = 0.8
UNDECIDED = (0.1, 0.9)
UNDECIDED_WEIGHT = 2.0
KEYS = frozenset({"size", "mean", "std", "layout", "output", "stretch"})


def _triple(value: Any) -> tuple[float, float, float]:
    first, second, third = (float(part) for part in value)
    return first, second, third


def _size(value: Any) -> tuple[int, int] | None:
    if value is None:
        return None
    width, height = (int(part) for part in value)
    return width, height


@attrs.frozen(kw_only=True)
class OnnxSettings:
    """How a model wants its input and gives its output; `size` is (width, height), None asks the model."""

    size: tuple[int, int] | None = attrs.field(default=None, converter=_size)
    mean: tuple[float, float, float] = attrs.field(default=(0.485, 0.456, 0.406), converter=_triple)
    std: tuple[float, float, float] = attrs.field(default=(0.229, 0.224, 0.225), converter=_triple)
    layout: str = attrs.field(default="NCHW", validator=attrs.validators.in_(("NCHW", "NHWC")))
    output: int = attrs.field(default=0, converter=int)
    stretch: bool = True


def read_settings(model: Path) -> OnnxSettings:
    """Read the JSON file beside a model; absent means defaults. Raises InvalidInputError for a bad one."""
    sidecar = model.with_name(model.name + ".json")
    if not sidecar.is_file():
        return OnnxSettings()
    try:
        data = json.loads(sidecar.read_text("utf-8"))
        unknown = sorted(set(data) - KEYS)
        if unknown:
            raise ValueError(f"unknown keys {unknown}")
        return OnnxSettings(**data)
    except (ValueError, TypeError) as error:
        raise InvalidInputError(f"{sidecar.name}: {error}") from error


class OnnxCutter:
    """A loaded matting model; calling it cuts one picture out."""

    def __init__(self, model: Path) -> None:
        """Load `model` on the CPU, one thread.

        Raises ProviderUnavailableError without onnxruntime, and InvalidInputError when the file is no usable model.
        """
        try:
            import onnxruntime
        except ImportError as error:
            raise ProviderUnavailableError("onnxruntime is not installed; install the extra named onnx") from error
        self._settings = read_settings(model)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise InvalidInputError(f"{model.name} cannot be loaded as an ONNX model: {error}") from error
        self._input = self._session.get_inputs()[0]

    def _input_size(self) -> tuple[int, int]:
        if self._settings.size:
            return self._settings.size
        shape = self._input.shape
        if len(shape) == 4:
            height, width = (shape[2], shape[3]) if self._settings.layout == "NCHW" else (shape[1], shape[2])
            if isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0:
                return width, height
        return DEFAULT_SIDE, DEFAULT_SIDE

    def _tensor(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        small = cv2.resize(rgb, self._input_size(), interpolation=cv2.INTER_AREA).astype(np.float32)
        scaled = small / max(float(small.max()), 1e-6)
        mean, std = np.array(self._settings.mean, np.float32), np.array(self._settings.std, np.float32)
        normal = (scaled - mean) / std
        planes = normal.transpose(2, 0, 1) if self._settings.layout == "NCHW" else normal
        return np.ascontiguousarray(planes[None], np.float32)

    def _alpha(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        try:
            outputs = self._session.run(None, {self._input.name: self._tensor(rgb)})
            plane = np.squeeze(np.asarray(outputs[self._settings.output], np.float32))
        except Exception as error:
            raise ProviderRejectedError(f"the ONNX model failed on this picture: {error}") from error
        if plane.ndim != 2:
            raise ProviderRejectedError(f"the ONNX model's output has shape {plane.shape}; a single plane is needed")
        if self._settings.stretch:
            low, high = float(plane.min()), float(plane.max())
            plane = (plane - low) / (high - low) if high - low > 1e-6 else np.zeros_like(plane)
        return np.clip(plane, 0, 1)

    def __call__(self, rgb: NDArray[np.uint8]) -> Cutout:
        """Cut the subject out of a uint8 HxWx3 sRGB array.

        The confidence falls with the share of undecided alpha: it is no calibrated probability as the classical one is.
        """
        picture = checked(rgb)
        height, width = picture.shape[:2]
        plane = self._alpha(picture)
        full = cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR)
        alpha = np.rint(np.clip(full, 0, 1) * 255).astype(np.uint8)
        work = working_copy(picture)
        mask = np.asarray(cv2.resize(alpha, work.shape[1::-1], interpolation=cv2.INTER_AREA) > 127, bool)
        inner = np.count_nonzero((plane > UNDECIDED[0]) & (plane < UNDECIDED[1]))
        undecided = float(inner) / max(1, int(np.count_nonzero(plane > 0.5)))
        measures = shape_measures(mask) | {"undecided": min(1.0, undecided)}
        confidence = max(0.0, 1 - UNDECIDED_WEIGHT * measures["undecided"]) if mask.any() else 0.0
        confidence = tempered(measures, confidence)
        found = reasons(measures, confidence, SHIP)
        return Cutout(
            alpha=alpha,
            foreground=decontaminated(picture, work, alpha),
            confidence=confidence,
            certain=not found,
            reasons=found,
            box=bounding_box(alpha),
            background=background_colour(work, mask),
            measures=measures,
        )
