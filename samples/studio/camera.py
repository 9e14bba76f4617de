"""The camera: rays, anti-aliasing where it matters, lens and sensor, and the JPEG with its EXIF."""

import math
from pathlib import Path

import attrs
import cv2
import numpy as np
from PIL import Image

from samples.studio import shading, tracer
from samples.studio.shapes import Point
from samples.studio.stage import Product, Stage
from samples.studio.vectors import Array, mix, normalised, smoothstep, vector

FLOOR_SCALE = 5
EXTRA_SAMPLES = 6


@attrs.frozen(kw_only=True)
class Shot:
    """One photo to take.

    Args:
        width, height: pixels as seen upright.
        camera, target: where the camera stands and what it looks at.
        angle: of view across the longer side, in degrees.
        tilt: the camera held askew, in degrees clockwise.
        stops: exposure correction; negative is too dark.
        grain: standard deviation of the sensor noise, in 8-bit steps.
        orientation: EXIF orientation; 6 stores the picture lying on its side.
    """

    product: Product
    width: int
    height: int
    camera: Point
    target: Point
    stage: Stage = attrs.field(factory=Stage)
    angle: float = 26.0
    tilt: float = 0.0
    stops: float = 0.0
    grain: float = 0.9
    orientation: int = 1


def rays(shot: Shot, column: Array, row: Array) -> tuple[Array, Array]:
    """Return origin (3, 1) and unit directions (3, N) through positions in pixels."""
    origin = vector(*shot.camera)
    ahead = normalised(vector(*shot.target) - origin)
    right = normalised(np.cross(ahead, vector(0, 1, 0), axis=0).astype(np.float32))
    up = np.cross(right, ahead, axis=0)
    scale = math.tan(math.radians(shot.angle / 2)) / (max(shot.width, shot.height) / 2)
    x, y = (column - shot.width / 2) * scale, (shot.height / 2 - row) * scale
    cos, sin = math.cos(math.radians(shot.tilt)), math.sin(math.radians(shot.tilt))
    x, y = cos * x + sin * y, cos * y - sin * x
    return origin, normalised(ahead + right * x.astype(np.float32) + up * y.astype(np.float32)).astype(np.float32)


