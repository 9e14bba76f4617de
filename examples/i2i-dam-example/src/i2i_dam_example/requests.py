"""HTTP requests to a Shelf: streamed, never redirected, and with answers turned into the errors of i2i."""

import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

import i2i

TIMEOUT = 60
CHUNK = 1 << 16
MAX_ANSWER = 1_000_000


@dataclass(frozen=True)
class FilePart:
    """A file to send."""

    path: Path
    size: int
    type: str


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Refuses to follow: the token would go along to wherever the answer points."""

    def redirect_request(self, *_arguments: Any) -> None:
        """Follow nothing; urllib then raises the answer as an error."""


class Shelf:
    """Sends requests with the token of one account."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token
        self._opener = urllib.request.build_opener(NoRedirects)

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """Return status and answer of a GET."""
        return self._send(urllib.request.Request(self._url + path))  # noqa: S310 - i2i checked that it is http(s)

    def put(self, path: str, *, metadata: str, file: FilePart) -> tuple[int, dict[str, Any]]:
        """Send metadata and a file; the file is read piece by piece, so its size does not matter."""
        edge = secrets.token_hex(16)
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="metadata"\r\nContent-Type: application/json\r\n\r\n'
            f'{metadata}\r\n--{edge}\r\nContent-Disposition: form-data; name="file"; filename="picture"\r\n'
            f"Content-Type: {file.type}\r\n\r\n"
        ).encode()
        tail = f"\r\n--{edge}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Content-Length": str(len(head) + file.size + len(tail)),
        }
        body = _pieces(head, file.path, tail)
        url = self._url + path
        return self._send(urllib.request.Request(url, body, headers, method="PUT"))  # noqa: S310 - see above

    def _send(self, request: urllib.request.Request) -> tuple[int, dict[str, Any]]:
        request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return answer.status, _document(answer.read(MAX_ANSWER))
        except urllib.error.HTTPError as error:
            raise error_for(error.code, error.headers.get("Retry-After", "")) from error
        except (OSError, HTTPException) as error:  # URLError and timeouts are OSErrors
            raise i2i.ProviderUnavailableError(f"The Shelf cannot be reached: {type(error).__name__}.") from error


def error_for(status: int, retry_after: str = "") -> i2i.ProviderError:
    """Return what a refusal means: who is to act, and whether another try makes sense."""
    if status in {401, 403}:
        return i2i.CredentialsError("The Shelf does not accept the token; connect again.")
    if status in {413, 415}:
        return i2i.DamFormatError("The Shelf does not take a picture of this format or size.")
    if status == 429:
        return i2i.DamRateLimitedError(
            "The Shelf accepts no more for now.", retry_after=float(retry_after) if retry_after.isdigit() else None
        )
    if status == 507:
        return i2i.DamFullError("The Shelf is full.")
    if status >= 500:
        return i2i.ProviderUnavailableError(f"The Shelf has a problem of its own ({status}).")
    return i2i.ProviderRejectedError(f"The Shelf refuses ({status}).")


def _pieces(head: bytes, path: Path, tail: bytes) -> Iterator[bytes]:
    yield head
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece
    yield tail


def _document(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise i2i.ProviderUnavailableError("The Shelf's answer cannot be understood.")
    return found
