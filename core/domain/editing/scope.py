"""Which pictures a step applies to: all, or some by name, position, content, role, group or measure."""

import fnmatch
import functools
import re
from collections.abc import Callable
from pathlib import PurePosixPath

import attrs

from core.domain.editing.conditions import Condition
from core.domain.editing.tags import ATTRIBUTES, TAGS, with_kinds
from core.errors import InvalidInputError

# Roles of a picture among those of one product, with the words that tell them in a file name.
ROLES = {
    "main": ("main", "hero", "primary"),
    "front": ("front", "f", "vorne"),
    "back": ("back", "rear", "b", "hinten"),
    "side": ("side", "profile"),
    "top": ("top",),
    "bottom": ("bottom", "sole"),
    "inside": ("inside", "inner", "n"),
    "detail": ("detail", "closeup", "macro"),
    "model": ("model", "worn"),
    "packaging": ("packaging", "pack", "box"),
}
REMEMBERED = 8192  # more than one plan may hold: every name is looked at once for each picture


@attrs.frozen(kw_only=True)
class ImageFacts:
    """What a scope can see of a picture.

    Args:
        name: original file name.
        position: 1-based place in the order.
        count: number of pictures in the order.
        tags: what it shows, in words of ``core.domain.editing.tags``; empty when nobody looked.
        width, height: pixels as displayed; 0 when unknown.
        format: of the original file (jpeg, png, …); empty when unknown.
        role: one of ``ROLES``; empty when only the file name can tell.
        group: key of the product that it belongs to; empty when only the file name can tell.
        group_position: 1-based place among the pictures of its group; 0 when unknown.
    """

    name: str
    position: int
    count: int
    tags: frozenset[str] = frozenset()
    width: int = 0
    height: int = 0
    format: str = ""
    role: str = ""
    group: str = ""
    group_position: int = 0

    @property
    def stem(self) -> str:
        """The name without its extension."""
        return _stem(self.name)


