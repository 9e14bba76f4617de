"""A cut-out by the operator's own ONNX model, described by a small JSON file beside it.

The sidecar ``model.json`` of ``model.onnx`` may set ``size`` (side of the square input, 320), ``mean`` and ``std``
(per channel, of values 0…1; 0.5 and 1.0) and ``output`` (index of the output that is the mask, 0).
"""

import functools
import json
from pathlib import Path
from typing import Any, cast

import attrs
import cv2
import numpy as np

from adapters.imaging.arrays import Alpha, Pixels
from adapters.imaging.draft import Matte
from adapters.imaging.geometry import Box
from adapters.imaging.subject import alpha_box
from core.errors import ProviderRejectedError

# A mask whose pixels are mostly neither in nor out, or that takes in nearly everything or nothing, is no cut-out.
MIN_CONFIDENCE = 0.9
MIN_AREA, MAX_AREA = 0.005, 0.97


@attrs.frozen(kw_only=True)
class Sidecar:
    """How pictures are fed to a model."""

    size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    output: int


def cut_by_model(look: Pixels, model: Path) -> Matte:
    """Cut the subject out with a model.

    Raises:
        ProviderRejectedError: code ``model_failed``; the model cannot be loaded or does not give a mask.
    """
    try:
        mask = _run(look, model)
    except Exception as error:
        # Whatever an operator's model does wrong, the picture is what fails, with the reason.
        raise ProviderRejectedError(f"The cut-out model failed: {error}", code="model_failed") from error
    height, width = look.shape[:2]
    alpha = cast("Alpha", cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR))
    decided = float(np.mean(np.abs(mask.astype(np.float32) - 127.5) > 100))
    area = float(np.mean(mask >= 128))
    doubts = []
    if decided < MIN_CONFIDENCE:
        doubts.append(f"The model is undecided on {100 * (1 - decided):.1f} % of the picture.")
    if not MIN_AREA <= area <= MAX_AREA:
        doubts.append(f"The cut-out takes {100 * area:.1f} % of the picture.")
    outside = look[alpha < 16]
    background = np.median(outside, axis=0) if len(outside) else np.full(3, 255)
    return Matte(
        alpha=alpha,
        colours=look,
        box=alpha_box(alpha) or Box(left=0, top=0, width=width, height=height),
        background=(int(background[0]), int(background[1]), int(background[2])),
        confidence=round(decided, 4) if not doubts else round(min(decided, 0.5), 4),
        doubts=tuple(doubts),
    )


def _run(look: Pixels, model: Path) -> Alpha:
    session, sidecar = _load(model)
    small = cv2.resize(look, (sidecar.size, sidecar.size), interpolation=cv2.INTER_AREA)
    mean, std = np.asarray(sidecar.mean, np.float32), np.asarray(sidecar.std, np.float32)
    values = (small.astype(np.float32) / 255 - mean) / std
    outputs = session.run(None, {session.get_inputs()[0].name: values.transpose(2, 0, 1)[np.newaxis]})
    mask: Pixels = np.asarray(outputs[sidecar.output], np.float32).squeeze()
    if mask.ndim != 2:
        raise ValueError(f"its output has the shape {mask.shape}, a mask has two sides")
    low, high = float(mask.min()), float(mask.max())
    if low < 0 or high > 1:
        # Models trained with a logistic loss often leave the last step out.
        mask = 1 / (1 + np.exp(-mask))
    return np.asarray(np.rint(mask * 255), np.uint8)


@functools.lru_cache(maxsize=1)
def _load(model: Path) -> tuple[Any, Sidecar]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    beside = model.with_suffix(".json")
    facts = json.loads(beside.read_text("utf-8")) if beside.is_file() else {}
    sidecar = Sidecar(
        size=int(facts.get("size", 320)),
        mean=tuple(facts.get("mean", (0.5, 0.5, 0.5))),
        std=tuple(facts.get("std", (1.0, 1.0, 1.0))),
        output=int(facts.get("output", 0)),
    )
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return session, sidecar
