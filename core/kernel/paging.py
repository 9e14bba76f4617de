"""Pages of a long list, resumed by an opaque cursor."""

from typing import Generic, TypeVar

import attrs

from core.errors import InvalidInputError

T = TypeVar("T")

MAX_PAGE = 100


@attrs.frozen(kw_only=True)
class Page(Generic[T]):
    """Some items and the cursor of the next page (None on the last)."""

    items: tuple[T, ...]
    next_cursor: str | None = None


def page_limit(limit: int) -> int:
    """Check a requested page length.

    Raises:
        InvalidInputError: outside 1 … 100.
    """
    if not 1 <= limit <= MAX_PAGE:
        raise InvalidInputError(
            f"A page holds 1 to {MAX_PAGE} items.", code="invalid_limit", details={"limit": limit, "max": MAX_PAGE}
        )
    return limit
