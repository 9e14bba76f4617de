"""A shoot of small pictures, all different, and an order made from it through the API as the pages would."""

import time
from pathlib import Path
from typing import Any

import attrs
from PIL import Image, ImageEnhance
from playwright.sync_api import APIRequestContext, BrowserContext

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = ROOT.parent / "shared" / "photos" / "products"
SAMPLES = ROOT / "samples" / "photos"
EDGE = 1200
ENDED = frozenset({"completed", "failed", "cancelled"})


def make_pictures(folder: Path, count: int) -> list[Path]:
    """Write ``count`` JPEGs of at most 1200 px; each differs, so that none counts as a duplicate."""
    photos = sorted(PHOTOS.glob("*.jpg")) or sorted(SAMPLES.glob("*.jpg"))
    made = []
    for number in range(count):
        with Image.open(photos[number % len(photos)]) as photo:
            picture = photo.convert("RGB")
        picture.thumbnail((EDGE, EDGE))
        path = folder / f"IMG_{number + 1:04}.jpg"
        ImageEnhance.Brightness(picture).enhance(1 + number / 2000).save(path, quality=88)
        made.append(path)
    return made


@attrs.frozen
class Caller:
    """The API with the session of a browser context."""

    request: APIRequestContext
    token: str

    @classmethod
    def of(cls, context: BrowserContext) -> "Caller":
        """Return a caller who carries the context's session."""
        return cls(context.request, context.request.get("/api/security/csrf").json()["data"]["token"])

    def post(self, path: str, **options: Any) -> Any:
        """Send a request that must succeed and return its data."""
        answer = self.request.post(path, headers={"X-CSRFToken": self.token}, **options)
        if not answer.ok:
            raise RuntimeError(f"{path}: {answer.status} {answer.text()}")
        return answer.json()["data"]

    def get(self, path: str) -> Any:
        """Return the data of an answer."""
        return self.request.get(path).json()["data"]


def upload_order(caller: Caller, pictures: list[Path], *, name: str) -> str:
    """Open an order and send the pictures one by one, as the page does; return its id."""
    order = caller.post("/api/orders", data={"name": name})["id"]
    for path in pictures:
        caller.post(f"/api/orders/{order}/images", multipart={"images": _file(path)})
    return str(order)


def plan_and_confirm(caller: Caller, order: str, instruction: str) -> None:
    """Let the order be planned by these words, and start it."""
    answer = caller.request.patch(
        f"/api/orders/{order}", data={"instruction": instruction}, headers={"X-CSRFToken": caller.token}
    )
    if not answer.ok:
        raise RuntimeError(answer.text())
    plan = caller.post(f"/api/orders/{order}/submit", data={})
    caller.post(f"/api/orders/{order}/confirm", data={"revision": plan["revision"]})


def wait_until_ended(caller: Caller, order: str, *, seconds: float = 300) -> str:
    """Return the status in which the work on an order ended; asked twice a second, far below the limit of requests.

    Raises:
        TimeoutError: it did not end in time.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status = str(caller.get(f"/api/orders/{order}/status")["order"]["status"])
        if status in ENDED:
            return status
        time.sleep(0.5)
    raise TimeoutError(f"order {order} did not end within {seconds:g} s")


def _file(path: Path) -> Any:
    return {"name": path.name, "mimeType": "image/jpeg", "buffer": path.read_bytes()}
