"""A small shoulder bag in tan leather with a flap and a brass clasp."""

import numpy as np

from samples.studio.camera import Shot
from samples.studio.shapes import Shape, both, box, curve, moved, polygon, torus, tube, turned, union
from samples.studio.stage import Part, Product, Stage, Surface, plain
from samples.studio.textures import layered, noise, pebbles
from samples.studio.vectors import Array, mix, smoothstep, vector

TURN = -24.0
FRONT = 0.235  # depth of the body at half height
BRASS = (0.83, 0.62, 0.32)

_grain = pebbles(62.0, seed=3)
_tone = layered(2.4, 4, seed=14)
_wear = noise(5.5, seed=31)


def _outline() -> Array:
    """Return the corners of the flap: straight at the top, round at the bottom."""
    half, bottom, radius = 0.735, 0.36, 0.30
    corner = np.linspace(0, np.pi / 2, 9)
    left = [(-half + radius - radius * np.cos(a), bottom + radius - radius * np.sin(a)) for a in corner]
    right = [(half - radius + radius * np.sin(a), bottom + radius - radius * np.cos(a)) for a in corner]
    return np.array([(-half, 1.06), *left, *right, (half, 1.06)], np.float32)


_FLAP = _outline()


def _body(points: Array) -> Array:
    """Return a box that bulges in the middle and narrows towards the top."""
    x, y, z = points
    height = np.clip(y / 1.0, 0, 1)
    bulge = 0.045 * (1 - (x / 0.75) ** 2) * np.sin(np.pi * np.clip(height, 0.05, 0.95))
    scale = (FRONT - 0.075 * height + bulge) / FRONT
    q = np.stack([x / (1 - 0.03 * height), y - 0.5, z / np.maximum(scale, 0.3)])
    return box(0.74, 0.5, FRONT, 0.10)(q) * 0.7


def _flap(points: Array) -> Array:
    """Return a cover that lies on the front of the body and folds over its top."""
    x, y, z = points
    sheet = _body(points) - 0.022
    inside = polygon(x, y, _FLAP)
    over = np.where(z > -0.02, inside, np.maximum(np.abs(x) - 0.735, 0.985 - y))
    return np.asarray(np.maximum(sheet, over * 0.8) - 0.004)


def _stitches(points: Array) -> Array:
    """Return 1 on the thread that runs inside the edge of the flap."""
    x, y, z = points
    inset = np.abs(polygon(x, y, _FLAP) + 0.038)
    along = np.where(y < 0.62, x * 0.9 + y * np.sign(x) * 0.45, y)
    dash = smoothstep(-0.25, 0.05, np.sin(along * 150))
    return np.asarray((1 - smoothstep(0.0045, 0.0075, inset)) * dash * (z > 0) * (y < 1.0))


def _leather(points: Array) -> Array:
    base = mix(vector(0.36, 0.155, 0.058), vector(0.50, 0.24, 0.098), _tone(points))
    creases = 1 - 0.20 * smoothstep(0.35, 0.8, _grain(points))
    return base * creases * (0.92 + 0.16 * _wear(points))


def _stitched(points: Array) -> Array:
    return mix(_leather(points), vector(0.80, 0.68, 0.47), _stitches(points))


def _relief(points: Array) -> Array:
    return np.asarray(-0.0010 * smoothstep(0.2, 0.8, _grain(points)))


def _strap() -> Shape:
    """Return a flat band in an arch, from side to side."""
    arch = curve([(-0.66, 0.93, 0), (-0.64, 2.05, -0.05), (0.64, 2.05, -0.05), (0.66, 0.93, 0)], 30)
    round_band = tube([(x, y, z * 0.25) for x, y, z in arch], 0.014)

    def band(points: Array) -> Array:
        q = points.copy()
        q[2] = np.sign(points[2]) * np.maximum(np.abs(points[2]) - 0.05, 0)
        return round_band(q)

    return band


def product() -> Product:
    """Return the bag, about 150 mm wide without its strap."""
    rings = union(*(moved(turned(torus(0.062, 0.014), "x", 90), (x, 0.965, 0.0)) for x in (-0.66, 0.66)))
    plate = moved(box(0.085, 0.066, 0.018, 0.016), (0, 0.455, 0.272))
    turn = moved(box(0.018, 0.042, 0.03, 0.012), (0, 0.455, 0.287))
    feet = both(_body, lambda p: p[1] - 0.02)
    smooth = Surface(paint=_leather, roughness=0.42, mirror=0.04, relief=_relief)
    stitched = Surface(paint=_stitched, roughness=0.42, mirror=0.04, relief=_relief)
    brass = Surface(paint=plain((0, 0, 0)), metal=BRASS, roughness=0.08)
    solids = (
        (union(_body, feet), smooth),
        (_flap, stitched),
        (_strap(), smooth),
        (rings, brass),
        (union(plate, turn), brass),
    )
    parts = tuple(Part(shape=turned(shape, "y", TURN), surface=_turned(surface)) for shape, surface in solids)
    return Product(parts=parts, centre=(0, 0.88, 0), radius=1.25)


def _turned(surface: Surface) -> Surface:
    """Return a surface whose paint and relief turn with the bag."""
    relief = surface.relief
    return Surface(
        paint=turned(surface.paint, "y", TURN),
        roughness=surface.roughness,
        mirror=surface.mirror,
        metal=surface.metal,
        relief=turned(relief, "y", TURN) if relief else None,
    )


def shot() -> Shot:
    """Return the bag on a table in front of a graded wall, with a visible horizon."""
    stage = Stage(floor=(0.66, 0.60, 0.53), wall=(0.60, 0.62, 0.63), horizon=-2.4)
    return Shot(
        product=product(),
        stage=stage,
        width=2200,
        height=2200,
        camera=(0.0, 1.35, 6.6),
        target=(0, 0.87, 0),
        angle=20.1,
    )
