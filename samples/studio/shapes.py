"""Signed distances to simple solids: negative inside, in scene units (one unit is about ten centimetres).

The formulas follow from the geometry; those that only bound the distance say so.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from samples.studio.vectors import Array, dot, length, vector

Shape = Callable[[Array], Array]
Point = tuple[float, float, float]


def moved(shape: Shape, to: Point) -> Shape:
    """Move a shape by an offset."""
    offset = vector(*to)
    return lambda p: shape(p - offset)


def turned(shape: Shape, axis: str, degrees: float) -> Shape:
    """Turn a shape about a coordinate axis, counter-clockwise when the axis points at the viewer."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    a, b = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]

    def turn(p: Array) -> Array:
        q = p.copy()
        q[a] = cos * p[a] + sin * p[b]
        q[b] = cos * p[b] - sin * p[a]
        return shape(q)

    return turn


def union(*shapes: Shape) -> Shape:
    """Join shapes."""

    def joined(p: Array) -> Array:
        distance = shapes[0](p)
        for shape in shapes[1:]:
            distance = np.minimum(distance, shape(p))
        return distance

    return joined


def blend(a: Shape, b: Shape, radius: float) -> Shape:
    """Join two shapes with a fillet of about the given radius."""

    def joined(p: Array) -> Array:
        first, second = a(p), b(p)
        h = np.maximum(radius - np.abs(first - second), 0) / radius
        return np.asarray(np.minimum(first, second) - h * h * radius / 4)

    return joined


def without(a: Shape, b: Shape, radius: float = 0.0) -> Shape:
    """Take ``b`` out of ``a``; a radius rounds the edge that this leaves."""

    def cut(p: Array) -> Array:
        first, second = a(p), -b(p)
        if not radius:
            return np.maximum(first, second)
        h = np.maximum(radius - np.abs(first - second), 0) / radius
        return np.asarray(np.maximum(first, second) + h * h * radius / 4)

    return cut


def both(a: Shape, b: Shape) -> Shape:
    """Keep what two shapes have in common."""
    return lambda p: np.maximum(a(p), b(p))


def thicker(shape: Shape, by: float) -> Shape:
    """Grow a shape, which rounds its edges; a negative amount shrinks it."""
    return lambda p: shape(p) - by


def mirrored(shape: Shape) -> Shape:
    """Swap left and right."""
    flip = vector(-1, 1, 1)
    return lambda p: shape(p * flip)


def measured(implicit: Shape, *, step: float = 0.004) -> Shape:
    """Turn any function that is 0 on a surface into about its distance: the value over its slope."""

    def measure(p: Array) -> Array:
        value = implicit(p)
        slope = [implicit(p + step * axis) - value for axis in np.eye(3, dtype=np.float32)[:, :, None]]
        return np.asarray(value * step / np.clip(np.sqrt(sum(s * s for s in slope)), 0.7 * step, 6 * step))

    return measure


def sphere(radius: float) -> Shape:
    """Return a ball."""
    return lambda p: length(p) - radius


def ellipsoid(x: float, y: float, z: float) -> Shape:
    """Return an ellipsoid with the given half axes; the distance is a first-order estimate."""
    axes = vector(x, y, z)

    def measure(p: Array) -> Array:
        k0 = length(p / axes)
        k1 = length(p / (axes * axes))
        return np.asarray(k0 * (k0 - 1) / np.maximum(k1, 1e-6))

    return measure


def box(x: float, y: float, z: float, rounding: float = 0.0) -> Shape:
    """Return a box with the given half sizes and rounded edges."""
    half = vector(x - rounding, y - rounding, z - rounding)

    def measure(p: Array) -> Array:
        q = np.abs(p) - half
        return np.asarray(length(np.maximum(q, 0)) + np.minimum(q.max(axis=0), 0) - rounding)

    return measure


def lathe(profile: Callable[[Array, Array], Array]) -> Shape:
    """Turn a two-dimensional distance, given as a function of radius and height, about the y axis."""
    return lambda p: profile(np.sqrt(p[0] * p[0] + p[2] * p[2]), p[1])


