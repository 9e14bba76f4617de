"""The reader behind the port: a limited child process for every document under way."""

from pathlib import Path
from typing import Any

import attrs

from adapters.documents.formats import detect_format
from adapters.documents.limits import Limits
from adapters.documents.plain import read_text
from adapters.sandbox.child import ChildEndedError, ChildSettings
from adapters.sandbox.pool import ChildPool
from core import errors
from core.ports.document_reader import Document

_ERRORS = {
    kind.__name__: kind for kind in (errors.InvalidInputError, errors.TooLargeError, errors.UnsupportedTypeError)
}


class LocalDocumentReader:
    """Reads documents in child processes of this machine; implements ``core.ports.document_reader.DocumentReader``.

    Args:
        processes: children at most; they start when first needed and stay warm.
        limits: what documents and children may use.
    """

    def __init__(self, *, processes: int = 1, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        settings = ChildSettings(
            module="adapters.documents.worker",
            name="document reader",
            values={"limits": attrs.asdict(self._limits)},
            memory_bytes=self._limits.memory_bytes,
            tasks_per_child=self._limits.tasks_per_child,
            idle_memory_bytes=self._limits.idle_memory_bytes,
        )
        self._pool = ChildPool(settings, processes=processes)

    def read(self, path: Path, *, name: str) -> Document:
        """Return the words of a file."""
        try:
            # Text needs no parser and so no process of its own, which takes longer to start than the text to read.
            if detect_format(path) == "text":
                return read_text(path, self._limits)
            return self._ask(path)
        except errors.InvalidInputError as error:
            details = {"name": name, **error.details}
            raise type(error)(f"{name}: {error.message}", code=error.code, details=details) from error

    def _ask(self, path: Path) -> Document:
        message = {"path": str(path.absolute())}
        try:
            answer = self._pool.ask(message, seconds=self._limits.wall_s, cpu_seconds=self._limits.cpu_s)
        except ChildEndedError as error:
            raise _death(error) from error
        if "error" in answer:
            raise _rebuilt(answer["error"])
        return _document(answer)

    def close(self) -> None:
        """Stop the reader's processes."""
        self._pool.close()


def _document(answer: dict[str, Any]) -> Document:
    try:
        found = answer["document"]
        lists = {"notes": tuple(map(str, found["notes"])), "page_starts": tuple(map(int, found["page_starts"]))}
        return Document(**{**found, "text": str(found["text"]), **lists})
    except (KeyError, TypeError, ValueError) as error:
        message = "The document reader gave no usable answer."
        raise errors.ProviderUnavailableError(message, code="reader_died") from error


def _death(error: ChildEndedError) -> errors.I2IError:
    if error.was_slow or error.was_late:
        return errors.TooLargeError("it takes too long to read; save it as plain text.", code="read_too_long")
    return errors.ProviderUnavailableError(f"The document reader {error}.", code="reader_died")


def _rebuilt(answer: dict[str, Any]) -> errors.I2IError:
    kind = _ERRORS.get(str(answer.get("kind")), errors.InvalidInputError)
    return kind(str(answer.get("message")), code=str(answer.get("code")), details=dict(answer.get("details") or {}))
