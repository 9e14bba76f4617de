"""Uploaded files: on disk, never in memory, gone when the request ends."""

from flask import g, request
from werkzeug.datastructures import FileStorage

from adapters.web.requests import CappedFile, Uploads
from adapters.web.security import application
from core.errors import InvalidInputError
from core.usecases.images.add import Incoming

MAX_NAME = 255


def begin() -> None:
    """Prepare the folder of this request's files; it is made when the first one arrives."""
    g.uploads = Uploads(application())


def end(_error: BaseException | None = None) -> None:
    """Remove the files of this request."""
    uploads: Uploads | None = g.pop("uploads", None)
    if uploads is not None:
        uploads.close()


def uploaded(*fields: str) -> tuple[Incoming, ...]:
    """Return the uploaded files of some form fields, as local files that live until the request ends.

    Args:
        fields: names of the form fields that may hold files.

    Raises:
        InvalidInputError: code ``no_file``.
    """
    files = [f for field in fields for f in request.files.getlist(field) if f.filename]
    if not files:
        raise InvalidInputError(f"Send a file in the form field {fields[0]!r}.", code="no_file")
    return tuple(_incoming(file) for file in files)


def uploaded_one(*fields: str) -> Incoming:
    """Return the only file of some form fields.

    Raises:
        InvalidInputError: code ``no_file`` or ``too_many_files``.
    """
    files = uploaded(*fields)
    if len(files) > 1:
        raise InvalidInputError("Send one file.", code="too_many_files", details={"files": len(files), "max": 1})
    return files[0]


def _incoming(file: FileStorage) -> Incoming:
    content = file.stream
    if not isinstance(content, CappedFile):
        raise InvalidInputError("The file did not arrive as a form field.", code="no_file")
    return Incoming(name=plain_name(file.filename or ""), path=content.path, bytes=content.size)


def plain_name(name: str) -> str:
    """Return the last part of a file name as browsers send it, without folders and control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[:MAX_NAME].strip() or "file"
