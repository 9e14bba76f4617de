"""Usage: python -m samples.contact_sheet FINISHED TARGET. Draws the sample photos above what became of them."""

import sys
from pathlib import Path

from PIL import Image, ImageOps

PHOTOS = Path(__file__).parent / "photos"
CELL, GAP, PAPER = 220, 12, (228, 231, 235)


def draw(finished: Path) -> Image.Image:
    """Return one column per sample: the photo, and the first JPEG of its name below the folder."""
    photos = sorted(PHOTOS.glob("*.jpg"))
    step = CELL + GAP
    sheet = Image.new("RGB", (GAP + step * len(photos), GAP + 2 * step), PAPER)
    for column, photo in enumerate(photos):
        result = next(iter(sorted(finished.rglob(photo.name))))
        for row, path in enumerate((photo, result)):
            with Image.open(path) as opened:
                upright = ImageOps.exif_transpose(opened).convert("RGB")
            tile = ImageOps.pad(upright, (CELL, CELL), color=PAPER)
            sheet.paste(tile, (GAP + step * column, GAP + step * row))
    return sheet


def main() -> None:
    """Draw the sheet and save it as a JPEG."""
    finished, target = (Path(argument) for argument in sys.argv[1:3])
    target.parent.mkdir(parents=True, exist_ok=True)
    draw(finished).save(target, quality=88, optimize=True)


if __name__ == "__main__":
    main()
