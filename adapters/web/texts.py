"""Reading uploaded briefs."""

from adapters.web.uploads import uploaded_one
from core.domain.orders import MAX_BRIEF
from core.errors import InvalidInputError, TooLargeError, UnsupportedTypeError

TEXTS = (".txt", ".md")
MAX_BYTES = 4 * MAX_BRIEF


def uploaded_brief(*fields: str) -> tuple[str, str]:
    """Return name and text of the uploaded document.

    Raises:
        UnsupportedTypeError: not a plain text in UTF-8.
        TooLargeError: more than a brief may hold.
        InvalidInputError: no file, several, or an empty one.
    """
    file = uploaded_one(*fields)
    details = {"name": file.name, "accepted": list(TEXTS)}
    if not file.name.lower().endswith(TEXTS):
        message = f"{file.name}: a brief is read from {' or '.join(TEXTS)}; save it as plain text."
        raise UnsupportedTypeError(message, details=details)
    if file.bytes > MAX_BYTES:
        message = f"{file.name}: at most {MAX_BYTES} bytes are read."
        raise TooLargeError(message, code="file_too_large", details={"name": file.name, "max_bytes": MAX_BYTES})
    try:
        text = file.path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UnsupportedTypeError(f"{file.name}: this is not a plain text in UTF-8.", details=details)
    if not text.strip():
        raise InvalidInputError(f"{file.name}: the brief is empty.", code="empty_brief", details={"name": file.name})
    return file.name, text
