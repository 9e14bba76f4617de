"""The background as a smooth surface: a robust polynomial through the border, then a local fill around the subject."""

from __future__ import annotations

import attrs
import cv2
import numpy as np
from numpy.typing import NDArray

from adapters.imaging.cutout.masks import Mask, frame

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

BORDER_SHARE = 0.045
TUKEY = 4.7
NOISE_FLOOR = 0.3
FIT_SAMPLES = 6000


@attrs.frozen(kw_only=True, eq=False)
class Surface:
    """A fitted background: Lab HxWx3, the robust noise (Lab units), and the share of border pixels it explains."""

    lab: Floats
    noise: float
    inliers: float


def _terms(shape: tuple[int, int], degree: int) -> Floats:
    height, width = shape
    v, u = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    columns = [u**i * v**j for i in range(degree + 1) for j in range(degree + 1 - i)]
    return np.stack(columns, axis=-1).astype(np.float32)


def _solve(terms: Doubles, values: Doubles, weights: Doubles) -> Doubles:
    weighted = terms * weights[:, None]
    normal = terms.T @ weighted + 1e-6 * len(terms) * np.eye(terms.shape[1])
    return np.asarray(np.linalg.solve(normal, weighted.T @ values))


def fit_surface(lab: Floats, where: Mask, degree: int) -> Surface:
    """Fit a polynomial to the pixels `where` by iteratively reweighted least squares with Tukey's biweight.

    The weights are shared by the three channels, so an object that enters the border is dropped as a whole.
    """
    terms = _terms(lab.shape[:2], degree)
    index = np.flatnonzero(where.ravel())
    index = index[:: max(1, len(index) // FIT_SAMPLES)]
    x = terms.reshape(-1, terms.shape[-1])[index].astype(np.float64)
    y = lab.reshape(-1, 3)[index].astype(np.float64)
    weights = np.ones(len(x))
    scale = NOISE_FLOOR
    coefficients = np.zeros((x.shape[1], 3))
    for _ in range(8):
        coefficients = _solve(x, y, weights)
        residual = np.sqrt(((y - x @ coefficients) ** 2).sum(axis=1))
        scale = 1.4826 * float(np.median(residual)) + NOISE_FLOOR
        weights = np.clip(1 - (residual / (TUKEY * scale)) ** 2, 0, None) ** 2
    surface = terms @ coefficients.astype(np.float32)
    return Surface(lab=surface, noise=scale, inliers=float((weights > 0).mean()) if len(x) else 0.0)


def border_surface(lab: Floats) -> Surface:
    """Fit a quadratic background surface through the border band."""
    height, width = lab.shape[:2]
    return fit_surface(lab, frame((height, width), max(2, int(BORDER_SHARE * min(height, width)))), 2)


def filled_background(lab: Floats, known: Mask, surface: Surface) -> Floats:
    """Spread the known background over the unknown part, finest scale first.

    Normalised convolution of the departure from `surface` at growing scales, so the fill follows horizons,
    vignettes and soft shadows near the subject and falls back to the surface far from anything known.
    """
    weight = known.astype(np.float32)
    departure = (lab - surface.lab) * weight[..., None]
    total, carried = np.zeros_like(weight), np.zeros_like(lab)
    for divisor, sigma in ((4, 1.5), (8, 2.0), (16, 3.0)):
        size = (max(1, lab.shape[1] // divisor), max(1, lab.shape[0] // divisor))
        small_weight = cv2.GaussianBlur(cv2.resize(weight, size, interpolation=cv2.INTER_AREA), (0, 0), sigma)
        small = cv2.GaussianBlur(cv2.resize(departure, size, interpolation=cv2.INTER_AREA), (0, 0), sigma)
        room = 1 - total
        at = cv2.resize(small_weight, lab.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        value = cv2.resize(small, lab.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        trust = np.clip(at * 2.5, 0, 1) * room
        carried += value * (trust / np.maximum(at, 1e-4))[..., None]
        total += trust
    return np.asarray(surface.lab + carried, np.float32)
