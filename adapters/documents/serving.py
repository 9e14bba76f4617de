"""Inside a child: one file in, its words out; every error becomes plain values."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs

from adapters.documents.formats import detect_format
from adapters.documents.legacy import read_doc
from adapters.documents.limits import Limits
from adapters.documents.pdf import read_pdf
from adapters.documents.plain import finished
from adapters.documents.word import read_docx
from core.errors import I2IError
from core.ports.document_reader import Document

Message = dict[str, Any]


READERS: dict[str, Callable[[Path, Limits], Document]] = {"pdf": read_pdf, "zip": read_docx, "ole": read_doc}


def make_server(limits: Limits) -> Callable[[Message], Message]:
    """Return the function that answers messages."""

    def serve(message: Message) -> Message:
        path = Path(message["path"])
        try:
            return {"document": attrs.asdict(finished(READERS[detect_format(path)](path, limits), limits))}
        except I2IError as error:
            return _failure(type(error).__name__, error.code, error.message, error.details)
        except MemoryError:
            return _failure("TooLargeError", "out_of_memory", "it needs more memory to read than is allowed.")
        except Exception as error:  # noqa: BLE001 -- parsers of hostile files raise whatever they come across
            return _library_failure(error, path)

    return serve


def _library_failure(error: Exception, path: Path) -> Message:
    text = str(error).replace(str(path), "it")
    if "memory" in text.lower() or type(error).__name__ == "LimitReachedError":
        return _failure("TooLargeError", "out_of_memory", "it needs more memory to read than is allowed.")
    reason = {"reason": f"{type(error).__name__}: {text}"[:200]}
    return _failure("InvalidInputError", "damaged_document", "it is damaged and cannot be read.", reason)


def _failure(kind: str, code: str, message: str, details: dict[str, Any] | None = None) -> Message:
    return {"error": {"kind": kind, "code": code, "message": message, "details": details or {}}}
