"""Composites drawn by this project, so that the confidence model sees more than one photo set.

Everything is generated from a seed: subjects (drawn shapes, or cut-outs handed in), backgrounds, shadows, noise, JPEG.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
SIDE = 800


@attrs.frozen(kw_only=True, eq=False)
class Composite:
    """A generated picture (uint8 HxWx3 sRGB), its exact alpha (uint8 HxW), and what it shows."""

    rgb: NDArray[np.uint8]
    alpha: NDArray[np.uint8]
    background: str
    subject: str


@attrs.frozen(kw_only=True, eq=False)
class Subject:
    """A subject before compositing: colour HxWx3 and alpha HxW, both float 0..1."""

    colour: Floats
    alpha: Floats
    name: str


def _floats(values: NDArray[Any]) -> Floats:
    return np.asarray(values, np.float32)


def _cloud(rng: np.random.Generator, size: tuple[int, int], cells: int) -> Floats:
    coarse = rng.random((cells, cells), dtype=np.float32)
    return np.asarray(cv2.resize(coarse, (size[1], size[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _outline(rng: np.random.Generator, kind: str) -> NDArray[np.uint8]:
    big = np.zeros((SIDE * 2, SIDE * 2), np.uint8)
    centre, spread = SIDE, int(rng.uniform(0.35, 0.75) * SIDE)
    if kind == "blob":
        angles = np.linspace(0, 2 * np.pi, 160, endpoint=False)
        waves = sum(rng.normal(0, 0.22 / k) * np.cos(k * angles + rng.uniform(0, 6.3)) for k in range(1, 7))
        radius = spread * np.clip(1 + waves, 0.25, 1.6)
        points = np.stack([centre + radius * np.cos(angles), centre + radius * np.sin(angles)], axis=-1)
        cv2.fillPoly(big, [points.astype(np.int32)], 255)
    elif kind == "polygon":
        angles = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(4, 11)))
        radius = spread * rng.uniform(0.55, 1.25, len(angles))
        points = np.stack([centre + radius * np.cos(angles), centre + radius * np.sin(angles)], axis=-1)
        cv2.fillPoly(big, [points.astype(np.int32)], 255)
    elif kind == "bottle":
        half, neck = int(spread * rng.uniform(0.3, 0.55)), int(spread * rng.uniform(0.1, 0.25))
        cv2.rectangle(big, (centre - half, centre - spread // 3), (centre + half, centre + spread), 255, -1)
        cv2.ellipse(big, (centre, centre - spread // 3), (half, spread // 4), 0, 0, 360, 255, -1)
        cv2.rectangle(big, (centre - neck, centre - spread), (centre + neck, centre), 255, -1)
    else:
        half = int(spread * rng.uniform(0.5, 0.8))
        cv2.rectangle(big, (centre - half, centre - half), (centre + half, centre + half), 255, -1)
        ring, width = int(half * rng.uniform(0.45, 0.7)), int(half * rng.uniform(0.12, 0.3))
        cv2.circle(big, (centre + half, centre), ring, 255, width)
        if kind == "ring":
            big[:] = 0
            cv2.circle(big, (centre, centre), spread, 255, int(spread * rng.uniform(0.2, 0.7)))
    return big


def _paint(rng: np.random.Generator, pale: bool) -> Floats:
    base = rng.uniform(0.82, 0.97, 3) if pale else rng.uniform(0.03, 0.95, 3)
    if rng.random() < 0.4:
        base[:] = base.mean()
    colour = np.broadcast_to(base.astype(np.float32), (SIDE, SIDE, 3)).copy()
    colour *= (0.75 + 0.5 * _cloud(rng, (SIDE, SIDE), int(rng.integers(3, 7))))[..., None] if rng.random() < 0.7 else 1
    for _ in range(int(rng.integers(0, 5))):
        tone = rng.uniform(0.85, 1.0, 3) if rng.random() < 0.4 else rng.uniform(0, 1, 3)
        corner = rng.integers(0, SIDE, 2)
        extent = rng.integers(20, SIDE // 2, 2)
        if rng.random() < 0.5:
            cv2.rectangle(colour, corner.tolist(), (corner + extent).tolist(), tone.tolist(), -1)
        else:
            cv2.line(colour, corner.tolist(), rng.integers(0, SIDE, 2).tolist(), tone.tolist(), int(extent[0] // 6 + 2))
    grain = rng.normal(0, rng.uniform(0, 0.03), (SIDE, SIDE, 1)).astype(np.float32)
    return _floats(np.clip(cv2.GaussianBlur(colour, (0, 0), 0.8) + grain, 0, 1))


def drawn_subject(rng: np.random.Generator) -> Subject:
    """Draw a random product-like shape with panels, prints and shading."""
    kind = str(rng.choice(["blob", "polygon", "bottle", "mug", "ring"]))
    big = _outline(rng, kind)
    turn = cv2.getRotationMatrix2D((SIDE, SIDE), rng.uniform(-30, 30), 1.0)
    big = np.asarray(cv2.warpAffine(big, turn, (2 * SIDE, 2 * SIDE)), np.uint8)
    alpha = _floats(cv2.resize(big, (SIDE, SIDE), interpolation=cv2.INTER_AREA)) / np.float32(255)
    return Subject(colour=_paint(rng, bool(rng.random() < 0.3)), alpha=_floats(alpha), name=f"drawn-{kind}")


def _scene(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Draw a busy background: wood, tiles, foliage-like clouds or a heap of shapes."""
    height, width = size
    kind = rng.integers(0, 4)
    base = np.broadcast_to(rng.uniform(0.1, 0.9, 3).astype(np.float32), (height, width, 3)).copy()
    if kind == 0:
        lines = cv2.resize(rng.random((height // 3, 6), dtype=np.float32), (width, height))
        return _floats(np.clip(base + 0.35 * (lines[..., None] - 0.5), 0, 1))
    if kind == 1:
        step = int(rng.integers(40, 140))
        base[::step] = base[:, ::step] = rng.uniform(0, 1, 3)
        return _floats(np.clip(cv2.dilate(base, np.ones((3, 3))) + 0.1 * _cloud(rng, size, 12)[..., None], 0, 1))
    if kind == 2:
        layers = [_cloud(rng, size, cells) for cells in (5, 15, 45, 120)]
        return _floats(np.clip(base * np.sum(layers, axis=0)[..., None] / 2, 0, 1))
    for _ in range(int(rng.integers(4, 30))):
        centre = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        axes = (int(rng.integers(10, width // 3)), int(rng.integers(10, height // 3)))
        cv2.ellipse(base, centre, axes, float(rng.uniform(0, 180)), 0, 360, rng.uniform(0, 1, 3).tolist(), -1)
    return np.asarray(cv2.GaussianBlur(base, (0, 0), rng.uniform(0.5, 8)), np.float32)


def _plain(rng: np.random.Generator, size: tuple[int, int], kind: str) -> Floats:
    """Draw a studio background: white, near-white, coloured, with gradient, vignette or horizon."""
    height, width = size
    tone = rng.uniform(0.93, 1.0) * np.ones(3) if kind in ("white", "studio") else rng.uniform(0.15, 0.95, 3)
    if kind == "grey":
        tone[:] = tone.mean()
    v, u = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    shade = np.ones((height, width))
    if kind != "white":
        shade += rng.normal(0, 0.06) * u + rng.normal(0, 0.06) * v - abs(rng.normal(0, 0.08)) * (u * u + v * v)
    if kind == "horizon":
        edge = (v - rng.uniform(0.1, 0.8)) / rng.uniform(0.01, 0.25)
        shade *= 1 + rng.uniform(-0.18, 0.12) / (1 + np.exp(-np.clip(edge, -30, 30)))
    return _floats(np.clip(tone * shade[..., None], 0, 1))


BACKGROUNDS = ("white", "studio", "grey", "colour", "horizon", "scene", "scene")


def _shadow(rng: np.random.Generator, alpha: Floats) -> Floats:
    """Return the factor by which the subject darkens the background: a drop shadow, and sometimes a contact shadow."""
    height, width = alpha.shape
    move = np.array([[1, 0, rng.uniform(-15, 15)], [0, 1, rng.uniform(0, 25)]], np.float32)
    soft = cv2.GaussianBlur(cv2.warpAffine(alpha, move, (width, height)), (0, 0), rng.uniform(3, 25))
    factor = 1 - rng.uniform(0, 0.45) * soft
    rows, columns = np.flatnonzero((alpha > 0.5).any(axis=1)), np.flatnonzero((alpha > 0.5).any(axis=0))
    if len(rows) and rng.random() < 0.6:
        floor = np.zeros_like(alpha)
        centre = int(columns.mean()), int(min(height - 1, rows[-1] + rng.integers(-5, 60)))
        cv2.ellipse(floor, centre, (max(2, len(columns) // 2), int(rng.integers(4, 20))), 0, 0, 360, 1.0, -1)
        factor *= 1 - rng.uniform(0, 0.6) * cv2.GaussianBlur(floor, (0, 0), rng.uniform(2, 12))
    return np.asarray(factor, np.float32)


def _placed(rng: np.random.Generator, subject: Subject) -> tuple[Floats, Floats]:
    """Scale and shift the subject; one in six is moved so far that the frame cuts it."""
    height, width = int(rng.integers(560, 900)), int(rng.integers(560, 900))
    scale = rng.uniform(0.6, 1.15) * min(height, width) / max(subject.alpha.shape)
    reach = 0.6 if rng.random() < 0.17 else 0.08
    shift = rng.uniform(-reach, reach, 2) * (width, height)
    middle = width / 2 + shift[0], height / 2 + shift[1]
    move = np.array(
        [
            [scale, 0, middle[0] - scale * subject.alpha.shape[1] / 2],
            [0, scale, middle[1] - scale * subject.alpha.shape[0] / 2],
        ],
        np.float32,
    )
    colour = cv2.warpAffine(subject.colour, move, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(colour, np.float32), np.asarray(cv2.warpAffine(subject.alpha, move, (width, height)), np.float32)


def _part(rng: np.random.Generator, photo: NDArray[np.uint8], size: tuple[int, int]) -> Floats:
    """Cut a random part of a photo and stretch it over the background."""
    height, width = photo.shape[:2]
    scale = rng.uniform(0.45, 1.0)
    top, left = (int(rng.uniform(0, 1 - scale) * extent) for extent in (height, width))
    cut = photo[top : top + int(scale * height), left : left + int(scale * width)]
    return cv2.resize(cut, (size[1], size[0]), interpolation=cv2.INTER_LINEAR).astype(np.float32) / np.float32(255)


def compose(rng: np.random.Generator, subject: Subject, *, scenes: Sequence[NDArray[np.uint8]] = ()) -> Composite:
    """Place a subject on a random background with shadow, blur, noise and JPEG loss.

    Half of the scenes are parts of the photos handed in as `scenes`, the others are drawn.
    """
    colour, alpha = _placed(rng, subject)
    kind = str(rng.choice(BACKGROUNDS))
    if kind != "scene":
        back = _plain(rng, alpha.shape, kind)
    elif scenes and rng.random() < 0.5:
        back = _part(rng, scenes[int(rng.integers(len(scenes)))], alpha.shape)
    else:
        back = _scene(rng, alpha.shape)
    back = back * (_shadow(rng, alpha)[..., None] if rng.random() < 0.75 else 1)
    picture = colour * alpha[..., None] + back * (1 - alpha[..., None])
    if rng.random() < 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.2))
    picture = picture + rng.normal(0, rng.uniform(0, 0.02), picture.shape)
    byte = np.clip(np.rint(picture * 255), 0, 255).astype(np.uint8)
    _, code = cv2.imencode(".jpg", byte[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(70, 97))])
    decoded = np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)
    rgb = np.ascontiguousarray(decoded[..., ::-1])
    truth = np.rint(alpha * 255).astype(np.uint8)
    return Composite(rgb=np.asarray(rgb, np.uint8), alpha=truth, background=kind, subject=subject.name)