@attrs.frozen(kw_only=True)
class Scope:
    """A selection of pictures; one without any part means all.

    Names, ranges, globs and positions pick pictures, and one of them is enough; all other parts narrow the selection.

    Args:
        files: names, with or without extension, any letter case.
        ranges: pairs of first and last name; both ends included, compared by their last number.
        globs: name patterns such as ``IMG_12*``.
        not_globs: name patterns of pictures that are left out.
        indexes: pairs of first and last position, 1-based; negative counts from the end.
        tags: what is shown: any of the nouns, and all of the attributes (``shoe``, ``facing_right``).
        not_tags: nouns and attributes none of which may hold.
        roles: any of ``ROLES``.
        groups: keys of products, any of them.
        group_indexes: pairs of first and last place within a product.
        conditions: what must hold of the measures, all of them.
        rest: every picture that no other scoped part of the plan names.
    """

    files: tuple[str, ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()
    globs: tuple[str, ...] = ()
    not_globs: tuple[str, ...] = ()
    indexes: tuple[tuple[int, int], ...] = ()
    tags: tuple[str, ...] = ()
    not_tags: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    group_indexes: tuple[tuple[int, int], ...] = ()
    conditions: tuple[Condition, ...] = ()
    rest: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse selections that could not match anything sensible."""
        names = (*self.files, *self.globs, *self.not_globs, *self.groups, *(n for pair in self.ranges for n in pair))
        if self.size > 500 or any(not p or len(p) > 255 for p in names):
            raise InvalidInputError("A scope holds at most 500 names of 1…255 characters.", code="invalid_scope")
        if any(0 in pair for pair in (*self.indexes, *self.group_indexes)):
            raise InvalidInputError("Positions count from 1.", code="invalid_scope")
        unknown = [t for t in (*self.tags, *self.not_tags) if t not in TAGS] + [r for r in self.roles if r not in ROLES]
        if unknown:
            raise InvalidInputError(f"{unknown[0][:40]!r} is not a known tag or role.", code="invalid_scope")

    @property
    def size(self) -> int:
        """How many names, positions, tags and conditions it holds."""
        return sum(
            len(value) * (2 if field.name == "ranges" else 1)
            for field in attrs.fields(Scope)
            if isinstance(value := getattr(self, field.name), tuple)
        )

    @property
    def is_all(self) -> bool:
        """Whether every picture matches."""
        return self == ALL

    @property
    def is_by_content(self) -> bool:
        """Whether only somebody who looks at the pictures can tell which are meant."""
        return bool(self.tags or self.not_tags)

    @property
    def specificity(self) -> tuple[int, int]:
        """Rank among overlapping scopes: a named file beats a range or position, that a glob or group, that a tag, role
        or condition, that what is only left out, that the rest, that all; then the one with more parts wins.
        """
        ranks = (
            (6, self.files),
            (5, (*self.ranges, *self.indexes)),
            (4, (*self.globs, *self.groups)),
            (3, (*self.tags, *self.roles, *self.group_indexes, *self.conditions)),
            (2, (*self.not_globs, *self.not_tags)),
        )
        best = next((rank for rank, parts in ranks if parts), int(self.rest))
        return best, sum(1 for _, parts in ranks if parts) + len(self.conditions) + len(set(self.tags) & ATTRIBUTES)

    def names(self, image: ImageFacts) -> bool:
        """Whether this scope (other than ``rest``) names the picture; all pictures when there is no part."""
        if self.rest:
            return False
        if self.is_all:
            return True
        return self._picks(image) and self._shows(image) and self._measures(image)

    def _picks(self, image: ImageFacts) -> bool:
        if any(_glob(g, image) for g in self.not_globs):
            return False
        if not (self.files or self.ranges or self.globs or self.indexes):
            return True
        return (
            any(_same_name(f, image) for f in self.files)
            or any(_in_range(first, last, image) for first, last in self.ranges)
            or any(_glob(g, image) for g in self.globs)
            or any(_at(first, last, position=image.position, count=image.count) for first, last in self.indexes)
        )

    def _shows(self, image: ImageFacts) -> bool:
        if not self.is_by_content:
            return True
        shown = with_kinds(image.tags)
        nouns = set(self.tags) - ATTRIBUTES
        is_shown = not nouns or bool(nouns & shown)
        return is_shown and set(self.tags) & ATTRIBUTES <= shown and not set(self.not_tags) & shown

    def _measures(self, image: ImageFacts) -> bool:
        measured = (c.holds(width=image.width, height=image.height, format=image.format) for c in self.conditions)
        group = image.group or group_of(image.name)
        return (
            all(m is True for m in measured)
            and (not self.roles or bool(set(self.roles) & _roles_of(image)))
            and (not self.groups or group.casefold() in {g.casefold() for g in self.groups})
            and (not self.group_indexes or _at_any(self.group_indexes, image.group_position))
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


def _at(first: int, last: int, *, position: int, count: int) -> bool:
    low, high = (count + 1 + n if n < 0 else n for n in (first, last))
    return min(low, high) <= position <= max(low, high)


def _at_any(places: tuple[tuple[int, int], ...], position: int) -> bool:
    return position > 0 and any(first <= position <= last for first, last in places)


@functools.lru_cache(REMEMBERED)
def group_of(name: str) -> str:
    """Return what the pictures of one product share in their names: all before the last ``_``, ``-`` or blank."""
    stem = _stem(name)
    return re.sub(r"[-_ ]+[^-_ ]*$", "", stem) or stem


def _roles_of(image: ImageFacts) -> set[str]:
    if image.role:
        return {image.role}
    last = re.split(r"[-_ ]+", image.stem.casefold())[-1].rstrip("0123456789")
    told = {role for role, words in ROLES.items() if last in words}
    return told | ({"main"} if image.group_position == 1 else set())


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
