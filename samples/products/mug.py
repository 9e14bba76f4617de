"""A stoneware mug, half dipped in glaze."""

import numpy as np

from samples.studio.camera import Shot
from samples.studio.shapes import blend, cone, curve, moved, tube, without
from samples.studio.stage import Part, Product, Surface
from samples.studio.textures import layered, noise, pebbles
from samples.studio.vectors import Array, mix, smoothstep, vector

HEIGHT = 0.96

_mottle = layered(3.0, 4, seed=5)
_specks = pebbles(16.0, seed=9)
_which = noise(5.0, seed=21)
_drip = noise(2.4, seed=12)
_throwing = noise(7.0, seed=3)


def _dip(points: Array) -> Array:
    """Return how far each point lies above the wavy edge of the glaze."""
    return np.asarray(points[1] - 0.24 - 0.05 * (_drip(points * vector(1, 0, 1)) - 0.5))


def _paint(points: Array) -> Array:
    tone = _mottle(points)
    pool = smoothstep(0.0, 0.10, _dip(points))
    glaze = mix(vector(0.012, 0.085, 0.115), vector(0.05, 0.25, 0.28), smoothstep(0.25, 0.75, tone)) * (
        0.72 + 0.28 * pool
    )
    rim = smoothstep(HEIGHT - 0.035, HEIGHT - 0.002, points[1])
    glaze = mix(glaze, vector(0.30, 0.25, 0.17), rim * 0.75)
    clay = vector(0.50, 0.39, 0.28) * (0.86 + 0.28 * tone)
    size = 0.10 + 0.16 * smoothstep(0.45, 0.9, _which(points))
    freckles = 1 - smoothstep(size * 0.6, size, _specks(points))
    colour = mix(clay, glaze, smoothstep(-0.004, 0.004, _dip(points)))
    return mix(colour, colour * 0.30, freckles * 0.85)


def _mirror(points: Array) -> Array:
    return mix(0.015, 0.055, smoothstep(-0.004, 0.004, _dip(points)))


def _relief(points: Array) -> Array:
    rings = _throwing(points * vector(0.15, 1, 0.15)) * 0.006
    return np.asarray(rings - 0.004 * (1 - smoothstep(-0.01, 0.012, _dip(points))))


def product() -> Product:
    """Return the mug, about 96 mm tall."""
    body = moved(cone(0.40, 0.46, HEIGHT / 2, rounding=0.045), (0, HEIGHT / 2, 0))
    hollow = moved(cone(0.35, 0.415, HEIGHT / 2, rounding=0.10), (0, HEIGHT / 2 + 0.07, 0))
    grip = tube(
        curve([(0.38, 0.78, 0), (0.80, 0.90, 0), (0.90, 0.42, 0), (0.68, 0.24, 0), (0.38, 0.27, 0)], 28), 0.058, 0.05
    )
    outside = blend(body, without(grip, hollow), 0.07)
    shell = without(outside, hollow, 0.035)
    surface = Surface(paint=_paint, roughness=0.07, mirror=_mirror, relief=_relief)
    return Product(parts=(Part(shape=shell, surface=surface),), centre=(0.12, 0.48, 0), radius=0.95)


def shot() -> Shot:
    """Return the mug on a seamless white sweep."""
    return Shot(product=product(), width=2200, height=2000, camera=(1.0, 1.75, 4.6), target=(0.14, 0.44, 0), angle=19.0)
