"""From photos to a finished archive with everything real but the socket: SQLite, files, planner, engine."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from adapters.bootstrap import Application
from adapters.settings import Settings
from adapters.storage.sql import migrations
from adapters.web.app import create_app
from core.kernel.actor import Scope
from core.usecases.accounts.api_keys import CreateApiKey
from core.usecases.accounts.users import EnsureOperator
from core.usecases.credits.read import AuditLedger
from core.usecases.runs.process import ProcessItem
from tests.fakes import ListeningQueue, NoLeaseKeeper
from tests.web.site import good

PHOTOS = ("mug.jpg", "kettle.jpg")


@pytest.fixture
def queue() -> ListeningQueue:
    """Return the queue of the installation."""
    return ListeningQueue()


@pytest.fixture
def application(tmp_path: Path, queue: ListeningQueue) -> Iterator[Application]:
    """Return an installation of its own."""
    settings = Settings(home=tmp_path, engine_processes=1)
    migrations.upgrade(settings.database_url)
    with Application(settings, queue=queue, leases=NoLeaseKeeper()) as made:
        yield made


@pytest.mark.req("S0-UPL-01")
@pytest.mark.req("S0-EXP-01")
@pytest.mark.req("S0-PROC-02")
def test_photos_become_deliverables(application: Application, queue: ListeningQueue, project_root: Path) -> None:
    operator = application.use(EnsureOperator)(label="test")
    made = application.use(CreateApiKey)(actor=operator, name="Test", scopes=list(Scope))
    client, headers = create_app(application).test_client(), {"X-API-Key": made.secret}
    folder = project_root / "samples/photos"
    data = {
        "images": [*((folder / n).open("rb") for n in PHOTOS), (io.BytesIO(b"%PDF-1.7"), "notes.pdf")],
        "instructions": "Pure white background, 600x600 JPEG, soft shadow",
    }
    started = good(client.post("/api/upload", data=data, headers=headers))
    assert [r["name"] for r in started["data"]["added"]["refused"]] == ["notes.pdf"]
    for item in queue.hinted:
        application.use(ProcessItem)(item_id=item)
    results = good(client.get(f"/api/results/{started['batchId']}", headers=headers))
    assert [r["originalName"] for r in results["images"]] == list(PHOTOS)
    picture = Image.open(io.BytesIO(client.get(results["images"][0]["processedUrl"], headers=headers).data))
    assert (picture.format, picture.size, picture.getpixel((2, 2))) == ("JPEG", (600, 600), (255, 255, 255))
    answer = client.post("/api/export", json={"orderId": started["orderId"]}, headers=headers)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert sorted(archive.namelist()) == ["SUMMARY.txt", "kettle.jpg", "mug.jpg"]
        assert archive.testzip() is None
    original = client.get(results["images"][0]["originalUrl"], headers=headers)
    assert original.data == (folder / PHOTOS[0]).read_bytes()
    assert application.use(AuditLedger)().is_clean
