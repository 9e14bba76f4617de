"""Lines of text: in the typeface that Pillow carries, or in one of the system's for letters which that lacks."""

import functools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from adapters.imaging.arrays import Alpha

_NOBODY_HAS_THIS = "\U0010fffd"
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
# In the order of preference; names differ from one distribution to the next only in their folders.
_FACES = (
    "DejaVuSans.ttf",
    "LiberationSans-Regular.ttf",
    "NotoSans-Regular.ttf",
    "Arial.ttf",
    "Arial Unicode.ttf",
    "NotoSansCJK-Regular.ttc",
    "PingFang.ttc",
)


@functools.cache
def _system_faces() -> tuple[Path, ...]:
    found = {path.name: path for folder in _FOLDERS for path in sorted(Path(folder).rglob("*.tt[fc]"))}
    return tuple(found[name] for name in _FACES if name in found)


@functools.lru_cache(maxsize=32)
def _font(face: Path | None, height: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size=height) if face is None else ImageFont.truetype(str(face), height)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def _lacking(text: str, face: Path | None) -> str:
    font = _font(face, 20)
    unknown = bytes(font.getmask(_NOBODY_HAS_THIS))
    return "".join(dict.fromkeys(c for c in text if not c.isspace() and bytes(font.getmask(c)) == unknown))


def _faces() -> Iterator[Path | None]:
    yield None
    yield from _system_faces()


@functools.lru_cache(maxsize=32)
def _face_for(text: str) -> Path | None:
    return next((face for face in _faces() if not _lacking(text, face)), None)


def draw_line(text: str, height: int, *, widest: int) -> Alpha:
    """Return the opacity of a line of text.

    Args:
        height: size of the letters in pixels.
        widest: the letters are made smaller when the line would be wider.
    """
    face = _face_for(text)
    font = _font(face, height)
    length = font.getlength(text)
    if length > widest:
        font = _font(face, max(4, int(height * widest / length)))
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (max(1, round(right - left)), max(1, round(bottom - top))), 0)
    ImageDraw.Draw(image).text((-left, -top), text, font=font, fill=255)
    return np.array(image)


def missing_letters(text: str) -> str:
    """Return the letters of a text that no typeface at hand has."""
    return _lacking(text, _face_for(text))
