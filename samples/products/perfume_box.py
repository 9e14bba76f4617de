"""A gift box for a perfume: deep green board, gold foil."""

import math

import numpy as np
from PIL import Image

from samples.studio.camera import Shot
from samples.studio.shapes import Shape, box, moved, turned, union, without
from samples.studio.stage import Part, Product, Surface
from samples.studio.textures import canvas, decal, noise, spaced
from samples.studio.vectors import Array

WIDE, TALL, DEEP = 0.42, 0.66, 0.30
SEAM = 0.42  # height of the gap under the lid, from the middle
TURN = 32.0

_linen_a = noise(70.0, seed=6)
GREEN, GOLD = (22, 62, 50), (206, 166, 92)


def _front() -> Image.Image:
    image, draw = canvas(1260, 1980, GREEN)
    draw.rectangle((70, 70, 1190, 1910), outline=GOLD, width=7)
    for index in range(24):
        angle = math.radians(15 * index)
        inner, outer = (150, 330) if index % 2 else (120, 270)
        a = (630 + inner * math.cos(angle), 820 + inner * math.sin(angle))
        b = (630 + outer * math.cos(angle), 820 + outer * math.sin(angle))
        draw.line((*a, *b), fill=GOLD, width=9)
        draw.ellipse((b[0] - 13, b[1] - 13, b[0] + 13, b[1] + 13), fill=GOLD)
    draw.ellipse((545, 735, 715, 905), outline=GOLD, width=9)
    spaced(draw, (630, 1330), "ORVANE", size=150, gap=40, fill=GOLD)
    spaced(draw, (630, 1480), "EAU DE PARFUM", size=62, gap=22, fill=GOLD)
    spaced(draw, (630, 1790), "50 ml", size=58, gap=10, fill=GOLD)
    return image


def _side() -> Image.Image:
    image, draw = canvas(900, 1980, GREEN)
    draw.rectangle((70, 70, 830, 1910), outline=GOLD, width=7)
    for column in range(5):
        for row in range(13):
            x, y = 170 + 140 * column, 210 + 130 * row
            draw.polygon(((x, y - 24), (x + 17, y), (x, y + 24), (x - 17, y)), fill=GOLD)
    return image


def _local(points: Array) -> Array:
    """Return points in the box's own axes, before it was turned and stood up."""
    cos, sin = np.float32(math.cos(math.radians(TURN))), np.float32(math.sin(math.radians(TURN)))
    x, z = points[0], points[2]
    return np.stack([cos * x - sin * z, points[1] - TALL, sin * x + cos * z])


def _paint(points: Array) -> Array:
    local = _local(points)
    down = (TALL - local[1]) / (2 * TALL)
    front = _FRONT(np.stack([(local[0] + WIDE) / (2 * WIDE), down]))
    side = _SIDE(np.stack([(DEEP - local[2]) / (2 * DEEP), down]))
    on_side = np.abs(local[0]) - WIDE > np.abs(local[2]) - DEEP
    on_top = np.abs(local[1]) - TALL > np.maximum(np.abs(local[0]) - WIDE, np.abs(local[2]) - DEEP)
    green = _FRONT(np.zeros((2, points.shape[1]), np.float32))
    return np.where(on_top, green, np.where(on_side, side, front))


def _foil(points: Array) -> Array:
    """Return a high reflectance where the drawing is gold."""
    colour = _paint(points)
    return np.asarray(0.04 + 0.42 * np.clip((colour[0] - 0.05) / 0.5, 0, 1))


def _linen(points: Array) -> Array:
    local = _local(points)
    return np.asarray(0.0003 * (np.sin(local[0] * 420) * np.sin(local[1] * 420) + _linen_a(local * np.float32(1.3))))


_FRONT = decal(_front(), lambda uv: (uv[0], uv[1]))
_SIDE = decal(_side(), lambda uv: (uv[0], uv[1]))


def _solid() -> Shape:
    lid_gap = moved(box(WIDE + 0.1, 0.006, DEEP + 0.1), (0, SEAM, 0))
    core = box(WIDE - 0.02, TALL - 0.02, DEEP - 0.02)
    return moved(turned(union(without(box(WIDE, TALL, DEEP, 0.012), lid_gap, 0.006), core), "y", TURN), (0, TALL, 0))


def product() -> Product:
    """Return the box, about 130 mm tall."""
    board = Surface(paint=_paint, roughness=0.45, mirror=_foil, relief=_linen)
    return Product(parts=(Part(shape=_solid(), surface=board),), centre=(0, TALL, 0), radius=0.88)


def shot() -> Shot:
    """Return the box on a seamless sweep, a stop and a half too dark."""
    return Shot(
        product=product(), width=1800, height=2200, camera=(0.0, 1.55, 5.4), target=(0, 0.65, 0), angle=18.9, stops=-1.4
    )
