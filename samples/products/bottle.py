"""A face oil in amber glass, with a paper label and a dropper."""

import math

import numpy as np
from PIL import Image

from samples.studio.camera import Shot
from samples.studio.shapes import Shape, blend, cylinder, ellipsoid, lathe, moved
from samples.studio.stage import Part, Product, Surface, plain
from samples.studio.textures import canvas, decal, noise, spaced
from samples.studio.vectors import Array

RADIUS = 0.34
LABEL_BOTTOM, LABEL_TOP = 0.20, 0.80
LABEL_TURN = 2.35  # radians of the circumference that the label covers
FACING = 0.24  # radians that the bottle is turned towards the camera

_paper = noise(90.0, seed=4)


def _label() -> Shape:
    """Return a thin sleeve over the front of the bottle."""
    half = (LABEL_TOP - LABEL_BOTTOM) / 2
    sleeve = moved(cylinder(RADIUS + 0.004, half), (0, (LABEL_BOTTOM + LABEL_TOP) / 2, 0))

    def front(points: Array) -> Array:
        angle = np.abs(np.arctan2(points[0], points[2]) - FACING)
        return np.asarray(np.maximum(sleeve(points), (angle - LABEL_TURN / 2) * RADIUS))

    return front


def _print() -> Image.Image:
    image, draw = canvas(1600, 1200, (241, 236, 226))
    ink, green = (44, 40, 36), (74, 96, 74)
    draw.rectangle((0, 0, 1600, 46), fill=green)
    spaced(draw, (800, 300), "HAVBRIM", size=150, gap=34, fill=ink)
    draw.line((560, 430, 1040, 430), fill=green, width=6)
    spaced(draw, (800, 540), "FACE OIL", size=84, gap=26, fill=ink)
    spaced(draw, (800, 690), "sea buckthorn and rosehip", size=66, gap=4, fill=ink)
    spaced(draw, (800, 1040), "30 ml   1.0 fl oz", size=56, gap=6, fill=ink)
    for index in range(7):
        lean = math.radians(-60 + 20 * index)
        tip = (800 + 92 * math.sin(lean), 870 - 92 * math.cos(lean))
        draw.line((800, 900, *tip), fill=green, width=7)
        draw.ellipse((tip[0] - 13, tip[1] - 13, tip[0] + 13, tip[1] + 13), fill=(196, 116, 40))
    return image


def _across(points: Array) -> tuple[Array, Array]:
    angle = np.arctan2(points[0], points[2]) - FACING
    return 0.5 + angle / LABEL_TURN, (LABEL_TOP - points[1]) / (LABEL_TOP - LABEL_BOTTOM)


def product() -> Product:
    """Return the bottle, about 150 mm tall with its dropper."""
    body = moved(cylinder(RADIUS, 0.49, 0.06), (0, 0.49, 0))
    neck = moved(cylinder(0.135, 0.12, 0.01), (0, 1.02, 0))
    glass = blend(body, neck, 0.17)
    ridges = lathe(lambda r, y: np.maximum(r - 0.172, np.abs(y) - 0.125) - 0.012)

    def collar(points: Array) -> Array:
        angle = np.arctan2(points[0], points[2])
        return np.asarray(ridges(points - np.array([[0], [1.17], [0]], np.float32)) - 0.0025 * np.cos(angle * 54))

    bulb = blend(
        moved(cylinder(0.105, 0.05, 0.02), (0, 1.34, 0)), moved(ellipsoid(0.118, 0.24, 0.118), (0, 1.48, 0)), 0.10
    )
    amber = Surface(paint=plain((0.2, 0.08, 0.02)), roughness=0.03, mirror=0.045, absorption=(1.5, 4.6, 12.0))
    paper = Surface(paint=decal(_print(), _across), roughness=0.55, mirror=0.03, relief=lambda p: _paper(p) * 0.0006)
    black = Surface(paint=plain((0.018, 0.018, 0.019)), roughness=0.28, mirror=0.045)
    rubber = Surface(paint=plain((0.024, 0.023, 0.023)), roughness=0.5, mirror=0.035)
    parts = (
        Part(shape=glass, surface=amber),
        Part(shape=_label(), surface=paper),
        Part(shape=collar, surface=black),
        Part(shape=bulb, surface=rubber),
    )
    return Product(parts=parts, centre=(0, 0.86, 0), radius=1.02)


def shot() -> Shot:
    """Return the bottle upright on a seamless white sweep, stored lying on its side as cameras do."""
    return Shot(
        product=product(),
        width=1760,
        height=2200,
        camera=(1.1, 1.35, 5.4),
        target=(0.02, 0.80, 0),
        angle=22.8,
        orientation=6,
    )
