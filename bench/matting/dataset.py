"""The photo set on disk: composites of known products on known backgrounds, with exact alpha."""

from __future__ import annotations

import json
import re
from pathlib import Path

import attrs
import cv2
import numpy as np
from numpy.typing import NDArray

PLAIN = ("white", "studio", "beige", "grey")
SCENE = "texture"


@attrs.frozen(kw_only=True)
class Sample:
    """One composite: its files, the kind of background, the product, and the product's number in the set."""

    image: Path
    alpha: Path
    background: str
    product: str
    number: int

    @property
    def family(self) -> str:
        """The product without its colour, side and number, so that variants of one thing stay together."""
        words = re.split(r"[-_ ]+", self.product.lower())
        drop = {"black", "gray", "grey", "red", "blue", "white", "green", "front", "back", "side", "left", "right"}
        kept = [word for word in words if word not in drop and not word.isdigit()]
        return "-".join(kept) or self.product

    @property
    def held_out(self) -> bool:
        """Odd-numbered products were kept out of the design and of the confidence model's training."""
        return self.number % 2 == 1

    def pixels(self) -> NDArray[np.uint8]:
        """Read the picture as sRGB uint8 HxWx3."""
        return read_rgb(self.image)

    def truth(self) -> NDArray[np.uint8]:
        """Read the exact alpha as uint8 HxW."""
        alpha = cv2.imread(str(self.alpha), cv2.IMREAD_GRAYSCALE)
        if alpha is None:
            raise FileNotFoundError(self.alpha)
        return np.asarray(alpha, np.uint8)


def read_rgb(path: Path) -> NDArray[np.uint8]:
    """Read a picture file as sRGB uint8 HxWx3; raises FileNotFoundError when it cannot be read."""
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if pixels is None:
        raise FileNotFoundError(path)
    return np.ascontiguousarray(pixels[..., ::-1])


def _number(name: str, position: int) -> int:
    found = re.match(r"\d+", name)
    return int(found.group()) if found else position


def load(folder: Path) -> list[Sample]:
    """Read index.json of a photo set; raises FileNotFoundError when the folder has none."""
    rows = json.loads((folder / "index.json").read_text("utf-8"))
    return [
        Sample(
            image=folder / row["image"],
            alpha=folder / row["alpha"],
            background=row["background"],
            product=row["product"],
            number=_number(row["image"], position),
        )
        for position, row in enumerate(rows)
    ]
