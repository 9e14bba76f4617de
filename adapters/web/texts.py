"""Reading uploaded briefs."""

from adapters.web.security import application
from adapters.web.uploads import uploaded_one
from core.usecases.orders.read_brief import Brief, ReadBrief


def uploaded_brief(*fields: str) -> Brief:
    """Return the uploaded document with its words.

    Raises:
        UnsupportedTypeError, TooLargeError, InvalidInputError: there is no document, or it is refused.
    """
    file = uploaded_one(*fields)
    return application().use(ReadBrief)(name=file.name, path=file.path, size=file.bytes)
