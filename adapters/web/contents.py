"""Sending contents: as attachments, or as pictures of our own making; never as something a browser would run."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO
from urllib.parse import quote

from flask import Response, request

from adapters.web.headers import ONE_YEAR
from adapters.web.security import application

CHUNK = 1 << 18
SANDBOX = "default-src 'none'; sandbox"
MEDIA_TYPES = {
    "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "tiff": "image/tiff", "avif": "image/avif",
    "gif": "image/gif", "heic": "image/heic",
}  # fmt: skip


def disposition(name: str) -> str:
    """Return the header that names an attachment (RFC 6266, with the RFC 5987 form for other letters)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def send_content(key: str, *, name: str, format: str, size: int) -> Response:
    """Send a stored content as an attachment, with ranges and an entity tag.

    Args:
        key: key in the blob store; its last part is the content's hash.
        name: file name for the customer.
        format: jpeg, png …
        size: length in bytes.
    """
    with ExitStack() as stack:
        content = stack.enter_context(application().blobs.open(key))
        response = Response(_chunks(content), mimetype=MEDIA_TYPES.get(format, "application/octet-stream"))
        response.content_length = size
        response.set_etag(key.rsplit("/", 1)[-1])
        response.headers["Content-Disposition"] = disposition(name)
        response.headers["Content-Security-Policy"] = SANDBOX
        response.headers["Cache-Control"] = "private, no-cache"
        response.make_conditional(request, accept_ranges=True, complete_length=size)
        response.call_on_close(stack.pop_all().close)
    return response


def send_picture(content: bytes, *, tag: str, format: str, is_fixed: bool) -> Response:
    """Send a picture that was encoded here, to be shown in a page.

    Args:
        tag: names the content.
        is_fixed: whether the address will always show the same picture, so that nobody need ask again.
    """
    response = Response(content, mimetype=MEDIA_TYPES[format])
    response.set_etag(tag)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = f"private, max-age={ONE_YEAR}, immutable" if is_fixed else "private, no-cache"
    response.make_conditional(request)
    return response


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        yield chunk
