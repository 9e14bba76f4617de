"""The whole product as a subject: order, intake, plan, credits, work, log, and the finished files on disk."""

import atexit
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from adapters.bootstrap import Application
from adapters.settings import load_settings
from adapters.storage.sql import migrations
from bench.pipeline.subjects import CANVAS, FIT, QUALITY
from core.domain.editing.document import from_document
from core.domain.orders import MAX_IMAGES, OrderStatus
from core.kernel.actor import Actor
from core.usecases.accounts.users import EnsureOperator
from core.usecases.delivery.results import GetResults
from core.usecases.images.add import AddImages, Incoming
from core.usecases.orders.create import CreateOrder
from core.usecases.plans.submit import SubmitOrder
from core.usecases.queries.orders import GetEvents
from core.usecases.runs.confirm import ConfirmOrder

PLAN = {
    "steps": [
        {"op": "orientation"},
        {"op": "resize", "params": {"long_edge": FIT}},
        {"op": "canvas", "params": {"width": CANVAS, "height": CANVAS}},
        {"op": "sharpen"},
        {"op": "export", "params": {"format": "jpeg", "quality": QUALITY, "icc": "srgb"}},
    ]
}
POLL = 0.1
Batch = Callable[[list[Path], Path], None]


def whole() -> Batch:
    """Return a function that takes a batch as orders of up to 100 pictures and leaves its pictures in a folder."""
    home = Path(tempfile.mkdtemp(prefix="i2i-bench-home-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    settings = load_settings({"I2I_LOG_LEVEL": "error"}, home)
    migrations.upgrade(settings.database_url)
    app = Application(settings)
    actor = app.use(EnsureOperator)(label="bench")
    plan = from_document(PLAN)
    runner = app.runner()
    runner.start()

    def batch(paths: list[Path], folder: Path) -> None:
        for start in range(0, len(paths), MAX_IMAGES):
            order_of(paths[start : start + MAX_IMAGES], folder)

    def order_of(paths: list[Path], folder: Path) -> None:
        order = app.use(CreateOrder)(actor=actor)
        files = [Incoming(name=p.name, path=p, bytes=p.stat().st_size) for p in paths]
        added = app.use(AddImages)(actor=actor, order_id=order.id, files=files)
        assert len(added.images) == len(paths), added.refused
        app.use(SubmitOrder)(actor=actor, order_id=order.id, plan=plan)
        app.use(ConfirmOrder)(actor=actor, order_id=order.id)
        _wait(app, actor, order.id)
        results = app.use(GetResults)(actor=actor, order_id=order.id)
        assert results.order.status is OrderStatus.COMPLETED, results.order
        folder.mkdir(parents=True, exist_ok=True)
        for result in results.images:
            for file in result.files:
                with app.blobs.local(file.file.storage_key) as source:
                    shutil.copyfile(source, folder / file.path)

    return batch


def _wait(app: Application, actor: Actor, order_id: str) -> None:
    """Wait until the order has ended, as a client that follows its events."""
    seen = 0
    while True:
        events = app.use(GetEvents)(actor=actor, order_id=order_id, after=seen)
        if any(e.event.name == "RunFinished" for e in events):
            return
        seen = events[-1].sequence if events else seen
        time.sleep(POLL)
