"""Files offered to a page as people offer them: dropped, pasted, chosen."""

import base64
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import FilePayload, Page

# Events with files are made in the page: a test holds neither the mouse nor the clipboard of a person.
OFFER = """({ kind, files }) => {
  const transfer = new DataTransfer();
  for (const { name, type, data, more } of files) {
    const content = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    transfer.items.add(new File([content, new Uint8Array(more)], name, { type }));
  }
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
}"""
TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".zip": "application/zip", ".pdf": "application/pdf"}


def offer(page: Page, kind: str, files: Mapping[str, bytes], more: Mapping[str, int] | None = None) -> None:
    """Drop or paste files onto a page.

    Args:
        kind: name of the event.
        more: zero bytes that the page puts behind a file, for files too large to be handed over.
    """
    parts = [
        {
            "name": name, "type": TYPES.get(Path(name).suffix, ""), "data": base64.b64encode(content).decode(),
            "more": (more or {}).get(name, 0),
        }
        for name, content in files.items()
    ]  # fmt: skip
    page.evaluate(OFFER, {"kind": kind, "files": parts})


def choose(page: Page, files: Mapping[str, bytes]) -> None:
    """Choose files with the button of the page."""
    with page.expect_file_chooser() as chooser:
        page.locator(".drop-button").click()
    payloads: list[FilePayload] = [
        {"name": name, "mimeType": TYPES.get(Path(name).suffix, ""), "buffer": content}
        for name, content in files.items()
    ]
    chooser.value.set_files(payloads)


def photos(count: int, *, edge: int = 64, noise: bool = False) -> dict[str, bytes]:
    """Return different pictures by name; with noise they do not compress, and are as large as they look."""
    return {f"photo_{n:03}.jpg": photo(n, edge=edge, noise=noise) for n in range(count)}


def photo(seed: int, *, edge: int = 64, noise: bool = False) -> bytes:
    """Return a JPEG that only this seed gives."""
    image = Image.effect_noise((edge, edge), 90) if noise else Image.new("L", (edge, edge), seed % 200)
    image.putpixel((0, 0), seed % 256)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95, comment=f"photo {seed}".encode())
    return file.getvalue()


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return file.getvalue()
