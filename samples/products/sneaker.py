"""A running shoe in petrol knit with a coral heel and a gum sole."""

from collections.abc import Callable, Sequence

import numpy as np

from samples.studio.camera import Shot
from samples.studio.shapes import (
    Shape,
    ellipsoid,
    extruded,
    measured,
    mirrored,
    moved,
    tube,
    turned,
    union,
    without,
)
from samples.studio.stage import Paint, Part, Product, Surface, plain
from samples.studio.textures import layered, noise
from samples.studio.vectors import Array, mix, smoothstep, vector

TURN = -24.0
END = 1.42  # the toe is at -END, the heel at END
SOLE = 0.25

_fuzz = noise(40.0, seed=17)
_tone = layered(3.0, 3, seed=19)


def _through(keys: Sequence[tuple[float, float]]) -> Callable[[Array], Array]:
    """Return a smooth function of x through (about) the given points."""
    grid = np.linspace(-1.6, 1.6, 6401)
    values = np.interp(grid, [x for x, _ in keys], [y for _, y in keys])
    window = np.hanning(601)
    smooth = np.convolve(np.pad(values, 300, mode="edge"), window / window.sum(), mode="valid")
    return lambda x: np.interp(x, grid, smooth).astype(np.float32)


_width = _through([(-1.4, 0.36), (-1.0, 0.43), (-0.6, 0.45), (-0.1, 0.39), (0.4, 0.335), (0.9, 0.33), (1.4, 0.33)])
_height = _through(
    [
        (-1.4, 0.20),
        (-1.1, 0.30),
        (-0.75, 0.40),
        (-0.35, 0.60),
        (0.05, 0.82),
        (0.35, 0.95),
        (0.7, 0.93),
        (1.0, 0.98),
        (1.4, 1.06),
    ]
)


def _cap(x: Array, power: int) -> Array:
    """Return 1 along the shoe, falling to 0 in a round end at the toe and at the heel."""
    return np.asarray(np.sqrt(np.maximum(1 - np.abs(x / END) ** power, 1e-4)))


def _spring(x: Array) -> Array:
    """Return how far the toe and, a little, the heel rise from the floor."""
    return np.asarray(0.15 * smoothstep(0.55, 1.5, -x) + 0.05 * smoothstep(0.9, 1.5, x))


def _sole(points: Array) -> Array:
    x, y, z = points
    lift = _spring(x)
    top = SOLE + 0.035 * smoothstep(0.0, 1.2, x) + lift * 0.9
    flare = 0.045 * (1 - np.clip((y - lift) / SOLE, 0, 1))
    across = np.abs(z) - (_width(x) + 0.02 + flare) * _cap(x * 0.995, 5)
    across = np.maximum(across, np.abs(x) - END + 0.005)
    upright = np.abs(y - (top + lift) / 2) - (top - lift) / 2
    q = np.maximum(across + 0.04, 0) ** 2 + np.maximum(upright + 0.04, 0) ** 2
    inside = np.minimum(np.maximum(across, upright) + 0.04, 0)
    tread = 0.008 * np.sin(x * 46) * smoothstep(-0.045, -0.06, y - lift - 0.10)
    return np.asarray(np.sqrt(q) + inside - 0.04 + tread)


def _upper(points: Array) -> Array:
    x, y, z = points
    base = SOLE - 0.06 + _spring(x) * 0.9
    width = (_width(x) - 0.012) * _cap(x, 7)
    height = (_height(x) + 0.06) * _cap(x, 14)
    rise = np.maximum(y - base, 0) / np.maximum(height, 0.02)
    across = np.abs(z) / np.maximum(width, 0.02)
    k = (across**2.35 + rise**2.35 + 1e-6) ** (1 / 2.35)
    shell = (k - 1) * np.minimum(width, height)
    return np.asarray(np.maximum(np.maximum(shell, base - y), np.abs(x) - END + 0.01))


def _enclosed(shape: Shape, heights: Callable[[Array], Array]) -> Shape:
    """Bound a shape by prisms around its plan and its side view, which know how far away they are."""
    x = np.cos(np.linspace(0, np.pi, 13)) * (END + 0.02)
    half = (_width(x) + 0.10) * np.maximum(_cap(x * 0.97, 6), 0.3)
    plan = extruded([*zip(x, half, strict=True), *zip(x[::-1], -half[::-1], strict=True)], 0.75)
    side = extruded([*zip(x, heights(x), strict=True), (-END, -0.02), (END, -0.02)], 0.6)

    def measure(p: Array) -> Array:
        outside = np.maximum(plan(np.stack([p[0], p[2], p[1] - 0.74])), side(p))
        return np.maximum(measured(shape)(p), outside)

    return measure


_FOOT = turned(ellipsoid(0.50, 0.70, 0.185), "z", -18)
_HOLE = moved(_FOOT, (0.70, 1.32, 0))


def _opening(points: Array) -> Array:
    """Return the hole for the foot; deep inside, an ellipsoid's estimate would step through the far wall."""
    return np.maximum(_HOLE(points), -0.10)


_shoe = without(_enclosed(_upper, lambda x: _height(x) + SOLE + 0.2), _opening, 0.09)


def _ridge(x: float, z: float) -> tuple[float, float, float]:
    """Return the point of the upper above (x, z)."""
    at = np.array([x], np.float32)
    base = SOLE - 0.06 + float(_spring(at)[0]) * 0.9
    width, height = float((_width(at) - 0.012)[0]), float(_height(at)[0]) + 0.06
    return x, base + height * float(max(1 - (abs(z) / width) ** 2.35, 0.0) ** (1 / 2.35)), z


