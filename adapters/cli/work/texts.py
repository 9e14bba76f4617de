"""Reading briefs and plan documents from files."""

import codecs
import json
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.cli.output import print_line
from core.domain.editing.document import from_document
from core.domain.editing.plan import EditPlan
from core.errors import InvalidInputError, TooLargeError
from core.usecases.orders.read_brief import Brief, ReadBrief

if TYPE_CHECKING:
    from adapters.cli.session import Session

MAX_PLAN_BYTES = 5_000_000


def read_brief(session: "Session", path: Path) -> Brief:
    """Read a document that says what should be done, and print what could not be read of it.

    Raises:
        UnsupportedTypeError, TooLargeError, InvalidInputError: it is refused.
    """
    try:
        brief = session.use(ReadBrief)(name=path.name, path=path, size=path.stat().st_size)
    except OSError as error:
        raise InvalidInputError(f"{path}: {error.strerror}.", code="unreadable") from error
    for note in brief.notes:
        print_line(session.err, f"{path.name}: {note}", style="yellow")
    return brief


def read_plan(path: Path) -> EditPlan:
    """Read a plan document (JSON), such as ``i2i recipe export`` writes, or an answer that holds one as ``plan``.

    Raises:
        InvalidInputError: it cannot be read or is not a plan.
    """
    try:
        document = json.loads(_decode(_read(path, limit=MAX_PLAN_BYTES)))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInputError(f"{path.name}: this is not JSON: {error}.", code="invalid_plan") from error
    if isinstance(document, dict) and isinstance(document.get("plan"), dict):
        document = document["plan"]
    return from_document(document)


def _read(path: Path, *, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise InvalidInputError(f"{path}: {error.strerror}.", code="unreadable") from error
    if len(data) > limit:
        raise TooLargeError(f"{path.name}: at most {limit} bytes are read.", details={"max_bytes": limit})
    return data


def _decode(data: bytes) -> str:
    return data.decode("utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")