def cylinder(radius: float, half_height: float, rounding: float = 0.0) -> Shape:
    """Return an upright cylinder with rounded rims."""
    return cone(radius, radius, half_height, rounding=rounding)


def cone(bottom: float, top: float, half_height: float, *, rounding: float = 0.0) -> Shape:
    """Return an upright truncated cone with rounded rims; a bound when the radii differ much."""
    slope = (top - bottom) / (2 * half_height)
    steep = 1 / math.sqrt(1 + slope * slope)

    def profile(r: Array, y: Array) -> Array:
        radius = (bottom + top) / 2 + slope * y - rounding
        dr = (r - radius) * steep
        dy = np.abs(y) - (half_height - rounding)
        outside = np.sqrt(np.maximum(dr, 0) ** 2 + np.maximum(dy, 0) ** 2)
        return np.asarray(outside + np.minimum(np.maximum(dr, dy), 0) - rounding, np.float32)

    return lathe(profile)


def torus(radius: float, thickness: float) -> Shape:
    """Return a ring that lies on the floor plane."""
    return lathe(lambda r, y: np.sqrt((r - radius) ** 2 + y * y) - thickness)


def tube(points: Sequence[Point], radius: float, end_radius: float | None = None) -> Shape:
    """Return a round tube along a polyline, tapering evenly from one radius to the other."""
    last = radius if end_radius is None else end_radius
    ends = [vector(*point) for point in points]
    count = len(ends) - 1
    steps = [radius + (last - radius) * index / count for index in range(count + 1)]

    def measure(p: Array) -> Array:
        distance: Array | None = None
        for index in range(count):
            along = ends[index + 1] - ends[index]
            offset = p - ends[index]
            h = np.clip(dot(offset, along) / float(dot(along, along)[0]), 0, 1)
            d = length(offset - along * h) - (steps[index] + (steps[index + 1] - steps[index]) * h)
            distance = d if distance is None else np.minimum(distance, d)
        assert distance is not None
        return distance

    return measure


def curve(points: Sequence[Point], count: int = 12) -> list[Point]:
    """Return points along the Bézier curve with the given control points."""
    control = np.array(points, np.float64)
    degree = len(points) - 1
    t = np.linspace(0, 1, count + 1)[:, None]
    weights = [math.comb(degree, k) * t**k * (1 - t) ** (degree - k) for k in range(degree + 1)]
    return [(float(x), float(y), float(z)) for x, y, z in sum(w * c for w, c in zip(weights, control, strict=True))]


def extruded(outline: Sequence[tuple[float, float]], half_depth: float, rounding: float = 0.0) -> Shape:
    """Return a polygon in the xy plane given depth along z, with rounded edges."""
    corners = np.array(outline, np.float32)

    def measure(p: Array) -> Array:
        flat = polygon(p[0], p[1], corners) + rounding
        deep = np.abs(p[2]) - (half_depth - rounding)
        outside = np.sqrt(np.maximum(flat, 0) ** 2 + np.maximum(deep, 0) ** 2)
        return np.asarray(outside + np.minimum(np.maximum(flat, deep), 0) - rounding, np.float32)

    return measure


def polygon(x: Array, y: Array, corners: Array) -> Array:
    """Return the signed distance to a polygon in the plane, corners of shape (M, 2)."""
    nearest = np.full_like(x, np.inf)
    inside = np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        ex, ey = bx - ax, by - ay
        wx, wy = x - ax, y - ay
        t = np.clip((wx * ex + wy * ey) / (ex * ex + ey * ey), 0, 1)
        nearest = np.minimum(nearest, (wx - ex * t) ** 2 + (wy - ey * t) ** 2)
        crosses = (ay > y) != (by > y)
        inside ^= crosses & (wx < ex * wy / np.where(ey == 0, 1e-9, ey))
    return np.where(inside, -np.sqrt(nearest), np.sqrt(nearest)).astype(np.float32)