def _laces() -> list[tuple[float, float, float]]:
    rows = np.linspace(-0.50, 0.10, 6)
    return [(float(x), 0.17 + 0.02 * index / 5, 0.0) for index, x in enumerate(rows)]


def _lace(x: float, half: float) -> Callable[[Array], Array]:
    arch = [_ridge(x + 0.02 * abs(z) / half, z) for z in np.linspace(-half, half, 9)]
    return tube([(px, py + 0.016, pz) for px, py, pz in arch], 0.026)


def _tongue(points: Array) -> Array:
    x, y, z = points
    line = _height(x) + SOLE - 0.035 + 0.13 * smoothstep(-0.05, 0.45, x) - 1.6 * z * z
    slab = np.abs(y - line) - 0.03
    ends = np.maximum(np.abs(z) - 0.19, np.maximum(-0.20 - x, x - 0.33 + 2.0 * z * z))
    q = np.sqrt(np.maximum(slab + 0.03, 0) ** 2 + np.maximum(ends + 0.05, 0) ** 2)
    return np.asarray(q + np.minimum(np.maximum(slab + 0.03, ends + 0.05), 0) - 0.04)


def _knit(points: Array) -> Array:
    """Return the height of the knit: rows of small loops."""
    return np.asarray(0.0012 * np.abs(np.sin(points[0] * 105) * np.sin((points[1] + points[2] * 0.4) * 120)))


def _upper_paint(points: Array) -> Array:
    x, y, z = points
    knit = vector(0.20, 0.31, 0.325) * (0.88 + 0.16 * _tone(points))
    knit = knit * (0.90 + 0.10 * np.abs(np.sin(x * 105) * np.sin((y + z * 0.4) * 120)))
    coral = vector(0.66, 0.155, 0.085) * (0.92 + 0.14 * _fuzz(points))
    navy = vector(0.030, 0.042, 0.075) * (0.9 + 0.3 * _fuzz(points))
    heel = smoothstep(-0.006, 0.006, x - 0.98 + 0.28 * (y - 0.55))
    collar = 1 - smoothstep(-0.008, 0.008, _opening(points) - 0.075)
    guard = smoothstep(-0.006, 0.006, -x - 1.08 - 0.35 * (y - 0.45)) * smoothstep(-0.2, 0.2, 1.0 - y)
    band = np.abs(x - 0.20 + 0.62 * (y - 0.55)) - 0.075
    stripes = np.maximum(
        1 - smoothstep(-0.005, 0.005, band), 1 - smoothstep(-0.005, 0.005, np.abs(x - 0.46 + 0.62 * (y - 0.55)) - 0.045)
    )
    stripes = stripes * (np.abs(z) > 0.2) * (y < 0.98)
    throat = (
        (1 - smoothstep(-0.006, 0.006, np.abs(z) - 0.115 + 0.1 * smoothstep(-0.35, -0.62, x)))
        * smoothstep(-0.60, -0.58, x)
        * (x < 0.4)
        * (y > 0.5)
    )
    stay = (
        (1 - smoothstep(-0.006, 0.006, np.abs(np.abs(z) - 0.165) - 0.055))
        * smoothstep(-0.66, -0.645, x)
        * (x < 0.30)
        * (y > 0.5)
    )
    colour = mix(knit, coral, np.maximum(heel, stripes))
    colour = mix(colour, vector(0.62, 0.59, 0.53), guard)
    colour = mix(colour, vector(0.155, 0.235, 0.25), stay)
    return mix(colour, navy, np.maximum(np.maximum(collar, throat), (_opening(points) < 0.01).astype(np.float32)))


def _sole_paint(points: Array) -> Array:
    x, y, _ = points
    level = y - _spring(x)
    foam = vector(0.76, 0.725, 0.65)
    line = 1 - smoothstep(0.004, 0.007, np.abs(level - 0.175 - 0.02 * smoothstep(0, 1.2, x)))
    gum = vector(0.42, 0.215, 0.092)
    return mix(mix(foam, vector(0.66, 0.155, 0.085), line), gum, 1 - smoothstep(0.058, 0.062, level))


def _placed(of_points: Shape) -> Shape:
    """Turn the shoe, modelled with its toe to the left, so that its toe points right and towards the camera."""
    return turned(mirrored(of_points), "y", TURN)


def product() -> Product:
    """Return the shoe, about 285 mm long, its toe to the right."""
    laces = union(*(_lace(x, half) for x, half, _ in _laces()))
    inner: Paint = plain((0.032, 0.040, 0.060))
    solids = (
        (_enclosed(_sole, lambda x: 0 * x + 0.5), Surface(paint=_sole_paint, roughness=0.55, mirror=0.035)),
        (_shoe, Surface(paint=_upper_paint, roughness=0.8, mirror=0.02, relief=_knit)),
        (measured(_tongue), Surface(paint=inner, roughness=0.8, mirror=0.02, relief=_knit)),
        (laces, Surface(paint=plain((0.82, 0.80, 0.76)), roughness=0.7, mirror=0.025)),
    )
    parts = tuple(
        Part(
            shape=_placed(shape),
            surface=Surface(
                paint=_placed(surface.paint),
                roughness=surface.roughness,
                mirror=surface.mirror,
                relief=_placed(surface.relief) if surface.relief else None,
            ),
        )
        for shape, surface in solids
    )
    return Product(parts=parts, centre=(0, 0.58, 0), radius=1.65)


def shot() -> Shot:
    """Return the shoe on a seamless white sweep."""
    return Shot(product=product(), width=2300, height=1700, camera=(0.0, 1.9, 6.9), target=(0, 0.50, 0), angle=27.0)
