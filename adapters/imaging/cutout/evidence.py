"""What each pixel says about subject, background and shadow at the working size."""

from __future__ import annotations

import attrs
import cv2
import numpy as np
from numpy.typing import NDArray

from adapters.imaging.cutout.background import Floats, Surface, border_surface
from adapters.imaging.cutout.masks import Mask, frame, hysteresis

DARKEST_SHADOW = 0.35
SOFT_EDGE = 1.2


@attrs.frozen(kw_only=True, eq=False)
class Evidence:
    """Per-pixel evidence at the working size, all float32 HxW unless said otherwise.

    `lab` is the smoothed picture HxWx3 (L 0..100); `residual` its CIE76 distance to the background surface;
    `gradient` the colour change per pixel, `sharp` the same with the soft slopes of shadows taken off;
    `edges` the sharp edges that stand clear of the border's noise; `shadow` the pixels that a shadow on the
    background would explain (darker, same colour); `ring_median` and `ring_noise` (90th percentile) describe
    the gradient in the border band, `sharp_median` and `sharp_noise` the sharp one.
    """

    rgb: NDArray[np.uint8]
    lab: Floats
    surface: Surface
    residual: Floats
    gradient: Floats
    sharp: Floats
    edges: Mask
    shadow: Mask
    ring_median: float
    ring_noise: float
    sharp_median: float
    sharp_noise: float

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the working picture."""
        return self.lab.shape[0], self.lab.shape[1]

    @property
    def limit(self) -> float:
        """Residual above which a pixel is unlikely to be plain background."""
        return max(3.5, 2.5 * self.surface.noise)


def to_lab(rgb: NDArray[np.uint8]) -> Floats:
    """Convert sRGB bytes to float Lab (L 0..100)."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def colour_gradient(lab: Floats, sigma: float) -> Floats:
    """Return the length of the Lab gradient in units per pixel, after a Gaussian blur."""
    smooth = cv2.GaussianBlur(lab, (0, 0), sigma)
    gx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0) / 8
    gy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1) / 8
    return np.asarray(np.sqrt((gx * gx + gy * gy).sum(axis=-1)), np.float32)


def _shadow(lab: Floats, surface: Surface) -> Mask:
    """Mark what a shadow would explain: lightness falls by a factor, and chroma falls with it."""
    ratio = np.clip(lab[..., 0], 1, None) / np.clip(surface.lab[..., 0], 1, None)
    tint = lab[..., 1:] - surface.lab[..., 1:] * ratio[..., None]
    unexplained = np.sqrt((tint**2).sum(axis=-1))
    return np.asarray((ratio < 1.01) & (ratio > DARKEST_SHADOW) & (unexplained < max(3.0, 2.2 * surface.noise)), bool)


def _sharpened(gradient: Floats, raw: Floats, shadow: Mask) -> Floats:
    """Take the slope at a coarse scale off the fine one where a shadow is possible.

    A product's outline is a step: its gradient falls with the scale. A shadow's edge is a ramp: it stays.
    """
    height, width = gradient.shape
    half = max(1, width // 2), max(1, height // 2)
    coarse = colour_gradient(np.asarray(cv2.resize(raw, half, interpolation=cv2.INTER_AREA), np.float32), 1.75)
    slope = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR) / 2
    return np.where(shadow, 1.8 * np.maximum(0, gradient - SOFT_EDGE * slope), gradient).astype(np.float32)


def gather(rgb: NDArray[np.uint8]) -> Evidence:
    """Analyse a working-size sRGB picture."""
    raw = to_lab(rgb)
    lab = np.asarray(cv2.bilateralFilter(raw, 5, 8, 2), np.float32)
    surface = border_surface(lab)
    shadow = _shadow(lab, surface)
    gradient = colour_gradient(raw, 1.0)
    sharp = _sharpened(gradient, raw, shadow)
    height, width = gradient.shape
    ring = frame((height, width), max(2, height // 25))
    sharp_noise = float(np.percentile(sharp[ring], 90))
    level = max(0.3, 1.3 * sharp_noise)
    clear = max(2 * level, 1.5 * float(np.percentile(sharp[ring], 98)))
    return Evidence(
        rgb=rgb,
        lab=lab,
        surface=surface,
        residual=np.sqrt(((lab - surface.lab) ** 2).sum(axis=-1)),
        gradient=gradient,
        sharp=sharp,
        edges=hysteresis(sharp, level, clear),
        shadow=shadow,
        ring_median=float(np.median(gradient[ring])),
        ring_noise=float(np.percentile(gradient[ring], 90)),
        sharp_median=float(np.median(sharp[ring])),
        sharp_noise=sharp_noise,
    )
