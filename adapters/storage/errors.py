"""Errors that every kind of storage raises in the same words."""

from core.errors import ConflictError, NotFoundError, ProviderUnavailableError


class TryAgainError(ProviderUnavailableError):
    """The whole transaction was undone because of a simultaneous one; the same work may be tried again."""

    default_code = "try_again"


class ReadingWorkError(RuntimeError):
    """A mistake of the program: a unit of work that only reads was used to write."""

    def __init__(self) -> None:
        super().__init__("a reading unit of work does not write")


def busy() -> ProviderUnavailableError:
    """Return the error for work that waited too long for others."""
    return ProviderUnavailableError("The database is busy; try again in a moment.", code="storage_busy")


def missing(what: str) -> NotFoundError:
    """Return the error for an object that is not there."""
    return NotFoundError(f"There is no such {what}.", details={"what": what})


def stale(what: str) -> ConflictError:
    """Return the error of everyone who was second."""
    return ConflictError(f"The {what} changed meanwhile; read it again.", code="stale", details={"what": what})


def broken(code: str = "integrity") -> ConflictError:
    """Return the error for what contradicts other stored facts."""
    return ConflictError("This contradicts what is stored.", code=code)


def duplicate(code: str, message: str) -> ConflictError:
    """Return the error for something that may exist once and does."""
    return ConflictError(message, code=code)
