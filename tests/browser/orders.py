"""Orders for browser tests, made through the API with the session of a context."""

import colorsys
import io
import time
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from PIL import Image
from playwright.sync_api import BrowserContext

BUSY = {"queued", "processing"}


@attrs.frozen
class Desk:
    """What somebody who is signed in can do beside the page."""

    context: BrowserContext

    def get(self, path: str) -> Any:
        """Return the data of an answer that must be a success."""
        answer = self.context.request.get(path)
        assert answer.ok, answer.text()
        return answer.json()["data"]

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """Return the data of an answer that must be a success."""
        token = self.context.request.get("/api/security/csrf").json()["data"]["token"]
        if body is not None:
            options["data"] = body
        answer = self.context.request.post(path, headers={"X-CSRFToken": token}, **options)
        assert answer.ok, answer.text()
        return answer.json()["data"]

    def finished_order(self, files: Mapping[str, bytes], instruction: str = "a little brighter") -> str:
        """Return the id of a new order whose pictures are finished."""
        order = self.post("/api/orders", {"name": "Review", "instruction": instruction})["id"]
        for name, content in files.items():
            kind = "image/png" if name.endswith(".png") else "image/jpeg"
            self.post(
                f"/api/orders/{order}/images", multipart={"images": {"name": name, "mimeType": kind, "buffer": content}}
            )
        self.post(f"/api/orders/{order}/submit")
        self.post(f"/api/orders/{order}/confirm", {})
        self.wait_for_work(order)
        return str(order)

    def wait_for_work(self, order: str) -> None:
        """Wait until nothing of an order is being worked on."""
        wait_for(lambda: not {i["status"] for i in self.images(order)} & BUSY, "an end of the work")

    def wait_for_states(self, order: str, *states: str) -> None:
        """Wait until the pictures of an order are in these states, by position."""
        wait_for(lambda: [i["status"] for i in self.images(order)] == list(states), str(states))

    def images(self, order: str) -> list[dict[str, Any]]:
        """Return the pictures of an order by position."""
        found: list[dict[str, Any]] = self.get(f"/api/orders/{order}")["images"]
        return found

    def versions(self, order: str, image: str) -> list[dict[str, Any]]:
        """Return the versions of a picture."""
        found: list[dict[str, Any]] = self.get(f"/api/orders/{order}/images/{image}/versions")
        return found


def wait_for(look: Callable[[], bool], what: str) -> None:
    """Look twice a second, which the rates of the API allow, until the answer is true."""
    for _ in range(360):
        if look():
            return
        time.sleep(0.5)
    raise AssertionError(f"not within three minutes: {what}")


def plain_pictures(count: int, *, width: int = 96, height: int = 72) -> dict[str, bytes]:
    """Return small pictures that differ in colour, by name."""
    return {f"item-{n:03}.jpg": plain_picture(n / count, width=width, height=height) for n in range(1, count + 1)}


def plain_picture(hue: float, *, width: int = 96, height: int = 72, kind: str = "JPEG") -> bytes:
    """Return a picture of one colour with a lighter square in it."""
    red, green, blue = (round(255 * c) for c in colorsys.hsv_to_rgb(hue, 0.6, 0.7))
    image = Image.new("RGB", (width, height), (red, green, blue))
    image.paste((230, 230, 230), (width // 3, height // 3, 2 * width // 3, 2 * height // 3))
    content = io.BytesIO()
    image.save(content, kind)
    return content.getvalue()
