"""Which pictures a step applies to: all, or some by name, range, glob or position."""

import fnmatch
import functools
import re
from collections.abc import Callable
from pathlib import PurePosixPath

import attrs

from core.errors import InvalidInputError

REMEMBERED = 8192  # more than one plan may hold: every name is looked at once for each picture


@attrs.frozen(kw_only=True)
class ImageFacts:
    """What a scope can see of a picture.

    Args:
        name: original file name.
        position: 1-based place in the order.
        count: number of pictures in the order.
    """

    name: str
    position: int
    count: int

    @property
    def stem(self) -> str:
        """The name without its extension."""
        return _stem(self.name)


@attrs.frozen(kw_only=True)
class Scope:
    """A selection of pictures; a picture matches when any part names it. No part at all means all pictures.

    Args:
        files: names, with or without extension, any letter case.
        ranges: pairs of first and last name; both ends included, compared by their last number.
        globs: name patterns such as ``IMG_12*``.
        not_globs: name patterns of pictures that are left out.
        indexes: pairs of first and last position, 1-based; negative counts from the end.
        rest: every picture that no other scoped step of the plan names.
    """

    files: tuple[str, ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()
    globs: tuple[str, ...] = ()
    not_globs: tuple[str, ...] = ()
    indexes: tuple[tuple[int, int], ...] = ()
    rest: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse selections that could not match anything sensible."""
        parts = (*self.files, *self.globs, *self.not_globs, *(n for pair in self.ranges for n in pair))
        if self.size > 500 or any(not p or len(p) > 255 for p in parts):
            raise InvalidInputError("A scope holds at most 500 names of 1…255 characters.", code="invalid_scope")
        if any(0 in pair for pair in self.indexes):
            raise InvalidInputError("Positions count from 1.", code="invalid_scope")

    @property
    def size(self) -> int:
        """How many names and positions it holds."""
        return len(self.files) + len(self.globs) + len(self.not_globs) + 2 * len(self.ranges) + len(self.indexes)

    @property
    def is_all(self) -> bool:
        """Whether every picture matches."""
        return self == ALL

    @property
    def specificity(self) -> int:
        """Rank among overlapping scopes: a named file beats a range or position, that beats a glob, that beats all."""
        if self.files:
            return 4
        if self.ranges or self.indexes:
            return 3
        if self.globs or self.not_globs:
            return 2
        return 1 if self.rest else 0

    def names(self, image: ImageFacts) -> bool:
        """Whether a part of this scope (other than ``rest``) names the picture; all pictures when there is no part."""
        if self.rest:
            return False
        if self.is_all:
            return True
        if self.not_globs and not any(_glob(g, image) for g in self.not_globs):
            return True
        return (
            any(_same_name(f, image) for f in self.files)
            or any(_in_range(first, last, image) for first, last in self.ranges)
            or any(_glob(g, image) for g in self.globs)
            or any(_at(first, last, image) for first, last in self.indexes)
        )


ALL = Scope()


def _same_name(wanted: str, image: ImageFacts) -> bool:
    return wanted.casefold() in (image.name.casefold(), image.stem.casefold())


def _glob(pattern: str, image: ImageFacts) -> bool:
    matches = _compiled(pattern)
    return bool(matches(image.name.casefold()) or matches(image.stem.casefold()))


@functools.lru_cache(REMEMBERED)
def _compiled(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(fnmatch.translate(pattern.casefold())).match


@functools.lru_cache(REMEMBERED)
def _stem(name: str) -> str:
    return PurePosixPath(name).stem


def _at(first: int, last: int, image: ImageFacts) -> bool:
    low, high = (image.count + 1 + n if n < 0 else n for n in (first, last))
    return min(low, high) <= image.position <= max(low, high)


@functools.lru_cache(REMEMBERED)
def split_number(name: str) -> tuple[str, int] | None:
    """Split a file stem into what precedes its last number, and that number; None without a number."""
    found = re.fullmatch(r"(.*?)(\d+)\D*", PurePosixPath(name).stem)
    return (found.group(1).casefold(), int(found.group(2))) if found else None


def _in_range(first: str, last: str, image: ImageFacts) -> bool:
    low, high, own = split_number(first), split_number(last), split_number(image.stem)
    if not (low and high and own):
        return False
    # "0413 to 0418" names IMG_0413 too: a bare number has no prefix of its own.
    same_series = own[0] == low[0] or low[0] == ""
    return same_series and min(low[1], high[1]) <= own[1] <= max(low[1], high[1])
