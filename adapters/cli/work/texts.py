"""Reading briefs and plan documents from files."""

import codecs
import json
from pathlib import Path

from core.domain.editing.document import from_document
from core.domain.editing.plan import EditPlan
from core.domain.orders import MAX_BRIEF
from core.errors import InvalidInputError, TooLargeError, UnsupportedTypeError

TEXTS = (".txt", ".md")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
MAX_PLAN_BYTES = 5_000_000


def read_brief(path: Path) -> str:
    """Read a plain text in UTF-8, UTF-16 or Latin-1 (with the letters that Windows adds to it).

    Raises:
        UnsupportedTypeError: another kind of file.
        TooLargeError: more than a brief may hold.
        InvalidInputError: it cannot be read, or holds no text.
    """
    if path.suffix.lower() not in TEXTS:
        raise UnsupportedTypeError(
            f"{path.name}: a brief is read from {' or '.join(TEXTS)}; save it as plain text or use --instruction.",
            details={"name": path.name, "accepted": list(TEXTS)},
        )
    text = _decode(_read(path, limit=4 * MAX_BRIEF))
    if "\0" in text:
        raise UnsupportedTypeError(f"{path.name}: this is not a plain text.", details={"name": path.name})
    if not text.strip():
        raise InvalidInputError(f"{path.name}: the brief is empty.", code="empty_brief", details={"name": path.name})
    return text


def read_plan(path: Path) -> EditPlan:
    """Read a plan document (JSON), such as ``i2i recipe export`` writes, or an answer that holds one as ``plan``.

    Raises:
        InvalidInputError: it cannot be read or is not a plan.
    """
    try:
        document = json.loads(_decode(_read(path, limit=MAX_PLAN_BYTES)))
    except (json.JSONDecodeError, RecursionError) as error:
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
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if data.count(0) > len(data) // 4:  # every other byte of Western text without a mark
        encoding = "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
        return data.decode(encoding, errors="replace")
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
