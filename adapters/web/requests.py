"""The request: strict JSON, and uploads that go to disk while they arrive."""

import json
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO

from flask import Request, g
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from adapters.bootstrap import Application
from core.domain.assets import UPLOAD_POLICIES

MAX_JSON = 2_000_000
MAX_FILE = max(policy.max_bytes for policy in UPLOAD_POLICIES.values())
TEXT_TYPES = frozenset({"", "application/json"})


class CappedFile:
    """A file on disk that counts what it is given and stops keeping it behind the limit of a single file.

    A file that is too large can then be refused by its name while the others of the same request go on.
    It is open only while it arrives: a hundred files of one request take one handle.
    """

    def __init__(self, path: Path, limit: int = MAX_FILE) -> None:
        self.path = path
        self.size = 0
        self._limit = limit
        self._file: BinaryIO | None = path.open("wb")

    def write(self, data: bytes) -> int:
        """Count all bytes and keep those up to the limit."""
        room = self._limit - self.size
        if room > 0 and self._file is not None:
            self._file.write(data[:room])
        self.size += len(data)
        return len(data)

    def seek(self, _offset: int, _whence: int = 0) -> int:
        """Take the file as complete: the form parser rewinds each file when it has arrived."""
        self.close()
        return 0

    def read(self, size: int = -1) -> bytes:
        """Read the beginning of what was kept."""
        with self.path.open("rb") as file:
            return file.read(size)

    def close(self) -> None:
        """Close the file; its folder is removed at the end of the request."""
        if self._file is not None:
            self._file.close()
            self._file = None


class ApiRequest(Request):
    """A request of the API; without a body it counts as an empty object."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """Read the body as JSON, whatever an older client calls it.

        Raises:
            BadRequest: it is no JSON.
            UnsupportedMediaType: it is a form.
        """
        if not force and self.mimetype not in TEXT_TYPES:
            raise UnsupportedMediaType("Send the body as application/json.")
        data = self.get_data(cache=False)
        if not data.strip():
            return {}
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise BadRequest("The body is not valid JSON.") from None

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:  # fmt: skip
        if not filename:
            return SpooledTemporaryFile(max_size=MAX_JSON)
        uploads: Uploads = g.uploads
        return uploads.new_file()  # type: ignore[return-value]


class Uploads:
    """The folder of the files of one request, made when the first one arrives."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._stack = ExitStack()
        self._folder: Path | None = None
        self._count = 0

    def new_file(self) -> CappedFile:
        """Return a new empty file."""
        if self._folder is None:
            self._folder = self._stack.enter_context(self._application.blobs.staging())
        self._count += 1
        return CappedFile(self._folder / f"{self._count:04}")

    def close(self) -> None:
        """Remove the folder with everything in it."""
        self._stack.close()
