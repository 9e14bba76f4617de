"""The light that leaves a product towards the camera."""

import math

import numpy as np

from samples.studio import tracer
from samples.studio.shapes import Shape
from samples.studio.stage import Product, Stage, Surface
from samples.studio.vectors import Array, dot, length, mix, normalised, reflected, refracted, vector

UP = vector(0, 1, 0)


def floor_light(stage: Stage, shape: Shape, points: Array) -> Array:
    """Return the light on the floor as a share of what it gets without the product, shape (N,)."""
    total = stage.ambient + sum(lamp.share for lamp in stage.lamps)
    normal = np.broadcast_to(UP, points.shape)
    around = tracer.openness(shape, points, normal, scale=1.7)
    light = stage.ambient * around
    for lamp in stage.lamps:
        light = light + lamp.share * tracer.light_reaching(shape, points, lamp.direction, softness=lamp.softness)
    # Close to the contact hardly anything arrives: that line is what makes a thing stand.
    contact = tracer.openness(shape, points, normal, scale=0.25)
    return light / total * (0.55 + 0.45 * contact)


def surface_light(stage: Stage, product: Product, points: Array, direction: Array) -> Array:
    """Return the light from points on the product against the given ray directions, shape (3, N)."""
    distances = np.stack([part.shape(points) for part in product.parts])
    nearest = distances.argmin(axis=0)
    light = np.zeros_like(points)
    for index, part in enumerate(product.parts):
        chosen = nearest == index
        if not chosen.any():
            continue
        at, ray = points[:, chosen], direction[:, chosen]
        normal = tracer.normals(part.shape, at)
        if part.surface.relief is not None:
            normal = tilted(normal, part.surface.relief, at)
        light[:, chosen] = _part_light(stage, product, part.surface, (at, ray, normal))
    return light


def tilted(normal: Array, relief: Shape, points: Array, *, step: float = 0.002) -> Array:
    """Tilt normals by the slope of a height given in space."""
    slope = np.stack(
        [
            (relief(points + step * axis) - relief(points - step * axis)) / (2 * step)
            for axis in np.eye(3, dtype=np.float32)[:, :, None]
        ]
    )
    return normalised(normal - (slope - normal * dot(normal, slope)))


def _part_light(stage: Stage, product: Product, surface: Surface, hit: tuple[Array, Array, Array]) -> Array:
    at, ray, normal = hit
    shape = product.shape
    away = at + normal * 0.004
    around = tracer.openness(shape, away, normal) * _floor_openness(at, normal)
    mirrored = reflected(ray, normal)
    head_on = surface.mirror(at) if callable(surface.mirror) else np.float32(surface.mirror)
    grazing = (1 - np.clip(-dot(ray, normal), 0, 1)) ** 5 * (1 - 0.7 * surface.roughness)
    if surface.metal is not None:
        tint = mix(vector(*surface.metal), vector(1, 1, 1), grazing)
        return tint * _reflection(stage, product, surface, (away, mirrored, around))
    fresnel = head_on + (1 - head_on) * grazing
    under = (
        _glass(stage, product, surface, hit)
        if surface.absorption is not None
        else _diffuse(stage, shape, surface, (at, away, normal, around))
    )
    return under * (1 - fresnel) + fresnel * _reflection(stage, product, surface, (away, mirrored, around))


def _floor_openness(points: Array, normal: Array) -> Array:
    """Return how much light the floor leaves to surfaces just above it that look down."""
    down = np.clip(-normal[1], 0, 1)
    return np.asarray(1 - down * 0.75 * np.exp(-np.maximum(points[1], 0) * 5.0))


