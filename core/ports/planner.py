"""Port: the planner that reads an instruction and writes an edit plan."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import attrs

from core.domain.editing.plan import EditPlan
from core.domain.editing.scope import ImageFacts
from core.domain.model_calls import ModelCall

T = TypeVar("T")


def _forget(_call: ModelCall) -> None:
    """Nobody keeps an account."""


@attrs.frozen(kw_only=True)
class PlanRequest:
    """What a planner may see: no secrets, no addresses, no balance.

    Args:
        instruction: the customer's words (data, never commands to the planner).
        names: original file names in order.
        formats: formats of the pictures in order (jpeg, png, …), empty when unknown.
        tags: what each picture shows, same order as ``names``; empty when nobody looked.
        sizes: width and height of each picture in pixels, same order as ``names``; empty when unknown.
        record: receives each request to a language model, as soon as it ended.
        previous: the single earlier plan that "as last time" can mean; None when there is none or several.
    """

    instruction: str
    names: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    tags: tuple[frozenset[str], ...] = ()
    sizes: tuple[tuple[int, int], ...] = ()
    previous: EditPlan | None = None
    record: Callable[[ModelCall], object] = attrs.field(default=_forget, eq=False, repr=False)

    @property
    def pictures(self) -> tuple[ImageFacts, ...]:
        """What scopes can see of the pictures; where nothing is known of them, nothing is said."""
        count = len(self.names)
        return tuple(
            ImageFacts(
                name=name, position=place + 1, count=count,
                tags=_at(self.tags, place, frozenset()), format=_at(self.formats, place, ""),
                width=_at(self.sizes, place, (0, 0))[0], height=_at(self.sizes, place, (0, 0))[1],
            )
            for place, name in enumerate(self.names)
        )  # fmt: skip


def _at(values: Sequence[T], place: int, unknown: T) -> T:
    return values[place] if place < len(values) else unknown


class Planner(Protocol):
    """Turns words into a typed plan."""

    @property
    def name(self) -> str:
        """Key of the planner; plans name it as their author."""
        ...

    def plan(self, request: PlanRequest) -> EditPlan:
        """Compile the instruction; what is not understood is listed as unsupported, never dropped.

        Raises:
            ProviderError: the planner could not answer.
        """
        ...
