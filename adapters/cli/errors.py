"""Exit codes, and how an error is told: one sentence for people, one document for programs."""

import json
import traceback
from collections.abc import Sequence
from typing import Any

import click

from core import errors

OK = 0
UNEXPECTED = 1
INVALID = 2
NEEDS_LOOK = 3
QUESTION = 4
INTERRUPTED = 130

# The first class that fits decides, so that a branch stands before its trunk.
EXIT_CODES: tuple[tuple[type[errors.I2IError], int], ...] = (
    (errors.QuestionsOpenError, QUESTION),
    (errors.InvalidInputError, INVALID),
    (errors.NotFoundError, 5),
    (errors.NotAllowedError, 6),
    (errors.ConflictError, 7),
    (errors.InsufficientCreditsError, 8),
    (errors.LimitReachedError, 9),
    (errors.ProviderError, 10),
)


def exit_code(error: BaseException) -> int:
    """Return the exit code that belongs to an error."""
    if isinstance(error, errors.I2IError):
        return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), UNEXPECTED)
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return INTERRUPTED
    return INVALID if isinstance(error, click.UsageError) else UNEXPECTED


def error_document(error: BaseException) -> dict[str, Any]:
    """Describe an error for programs."""
    if isinstance(error, errors.I2IError):
        return {"code": error.code, "message": error.message, "details": error.details}
    if isinstance(error, click.ClickException):
        return {"code": "usage", "message": error.format_message(), "details": {}}
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return {"code": "interrupted", "message": "Interrupted.", "details": {}}
    return {"code": "unexpected", "message": f"{type(error).__name__}: {error}", "details": {}}


def tell(error: BaseException, *, args: Sequence[str], has_answered: bool) -> int:
    """Write an error to standard error (and, for ``--json``, as the one document to standard output).

    Args:
        args: the command line, to know whether it asked for JSON.
        has_answered: whether a document was written already.

    Returns:
        The exit code.
    """
    document = error_document(error)
    if isinstance(error, click.UsageError):
        error.show()
    elif exit_code(error) == INTERRUPTED:
        click.echo(document["message"], err=True)
    else:
        click.echo(f"Error: {document['message']} [{document['code']}]", err=True)
        if exit_code(error) == UNEXPECTED and not isinstance(error, click.ClickException):
            click.echo("".join(traceback.format_exception(error)), err=True)
    if "--json" in args and not has_answered:
        click.echo(json.dumps({"error": document}, indent=2, ensure_ascii=False, default=str))
    return exit_code(error)
