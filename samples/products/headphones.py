"""Over-ear headphones in midnight blue with aluminium yokes."""

import numpy as np

from samples.studio.camera import Shot
from samples.studio.shapes import Shape, both, box, cylinder, moved, torus, turned, union, without
from samples.studio.stage import Part, Product, Surface, plain
from samples.studio.textures import noise, pebbles
from samples.studio.vectors import Array, mix, smoothstep, vector

TURN = 34.0
ARCH = 0.70  # radius of the headband
ARCH_HEIGHT = 1.12
CUP = 0.50  # height of the middle of the cups
SINK = 0.035  # how far the leaning cups would hang above the floor
ALUMINIUM = (0.86, 0.865, 0.875)

_grain = pebbles(42.0, seed=7)
_soft = noise(6.0, seed=2)


def _band(thickness: float, width: float, radius: float, rounding: float) -> Shape:
    """Return a band that arches over the head and runs straight down at the sides."""

    def measure(points: Array) -> Array:
        x, y, z = points
        above = np.maximum(y - ARCH_HEIGHT, 0)
        across = np.abs(np.sqrt(x * x + above * above) - radius) - (thickness - rounding)
        deep = np.abs(z) - (width - rounding)
        outside = np.sqrt(np.maximum(across, 0) ** 2 + np.maximum(deep, 0) ** 2)
        return np.asarray(outside + np.minimum(np.maximum(across, deep), 0) - rounding)

    return measure


def _cups(solid: Shape) -> Shape:
    """Put a solid that lies flat, its top facing outwards, on both sides of the head."""

    def measure(points: Array) -> Array:
        x, y, z = points
        # The cups lean a little inwards at the bottom, as they do on a spring band.
        out = np.abs(x) - 0.66 + 0.06 * (y - CUP)
        return solid(np.stack([z / 0.92, out, (y - CUP) / 1.12])) * 0.9

    return measure


def _cushion_relief(points: Array) -> Array:
    return np.asarray(-0.0016 * smoothstep(0.2, 0.8, _grain(points)) + 0.004 * _soft(points))


def _shell_paint(points: Array) -> Array:
    return mix(vector(0.017, 0.030, 0.068), vector(0.021, 0.036, 0.078), _soft(points))


def product() -> Product:
    """Return the headphones, about 200 mm tall, standing on their cups."""
    shell = _cups(moved(cylinder(0.40, 0.10, 0.075), (0, 0.05, 0)))
    groove = _cups(moved(torus(0.30, 0.012), (0, 0.152, 0)))
    disc = _cups(moved(cylinder(0.285, 0.02, 0.012), (0, 0.142, 0)))
    cushion = _cups(moved(without(cylinder(0.415, 0.095, 0.085), cylinder(0.20, 0.3), 0.09), (0, -0.135, 0)))
    band = both(_band(0.040, 0.115, ARCH, 0.036), lambda p: 1.18 - p[1])
    pad = both(_band(0.045, 0.10, ARCH - 0.05, 0.043), lambda p: ARCH_HEIGHT + 0.30 - p[1])
    slider = both(_band(0.016, 0.055, ARCH + 0.005, 0.012), lambda p: np.maximum(0.92 - p[1], p[1] - 1.25))

    def yoke(points: Array) -> Array:
        x, y, z = points
        q = np.stack([np.abs(x) - 0.705 + 0.05 * (y - CUP), (y - CUP) / 1.1, z])
        ring = np.sqrt(q[1] ** 2 + q[2] ** 2) - 0.425
        flat = np.sqrt(np.maximum(np.abs(ring) - 0.012, 0) ** 2 + np.maximum(np.abs(q[0]) - 0.030, 0) ** 2) - 0.010
        return np.asarray(np.maximum(flat, 0.02 - q[1]) * 0.9)

    pivots = union(
        *(
            moved(turned(cylinder(0.036, 0.05, 0.012), "x", 90), (x, CUP + 0.04, z))
            for x in (-0.70, 0.70)
            for z in (-0.41, 0.41)
        )
    )
    blue = Surface(paint=_shell_paint, roughness=0.30, mirror=0.04)
    leather = Surface(paint=plain((0.060, 0.040, 0.030)), roughness=0.5, mirror=0.035, relief=_cushion_relief)
    metal = Surface(paint=plain((0, 0, 0)), metal=ALUMINIUM, roughness=0.22)
    polished = Surface(paint=plain((0, 0, 0)), metal=(0.90, 0.78, 0.62), roughness=0.10)
    solids = (
        (shell, blue),
        (disc, blue),
        (groove, polished),
        (cushion, leather),
        (band, blue),
        (pad, leather),
        (union(slider, box(0.001, 0.001, 0.001)), metal),
        (union(yoke, pivots), metal),
    )
    parts = tuple(
        Part(shape=turned(moved(shape, (0, -SINK, 0)), "y", TURN), surface=surface) for shape, surface in solids
    )
    return Product(parts=parts, centre=(0, 0.95, 0), radius=1.25)


def shot() -> Shot:
    """Return the headphones on a seamless white sweep."""
    return Shot(product=product(), width=2000, height=2200, camera=(0.2, 1.7, 6.4), target=(0, 0.90, 0), angle=21.3)
