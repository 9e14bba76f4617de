"""Vector arithmetic on arrays of shape (3, N), which numpy handles fastest row by row."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def vector(x: float, y: float, z: float) -> Array:
    """Return one vector as a column, ready to broadcast against (3, N)."""
    return np.array([[x], [y], [z]], np.float32)


def dot(a: Array, b: Array) -> Array:
    """Return the scalar products of columns, shape (N,)."""
    return np.asarray(a[0] * b[0] + a[1] * b[1] + a[2] * b[2])


def length(a: Array) -> Array:
    """Return the lengths of columns, shape (N,)."""
    return np.sqrt(dot(a, a))


def normalised(a: Array) -> Array:
    """Return columns scaled to length one."""
    return a / np.maximum(length(a), 1e-9)


def reflected(direction: Array, normal: Array) -> Array:
    """Mirror directions at surfaces with the given unit normals."""
    return np.asarray(direction - 2 * dot(direction, normal) * normal)


def refracted(direction: Array, normal: Array, ratio: float) -> Array:
    """Bend directions at surfaces by Snell's law; total reflection mirrors instead.

    Args:
        ratio: refractive index on the side of the ray over the index on the other side.
    """
    cosine = -dot(direction, normal)
    inside = 1 - ratio * ratio * (1 - cosine * cosine)
    bent = ratio * direction + (ratio * cosine - np.sqrt(np.maximum(inside, 0))) * normal
    return np.where(inside > 0, bent, reflected(direction, normal))


def smoothstep(low: float | Array, high: float | Array, value: Array) -> Array:
    """Blend from 0 below ``low`` to 1 above ``high`` with level ends."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def mix(a: Array | float, b: Array | float, share: Array | float) -> Array:
    """Blend linearly from ``a`` to ``b``."""
    return np.asarray(a + (b - a) * share, np.float32)
