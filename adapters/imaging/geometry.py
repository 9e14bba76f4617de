"""Where pixels come from and go to: turns by quarters, boxes, and the layout of a picture on its canvas."""

from typing import cast

import attrs
import cv2

from adapters.imaging.arrays import Pixels

EXIF_TURNS = {
    1: (0, False),
    2: (0, True),
    3: (2, False),
    4: (2, True),
    5: (3, True),
    6: (1, False),
    7: (1, True),
    8: (3, False),
}
_ROTATIONS = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}


@attrs.frozen(kw_only=True)
class Box:
    """A rectangle in pixels, which may be fractions."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.top + self.height

    @property
    def longest(self) -> float:
        """Longer side."""
        return max(self.width, self.height)

    def scaled(self, factor: float) -> "Box":
        """Return the box in a picture scaled by ``factor``."""
        return Box(
            left=self.left * factor, top=self.top * factor, width=self.width * factor, height=self.height * factor
        )

    def within(self, outer: "Box") -> "Box":
        """Return the part inside ``outer``, at least a pixel large."""
        left, top = (
            min(max(self.left, outer.left), outer.right - 1),
            min(max(self.top, outer.top), outer.bottom - 1),
        )
        right, bottom = min(self.right, outer.right), min(self.bottom, outer.bottom)
        return Box(left=left, top=top, width=max(1.0, right - left), height=max(1.0, bottom - top))


@attrs.frozen
class Turn:
    """A mirror image left to right (or not), then quarters clockwise: all eight ways to lay a picture."""

    quarters: int = 0
    mirrored: bool = False

    @staticmethod
    def of_orientation(value: int) -> "Turn":
        """Read an EXIF orientation (Exif 2.32, tag 274); anything out of range is upright."""
        return Turn(*EXIF_TURNS.get(value, (0, False)))

    @property
    def swaps_sides(self) -> bool:
        """Whether width and height change places."""
        return self.quarters % 2 == 1

    def then_rotated(self, quarters: int) -> "Turn":
        """Turn further, clockwise."""
        return Turn((self.quarters + quarters) % 4, self.mirrored)

    def then_flipped(self, axis: str) -> "Turn":
        """Mirror the turned picture, ``horizontal`` meaning left to right."""
        half = 0 if axis == "horizontal" else 2
        return Turn((half - self.quarters) % 4, not self.mirrored)

    def apply(self, pixels: Pixels) -> Pixels:
        """Turn an array."""
        turned = cv2.flip(pixels, 1) if self.mirrored else pixels
        return cast("Pixels", cv2.rotate(turned, _ROTATIONS[self.quarters]) if self.quarters else turned)

    def size(self, stored: tuple[int, int]) -> tuple[int, int]:
        """Width and height after the turn."""
        return (stored[1], stored[0]) if self.swaps_sides else stored

    def to_stored(self, box: Box, stored: tuple[int, int]) -> Box:
        """Map a box of the turned picture back to the picture as stored."""
        width = self.size(stored)[0]
        height = self.size(stored)[1]
        for _ in range(self.quarters):
            box = Box(left=box.top, top=width - box.right, width=box.height, height=box.width)
            width, height = height, width
        return attrs.evolve(box, left=stored[0] - box.right) if self.mirrored else box


@attrs.frozen(kw_only=True)
class Layout:
    """The finished picture: a canvas, and where the framed picture lies on it.

    Args:
        canvas: width and height in pixels.
        left, top: place of the frame's corner on the canvas; negative when the frame reaches over the edge.
        width, height: size of the scaled frame.
    """

    canvas: tuple[int, int]
    left: int
    top: int
    width: int
    height: int

    @property
    def visible(self) -> tuple[int, int, int, int]:
        """The part of the canvas that the frame covers: left, top, right, bottom."""
        return (
            max(0, self.left),
            max(0, self.top),
            min(self.canvas[0], self.left + self.width),
            min(self.canvas[1], self.top + self.height),
        )

    def shrunk_to(self, longest: int | None) -> "Layout":
        """Scale everything so that no side of the canvas is over ``longest``."""
        factor = min(1.0, longest / max(self.canvas)) if longest else 1.0
        if factor == 1.0:
            return self

        def scale(value: int, low: int = 1) -> int:
            return max(low, round(value * factor))

        return Layout(
            canvas=(scale(self.canvas[0]), scale(self.canvas[1])),
            left=round(self.left * factor),
            top=round(self.top * factor),
            width=scale(self.width),
            height=scale(self.height),
        )
