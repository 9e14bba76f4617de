"""A pour-over kettle in brushed steel with a walnut grip."""

import numpy as np

from samples.studio.camera import Shot
from samples.studio.shapes import blend, cone, curve, cylinder, ellipsoid, moved, sphere, torus, tube, union
from samples.studio.stage import Part, Product, Surface, plain
from samples.studio.textures import layered, noise
from samples.studio.vectors import Array, mix, vector

STEEL = (0.80, 0.79, 0.775)

_brush = noise(60.0, seed=2)
_rings = layered(2.2, 3, seed=8)


def _brushed(points: Array) -> Array:
    """Return the height of fine grooves that run around the body."""
    return np.asarray(_brush(points * vector(0.03, 5.0, 0.03)) * 0.00022)


def _walnut(points: Array) -> Array:
    bent = points + 0.10 * (_rings(points * vector(1, 0.5, 1)) - 0.5)
    grain = 0.5 + 0.5 * np.sin(bent[0] * 95 + bent[2] * 30 + 9 * _rings(points * 1.7))
    fine = _brush(points * vector(1.6, 0.12, 1.6))
    return mix(vector(0.105, 0.046, 0.021), vector(0.27, 0.135, 0.066), 0.65 * grain + 0.35 * fine)


def product() -> Product:
    """Return the kettle, about 190 mm from spout to grip."""
    body = moved(cone(0.66, 0.44, 0.41, rounding=0.075), (0, 0.41, 0))
    spout = tube(curve([(-0.58, 0.20, 0), (-1.02, 0.16, 0), (-0.78, 0.98, 0), (-1.16, 1.0, 0)], 26), 0.092, 0.045)
    steel = blend(body, spout, 0.09)
    lid = blend(
        moved(cylinder(0.40, 0.022, 0.018), (0, 0.842, 0)), moved(ellipsoid(0.36, 0.07, 0.36), (0, 0.85, 0)), 0.03
    )
    seam = moved(torus(0.415, 0.012), (0, 0.82, 0))
    knob = blend(moved(cylinder(0.045, 0.05), (0, 0.93, 0)), moved(ellipsoid(0.10, 0.065, 0.10), (0, 1.0, 0)), 0.04)
    arms = union(
        tube(curve([(0.40, 0.79, 0), (0.62, 0.90, 0), (0.86, 0.88, 0)], 10), 0.032),
        tube(curve([(0.60, 0.30, 0), (0.72, 0.26, 0), (0.86, 0.30, 0)], 8), 0.032),
    )
    grip = tube(
        curve([(0.84, 0.885, 0), (1.06, 0.86, 0), (1.10, 0.55, 0), (1.02, 0.36, 0), (0.84, 0.295, 0)], 26), 0.072, 0.060
    )
    brushed = Surface(paint=plain((0, 0, 0)), metal=STEEL, roughness=0.15, relief=_brushed)
    polished = Surface(paint=plain((0, 0, 0)), metal=(0.84, 0.83, 0.82), roughness=0.05)
    dark = Surface(paint=plain((0.02, 0.02, 0.02)), roughness=0.4)
    walnut = Surface(paint=_walnut, roughness=0.26, mirror=0.035)
    parts = (
        Part(shape=steel, surface=brushed),
        Part(shape=lid, surface=polished),
        Part(shape=seam, surface=dark),
        Part(shape=knob, surface=walnut),
        Part(shape=arms, surface=polished),
        Part(shape=grip, surface=walnut),
        Part(shape=moved(sphere(0.012), (0.2, 0.905, 0.1)), surface=dark),
    )
    return Product(parts=parts, centre=(-0.02, 0.5, 0), radius=1.28)


def shot() -> Shot:
    """Return the kettle on a seamless sweep, the camera held four degrees askew."""
    return Shot(
        product=product(),
        width=2300,
        height=1800,
        camera=(0.9, 1.75, 5.6),
        target=(-0.03, 0.46, 0),
        angle=28.7,
        tilt=4.0,
    )
