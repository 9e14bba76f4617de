"""What stands in the studio: a product made of parts, the light around it, the sweep that it stands on."""

from collections.abc import Callable

import attrs
import numpy as np

from samples.studio.shapes import Point, Shape, union
from samples.studio.vectors import Array, dot, length, mix, normalised, smoothstep, vector

Colour = tuple[float, float, float]
Paint = Callable[[Array], Array]


def plain(colour: Colour) -> Paint:
    """Return the same colour everywhere; colours are linear light, 0 to 1."""
    return lambda points: np.broadcast_to(vector(*colour), points.shape)


@attrs.frozen(kw_only=True)
class Surface:
    """How a part meets the light.

    Args:
        paint: diffuse reflectance at points, linear.
        roughness: 0 for a mirror, 1 for chalk; widens the reflections of the lights.
        mirror: reflectance seen head-on; 0.04 is lacquer, glaze or glass.
        metal: tint of the reflection of a bare metal, which has no diffuse part.
        relief: height of the finest structure at points, in scene units; tilts the normals.
        absorption: of coloured glass, per unit of path; None for solids that let nothing through.
    """

    paint: Paint
    roughness: float = 0.6
    mirror: float | Paint = 0.04
    metal: Colour | None = None
    relief: Shape | None = None
    absorption: Colour | None = None


@attrs.frozen(kw_only=True)
class Part:
    """One solid of one surface."""

    shape: Shape
    surface: Surface


@attrs.frozen(kw_only=True)
class Product:
    """Parts that stand on the floor, and a ball that holds them all."""

    parts: tuple[Part, ...]
    centre: Point
    radius: float

    @property
    def shape(self) -> Shape:
        """The solid of all parts together; never nearer than the ball, for shapes whose distance is poor far away."""
        solid, centre, radius = union(*(part.shape for part in self.parts)), vector(*self.centre), self.radius
        return lambda points: np.maximum(solid(points), length(points - centre) - radius)


@attrs.frozen(kw_only=True)
class Lamp:
    """A softbox: a rectangle of light at a great distance.

    Args:
        towards: direction from the product.
        width, height: tangents of the half angles that it fills.
        radiance: brightness of its face.
        share: its part of the light on a matt surface that faces it.
        softness: of the shadows, see `tracer.light_reaching`.
    """

    towards: Point
    width: float
    height: float
    radiance: float
    share: float
    softness: float = 0.35

    @property
    def direction(self) -> Array:
        """The unit vector towards the lamp."""
        return normalised(vector(*self.towards))

    def seen(self, direction: Array, roughness: float) -> Array:
        """Return the radiance seen along directions, its outline blurred by the roughness of the mirror."""
        ahead = self.direction
        right = normalised(np.cross(vector(0, 1, 0.001), ahead, axis=0).astype(np.float32))
        up = np.cross(ahead, right, axis=0)
        facing = dot(direction, ahead)
        blur = 0.03 + 1.1 * roughness
        across = np.abs(dot(direction, right)) / np.maximum(facing, 1e-3)
        along = np.abs(dot(direction, up)) / np.maximum(facing, 1e-3)
        inside = (1 - smoothstep(self.width - blur, self.width + blur, across)) * (
            1 - smoothstep(self.height - blur, self.height + blur, along)
        )
        # A blurred lamp covers more of the sky with the same light.
        thinner = self.width * self.height / ((self.width + blur * 0.4) * (self.height + blur * 0.4))
        return np.asarray(inside * (facing > 0) * self.radiance * min(1.0, thinner * 1.15))


SOFTBOXES = (
    Lamp(towards=(-0.95, 0.72, 0.62), width=0.34, height=0.75, radiance=3.2, share=0.60, softness=0.42),
    Lamp(towards=(1.0, 0.40, 0.30), width=0.16, height=0.8, radiance=1.6, share=0.14, softness=0.6),
    Lamp(towards=(0.1, 1.0, -0.25), width=0.7, height=0.55, radiance=2.2, share=0.32, softness=0.55),
)


@attrs.frozen(kw_only=True)
class Stage:
    """The sweep and the lamps.

    Args:
        floor, wall: colours of the sweep near the product and far behind it.
        horizon: None for a seamless sweep, else the z at which a table ends in a straight edge.
        ambient: light from everywhere on a matt surface.
        bounce: light thrown up by the floor.
        walls: radiance of the room behind the camera, which polished things reflect.
    """

    floor: Colour = (0.885, 0.885, 0.885)
    wall: Colour = (0.90, 0.90, 0.905)
    horizon: float | None = None
    lamps: tuple[Lamp, ...] = SOFTBOXES
    ambient: float = 0.30
    bounce: float = 0.26
    walls: float = 0.42

    def room(self, direction: Array, roughness: float) -> Array:
        """Return the light that arrives along directions from the room and the lamps, shape (3, N)."""
        x, y, z = direction
        width = 0.06 + roughness
        behind = smoothstep(-0.35 - width, 0.45 + width, -z)
        upper = self.walls * (0.55 + 0.45 * np.clip(y, 0, 1)) + behind * 0.62
        upper = upper * (0.82 + 0.18 * smoothstep(-0.8, 0.8, -x))
        light = np.asarray(upper)
        for lamp in self.lamps:
            light = light + lamp.seen(direction, roughness)
        ground = vector(*self.floor) * (0.62 + 0.34 * smoothstep(-0.9, 0.2, y))
        return mix(light[None, :] * vector(1, 1, 1), ground, 1 - smoothstep(-0.02 - width * 0.5, 0.02 + width * 0.5, y))
