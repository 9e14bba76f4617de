"""Sphere tracing: where rays meet a shape, how surfaces are turned, how much light reaches them."""

from collections.abc import Callable

import numpy as np

from samples.studio.shapes import Shape
from samples.studio.vectors import Array, dot, normalised

CHUNK = 60_000
TOUCH = 0.0006


def in_chunks(work: Callable[..., Array], *arrays: Array) -> Array:
    """Run a function over slices that fit the processor's cache and join the results along the last axis."""
    count = arrays[0].shape[-1]
    parts = [work(*(array[..., i : i + CHUNK] for array in arrays)) for i in range(0, max(count, 1), CHUNK)]
    return np.concatenate(parts, axis=-1)


def march(shape: Shape, origin: Array, direction: Array, *, reach: float, steps: int = 200) -> Array:
    """Return the distance along each ray to the surface, infinity where it misses within ``reach``."""

    def walk(origin: Array, direction: Array) -> Array:
        hit = np.full(origin.shape[1], np.inf, np.float32)
        t: Array = np.zeros(origin.shape[1], np.float32)
        active = np.arange(origin.shape[1])
        o, d = origin, direction
        for _ in range(steps):
            distance = shape(o + d * t)
            t = t + distance * 0.9
            touching = distance < TOUCH
            hit[active[touching]] = t[touching]
            going = ~touching & (t < reach)
            if not going.all():
                active, t, o, d = active[going], t[going], o[:, going], d[:, going]
            if not active.size:
                return hit
        # What has crept along a surface for so long is on it.
        creeping = distance[going] < 10 * TOUCH
        hit[active[creeping]] = t[creeping]
        return hit

    return in_chunks(walk, origin, direction)


def normals(shape: Shape, points: Array, *, step: float = 0.0015) -> Array:
    """Return unit normals by differences on a tetrahedron, four evaluations a point."""

    def measure(points: Array) -> Array:
        total = np.zeros_like(points)
        for corner in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
            k = np.array(corner, np.float32)[:, None]
            total += k * shape(points + step * k)
        return normalised(total)

    return in_chunks(measure, points)


def openness(shape: Shape, points: Array, normal: Array, *, scale: float = 1.0) -> Array:
    """Return how open the surroundings are, 0 to 1, from the distance field along the normal."""

    def measure(points: Array, normal: Array) -> Array:
        closed = np.zeros(points.shape[1], np.float32)
        weight = 1.0
        for height in (0.02, 0.06, 0.14, 0.3, 0.6):
            h = height * scale
            closed += weight * np.maximum(h - shape(points + normal * h), 0) / h
            weight *= 0.72
        return np.asarray(np.clip(1 - closed * 0.36, 0, 1))

    return in_chunks(measure, points, normal)


def light_reaching(shape: Shape, points: Array, direction: Array, *, softness: float, steps: int = 34) -> Array:
    """Return the share of a round light that is seen, 0 to 1, from the narrowest gap on the way to its centre.

    Args:
        direction: unit vectors towards the light, (3, 1) or (3, N).
        softness: tangent of the light's half angle; 0.1 is hard, 0.6 a large softbox near by.
    """
    towards = np.broadcast_to(direction, points.shape)

    def walk(points: Array, towards: Array) -> Array:
        seen = np.ones(points.shape[1], np.float32)
        t: Array = np.full(points.shape[1], 0.012, np.float32)
        for _ in range(steps):
            distance = shape(points + towards * t)
            seen = np.minimum(seen, 0.5 + 0.5 * distance / (softness * t))
            t = t + np.clip(distance, 0.018, 0.35)
            if (t > 6).all():
                break
        seen = np.clip(seen, 0, 1)
        return np.asarray(seen * seen * (3 - 2 * seen), np.float32)

    return in_chunks(walk, points, towards)


def crosses_ball(origin: Array, direction: Array, centre: Array, radius: float) -> tuple[Array, Array]:
    """Return for each ray whether it crosses a ball, and the distance at which it may enter (0 from inside)."""
    to_centre = centre - origin
    along = dot(to_centre, direction)
    gap = dot(to_centre, to_centre) - along * along
    inside = np.maximum(radius * radius - gap, 0)
    enters = np.maximum(along - np.sqrt(inside), 0)
    crosses = (gap < radius * radius) & (along > -radius)
    return crosses, np.asarray(enters, np.float32)