def _diffuse(stage: Stage, shape: Shape, surface: Surface, hit: tuple[Array, Array, Array, Array]) -> Array:
    at, away, normal, around = hit
    sky = 0.5 + 0.5 * normal[1]
    light = around * (stage.ambient * (0.45 + 0.55 * sky) + stage.bounce * (1 - sky))
    for lamp in stage.lamps:
        facing = dot(normal, np.broadcast_to(lamp.direction, normal.shape))
        # A wide lamp still lights what is turned a little away from its centre.
        wrapped = np.clip((facing + 0.25 * lamp.softness) / (1 + 0.25 * lamp.softness), 0, 1)
        light = light + lamp.share * wrapped * tracer.light_reaching(
            shape, away, lamp.direction, softness=lamp.softness
        )
    return np.asarray(surface.paint(at) * light)


def _reflection(stage: Stage, product: Product, surface: Surface, hit: tuple[Array, Array, Array]) -> Array:
    away, mirrored, around = hit
    seen = stage.room(mirrored, surface.roughness) * mix(around, 1.0, 0.25)
    if surface.roughness > 0.32:
        return seen
    # Polished: what it reflects may be itself or the floor close by.
    distance = tracer.march(product.shape, away, mirrored, reach=4.0, steps=48)
    own = np.isfinite(distance)
    if own.any():
        at = away[:, own] + mirrored[:, own] * distance[own]
        seen[:, own] = _plain_light(stage, product, at)
    down = ~own & (mirrored[1] < -0.02)
    if down.any():
        t = away[1, down] / -mirrored[1, down]
        at = away[:, down] + mirrored[:, down] * t
        shade = floor_light(stage, product.shape, at * vector(1, 0, 1))
        far = np.exp(-np.maximum(length(at) - 3.0, 0) * 0.35)
        seen[:, down] *= mix(0.9, shade, far)
    return seen


def _plain_light(stage: Stage, product: Product, points: Array) -> Array:
    """Return the matt light of points on the product, enough for what is seen in a reflection."""
    light = np.zeros_like(points)
    distances = np.stack([part.shape(points) for part in product.parts]).argmin(axis=0)
    for index, part in enumerate(product.parts):
        chosen = distances == index
        if chosen.any():
            at = points[:, chosen]
            normal = tracer.normals(part.shape, at)
            if part.surface.metal is not None:
                light[:, chosen] = vector(*part.surface.metal) * stage.room(normal, 0.6) * 0.8
            else:
                light[:, chosen] = part.surface.paint(at) * (
                    0.35 + 0.45 * np.clip(normal[1], -0.5, 1) + 0.25 * np.clip(-normal[0], 0, 1)
                )
    return light


def _glass(stage: Stage, product: Product, surface: Surface, hit: tuple[Array, Array, Array]) -> Array:
    """Follow the ray through coloured glass filled to the rim, and see the room behind through it."""
    at, ray, normal = hit
    shape = next(part.shape for part in product.parts if part.surface is surface)
    bent = refracted(ray, normal, 1 / 1.35)
    start = at + bent * 0.02
    path = tracer.march(lambda p: -shape(p), start, bent, reach=6.0, steps=80)
    path = np.where(np.isfinite(path), path, 0.5)
    leaves = start + bent * path
    out = refracted(bent, -tracer.normals(shape, leaves), 1.35)
    behind = stage.room(out, 0.25)
    through = np.exp(-np.asarray(vector(*surface.absorption or (0, 0, 0))) * path)
    return np.asarray(behind * through)


def linear_to_srgb(light: Array) -> Array:
    """Encode linear light, 0 to 1, by IEC 61966-2-1."""
    low = light * 12.92
    high = 1.055 * np.maximum(light, 1e-8) ** (1 / 2.4) - 0.055
    return np.where(light <= 0.0031308, low, high)


def exposed(light: Array, stops: float) -> Array:
    """Apply an exposure and roll the highlights off above 0.82, so that lamps do not clip into flat patches."""
    shoulder = 0.82
    light = light * math.pow(2, stops)
    over = np.maximum(light - shoulder, 0)
    rolled = shoulder + (1 - shoulder) * (1 - np.exp(-over / (1 - shoulder) * 0.8))
    return np.where(light > shoulder, rolled, light)