def backdrop(shot: Shot, shade: Array | None, column: Array, row: Array) -> Array:
    """Return the light of the sweep at positions in pixels, shape (3, N).

    Args:
        shade: shadows on the floor for the whole picture at a fraction of its size; None for none yet.
    """
    stage = shot.stage
    origin, direction = rays(shot, column, row)
    floor = vector(*stage.floor) * np.ones_like(direction)
    if shade is not None:
        at = (
            ((column + 0.5) / FLOOR_SCALE - 0.5).astype(np.float32),
            ((row + 0.5) / FLOOR_SCALE - 0.5).astype(np.float32),
        )
        lookup = [a.reshape(1, -1) for a in at]
        parts = [
            cv2.remap(
                shade,
                lookup[0][:, i : i + 30000],
                lookup[1][:, i : i + 30000],
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
            for i in range(0, column.size, 30000)
        ]
        floor = floor * np.concatenate(parts, axis=1).ravel()
    down = direction[1] < -1e-4
    t = np.where(down, -origin[1] / np.minimum(direction[1], -1e-4), 60.0)
    z = np.where(down, origin[2] + direction[2] * t, -60.0)
    far = smoothstep(0.0, 8.0, -z) if stage.horizon is None else smoothstep(-0.01, 0.01, stage.horizon - z)
    height = np.clip(0.5 + 0.9 * direction[1], 0, 1)
    wall = vector(*stage.wall) * (1.04 - 0.16 * height)
    radius = np.hypot(column - shot.width / 2, row - shot.height / 2) / max(shot.width, shot.height)
    return mix(floor, wall, far) * (1 - 0.10 * radius**2)


def floor_shade(shot: Shot) -> Array:
    """Return the shadows on the floor, rendered small because they are soft, shape (height, width)."""
    columns, rows = math.ceil(shot.width / FLOOR_SCALE), math.ceil(shot.height / FLOOR_SCALE)
    row, column = np.mgrid[0:rows, 0:columns].astype(np.float32) * FLOOR_SCALE + FLOOR_SCALE / 2
    origin, direction = rays(shot, column.ravel(), row.ravel())
    shade = np.ones(direction.shape[1], np.float32)
    t = origin[1] / np.maximum(-direction[1], 1e-4)
    points = origin + direction * t
    near = (direction[1] < -1e-3) & (np.hypot(points[0], points[2]) < 3.2 * shot.product.radius + 2)
    shade[near] = shading.floor_light(shot.stage, shot.product.shape, points[:, near])
    return np.asarray(cv2.GaussianBlur(shade.reshape(rows, columns), (0, 0), 0.9))


def expose(shot: Shot, shade: Array, column: Array, row: Array) -> tuple[Array, Array]:
    """Return light (3, N) and whether the product was hit (N,) at positions in pixels."""
    light = backdrop(shot, shade, column, row)
    origin, direction = rays(shot, column, row)
    crosses, enters = tracer.crosses_ball(origin, direction, vector(*shot.product.centre), shot.product.radius)
    candidates = np.flatnonzero(crosses)
    if not candidates.size:
        return light, crosses
    ray = direction[:, candidates]
    start = origin + ray * enters[candidates]
    distance = tracer.march(shot.product.shape, start, ray, reach=3 * shot.product.radius)
    hit = np.isfinite(distance)
    points = start[:, hit] + ray[:, hit] * distance[hit]
    light[:, candidates[hit]] = tracer.in_chunks(
        lambda at, towards: shading.surface_light(shot.stage, shot.product, at, towards), points, ray[:, hit]
    )
    seen = np.zeros(column.size, bool)
    seen[candidates[hit]] = True
    return light, seen


def develop(shot: Shot, *, scale: float = 1.0) -> Array:
    """Render a shot; returns 8-bit sRGB of shape (height, width, 3), upright."""
    if scale != 1.0:
        shot = attrs.evolve(shot, width=round(shot.width * scale), height=round(shot.height * scale))
    rng = np.random.default_rng(shot.width * 7919 + shot.height)
    shade = floor_shade(shot)
    row, column = (grid.ravel().astype(np.float32) for grid in np.mgrid[0 : shot.height, 0 : shot.width])
    light, seen = expose(shot, shade, column + 0.5, row + 0.5)
    edges = np.flatnonzero(_needs_more(light, seen, shot))
    if edges.size:
        samples = [light[:, edges]]
        for index in range(EXTRA_SAMPLES):
            turn = 2 * math.pi * index / EXTRA_SAMPLES
            dx, dy = 0.36 * math.cos(turn), 0.36 * math.sin(turn)
            extra, _ = expose(shot, shade, column[edges] + 0.5 + dx, row[edges] + 0.5 + dy)
            samples.append(extra)
        light[:, edges] = np.mean([shading.exposed(sample, 0) for sample in samples], axis=0)
    picture = shading.exposed(light, shot.stops).T.reshape(shot.height, shot.width, 3)
    picture = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), 0.5)
    encoded = shading.linear_to_srgb(picture) * 255
    grain = rng.normal(0, shot.grain, (*encoded.shape[:2], 1)) + rng.normal(0, shot.grain * 0.5, encoded.shape)
    encoded = encoded + cv2.GaussianBlur(grain, (0, 0), 0.6)
    return np.asarray(np.clip(np.rint(encoded), 0, 255).astype(np.uint8))


def _needs_more(light: Array, seen: Array, shot: Shot) -> Array:
    """Return which pixels differ so much from a neighbour that one ray cannot stand for them."""
    kernel = np.ones((3, 3), np.uint8)
    brightness = (
        shading.linear_to_srgb(np.clip(light, 0, 1)).max(axis=0).reshape(shot.height, shot.width).astype(np.float32)
    )
    contrast = cv2.dilate(brightness, kernel) - cv2.erode(brightness, kernel)
    mask = seen.reshape(shot.height, shot.width).astype(np.uint8)
    outline = cv2.dilate(mask, kernel) != cv2.erode(mask, kernel)
    return np.asarray(((contrast > 0.07) & (cv2.dilate(mask, kernel) > 0)) | outline).ravel()


def save(picture: Array, path: Path, *, orientation: int = 1, quality: int = 92) -> None:
    """Write a JPEG with an EXIF block that names no person, place or device."""
    image = Image.fromarray(picture)
    if orientation == 6:
        image = image.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "i2i sample picture"
    exif[0x0131] = "i2i samples"
    exif[0x8298] = "Rendered for the i2i project, Apache-2.0"
    image.save(path, "JPEG", quality=quality, subsampling=2, optimize=True, exif=exif, dpi=(300, 300))
