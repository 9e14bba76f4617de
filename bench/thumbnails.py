"""Times a page of thumbnails: made on demand from camera-sized JPEGs, and shown again.

Usage: python -m bench.thumbnails [pictures]; asks for every picture in each size, four at once as a browser would,
and prints seconds for the whole page and the slowest picture.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from adapters.bootstrap import Application
from adapters.settings import load_settings
from adapters.storage.sql import migrations
from bench.pipeline.inputs import inputs
from core.kernel.actor import Actor
from core.usecases.accounts.users import EnsureOperator
from core.usecases.delivery.thumbnail import SIZES, GetThumbnail
from core.usecases.images.add import AddImages, Incoming
from core.usecases.orders.create import CreateOrder

PICTURES = 100
AT_ONCE = 4


def page(app: Application, actor: Actor, paths: list[Path]) -> Callable[[int], list[tuple[float, int]]]:
    """Return a function that shows every picture at a size and tells seconds and bytes of each."""
    order = app.use(CreateOrder)(actor=actor)
    files = [Incoming(name=p.name, path=p, bytes=p.stat().st_size) for p in paths]
    added = app.use(AddImages)(actor=actor, order_id=order.id, files=files)
    show = app.use(GetThumbnail)

    def one(image_id: str, size: int) -> tuple[float, int]:
        started = time.perf_counter()
        shown = show(actor=actor, order_id=order.id, image_id=image_id, size=size)
        return time.perf_counter() - started, len(shown.content)

    def all_of(size: int) -> list[tuple[float, int]]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda image: one(image.id, size), added.images))

    return all_of


def main() -> int:
    """Measure and print."""
    paths = inputs(int(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings({"I2I_LOG_LEVEL": "error"}, Path(home))
        migrations.upgrade(settings.database_url)
        with Application(settings) as app:
            show = page(app, app.use(EnsureOperator)(label="bench"), paths)
            for size in SIZES:
                for name in ("cold", "warm"):
                    started = time.perf_counter()
                    found = show(size)
                    whole, slowest = time.perf_counter() - started, max(seconds for seconds, _ in found)
                    bytes_each = sum(count for _, count in found) // len(found)
                    print(
                        f"{len(found)} pictures at {size:4} px, {name}: {whole:6.2f} s in all, "
                        f"slowest {slowest * 1000:5.0f} ms, {bytes_each:,} bytes each",
                        flush=True,
                    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
