"""Word documents from before 2007, read by a program of the machine where it is installed."""

import shutil
import subprocess
from pathlib import Path

from adapters.documents.formats import unsupported
from adapters.documents.limits import Limits
from core.errors import InvalidInputError, TooLargeError, UnsupportedTypeError
from core.ports.document_reader import Document

# What reads such a document, in this order; office suites need more memory and time than a child has.
PROGRAMS = {"antiword": ("-m", "UTF-8.txt", "-w", "0"), "catdoc": ("-d", "utf-8", "-w")}
# Names of streams, as they stand in the directory of the container.
WORD, PROTECTED = ("WordDocument".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))


def read_doc(path: Path, limits: Limits) -> Document:
    """Read a DOC through ``antiword`` or ``catdoc``, which share the limits of this process.

    Raises:
        UnsupportedTypeError: it is another kind of file, or (code ``doc_not_readable``) no such program is
            installed.
        InvalidInputError: code ``protected_document`` or ``damaged_document``.
        TooLargeError: code ``read_too_long``.
    """
    data = path.read_bytes()
    if PROTECTED in data:
        raise InvalidInputError("it is protected; save it without a password.", code="protected_document")
    if WORD not in data:
        raise unsupported("an old Office file that is no Word document")
    program = next(filter(shutil.which, PROGRAMS), None)
    if program is None:
        raise UnsupportedTypeError(
            "this is a DOC, the format of Word before 2007, which cannot be read here; save it as DOCX or PDF.",
            code="doc_not_readable",
        )
    command = [program, *PROGRAMS[program], str(path.absolute())]
    try:
        # It has to end before this process is ended from outside, which would leave it running.
        done = subprocess.run(command, capture_output=True, check=False, timeout=0.75 * limits.wall_s)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        message = "it takes too long to read; save it as DOCX or PDF."
        raise TooLargeError(message, code="read_too_long") from error
    if done.returncode:
        raise InvalidInputError("the DOC is damaged; save it as DOCX or PDF.", code="damaged_document")
    return Document(text=done.stdout.decode("utf-8", "replace"), format="doc")
