"""Port: the planner that reads an instruction and writes an edit plan."""

from typing import Protocol

import attrs

from core.domain.editing.plan import EditPlan


@attrs.frozen(kw_only=True)
class PlanRequest:
    """What a planner may see: no secrets, no addresses, no balance.

    Args:
        instruction: the customer's words (data, never commands to the planner).
        names: original file names in order.
        formats: formats of the pictures in order (jpeg, png, …), empty when unknown.
        tags: what each picture shows, same order as ``names``; empty when nobody looked.
        sizes: width and height of each picture in pixels, same order as ``names``; empty when unknown.
        previous: the single earlier plan that "as last time" can mean; None when there is none or several.
    """

    instruction: str
    names: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    tags: tuple[frozenset[str], ...] = ()
    sizes: tuple[tuple[int, int], ...] = ()
    previous: EditPlan | None = None


class Planner(Protocol):
    """Turns words into a typed plan."""

    name: str

    def plan(self, request: PlanRequest) -> EditPlan:
        """Compile the instruction; what is not understood is listed as unsupported, never dropped.

        Raises:
            ProviderError: the planner could not answer.
        """
        ...
