"""Lines of text in the typeface that Pillow carries, so that they look the same on every machine."""

import functools

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from adapters.imaging.arrays import Alpha

_NOBODY_HAS_THIS = "\U0010fffd"


@functools.lru_cache(maxsize=16)
def _font(height: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size=height)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def draw_line(text: str, height: int, *, widest: int) -> Alpha:
    """Return the opacity of a line of text.

    Args:
        height: size of the letters in pixels.
        widest: the letters are made smaller when the line would be wider.
    """
    font = _font(height)
    length = font.getlength(text)
    if length > widest:
        font = _font(max(4, int(height * widest / length)))
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (max(1, round(right - left)), max(1, round(bottom - top))), 0)
    ImageDraw.Draw(image).text((-left, -top), text, font=font, fill=255)
    return np.array(image)


def missing_letters(text: str) -> str:
    """Return the letters of a text that the typeface does not have."""
    font = _font(20)
    unknown = bytes(font.getmask(_NOBODY_HAS_THIS))
    return "".join(dict.fromkeys(c for c in text if not c.isspace() and bytes(font.getmask(c)) == unknown))
