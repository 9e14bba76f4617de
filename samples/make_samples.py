"""Renders the sample photos: python -m samples.make_samples [name …] [--scale 0.25] [--to folder]."""

import argparse
import importlib
import pkgutil
from pathlib import Path

from samples import products
from samples.studio import camera

PHOTOS = Path(__file__).parent / "photos"


def main() -> None:
    """Render the products named on the command line, or all of them."""
    names = [module.name for module in pkgutil.iter_modules(products.__path__)]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*names, []], help="which products (default: all)")
    parser.add_argument("--scale", type=float, default=1.0, help="size factor, for a quick look (default: %(default)s)")
    parser.add_argument("--to", type=Path, default=PHOTOS, help="folder for the photos")
    arguments = parser.parse_args()
    arguments.to.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or names:
        shot = importlib.import_module(f"samples.products.{name}").shot()
        path = arguments.to / f"{name}.jpg"
        picture = camera.develop(shot, scale=arguments.scale)
        camera.save(picture, path, orientation=shot.orientation)
        print(f"{path.name}  {picture.shape[1]} x {picture.shape[0]}  {path.stat().st_size / 1024:.0f} kB", flush=True)


if __name__ == "__main__":
    main()
