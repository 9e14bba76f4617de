"""What the page of a plan shows: the plan in plain words, its words in the instruction, its price and pictures."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import attrs

from adapters.web.plan_views import PlanView, WordsView, plan_view
from core.domain.briefs import SOFT_BREAK
from core.domain.editing.plan import Cause
from core.domain.editing.revision import Origin
from core.domain.images import ImageStatus, OrderImage
from core.domain.orders import Order
from core.usecases.plans.places import places_of
from core.usecases.plans.proposal import Proposal

ORIGINS = {
    Origin.PLANNER: "Read from the instruction", Origin.HAND: "Edited by hand", Origin.ANSWER: "Questions answered",
    Origin.RECIPE: "From a recipe", Origin.REPROCESS: "For a retouch", Origin.RESTORED: "Brought back",
    Origin.AGAIN: "From an earlier order", Origin.ASSISTANT: "Proposed by the assistant",
}  # fmt: skip


@attrs.frozen(kw_only=True)
class Segment:
    """A stretch of the instruction; marked where its words caused something."""

    text: str
    start: int = 0
    end: int = 0
    is_marked: bool = False


@attrs.frozen(kw_only=True)
class BoardView:
    """Everything on the page of a plan."""

    order: Order
    proposal: Proposal
    plan: PlanView
    instruction: tuple[Segment, ...]
    brief: tuple[Segment, ...]
    images: tuple[OrderImage, ...]
    all_images: tuple[str, ...]

    @property
    def left_out(self) -> int:
        """How many pictures of the order are not worked on."""
        return len(self.all_images) - len(self.images)

    @property
    def revision(self) -> int:
        """Number of the plan that is shown."""
        return self.proposal.revision.number

    @property
    def origin(self) -> str:
        """What made this plan, in plain words."""
        return ORIGINS[self.proposal.revision.origin]

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the deliverables, at least one."""
        return self.proposal.revision.plan.output_names

    @property
    def has_outputs(self) -> bool:
        """Whether the plan names outputs itself."""
        return bool(self.proposal.revision.plan.outputs)

    @property
    def per_image(self) -> int:
        """Credits of one picture."""
        return self.proposal.quote.total // self.proposal.images if self.proposal.images else 0

    @property
    def affordable(self) -> int:
        """How many pictures the balance pays for."""
        available, price = self.proposal.available, self.per_image
        return self.proposal.images if available is None or price == 0 else available // price

    @property
    def missing(self) -> int:
        """Credits that are missing."""
        return max(0, self.proposal.quote.total - (self.proposal.available or 0))

    @property
    def can_confirm(self) -> bool:
        """Whether the work could start now."""
        is_settled = not self.proposal.revision.plan.open_questions
        return is_settled and self.proposal.is_affordable and not self.plan.is_empty


def board_view(proposal: Proposal, images: Sequence[OrderImage]) -> BoardView:
    """Return the page of a plan."""
    order, plan = proposal.order, proposal.revision.plan
    lead, text = order.instruction.strip(), order.wish

    def locate(cause: Cause) -> tuple[str, int, int]:
        # The instruction may have been changed since; then its words stand nowhere.
        is_there = text[cause.start : cause.end] == cause.words
        return ("instruction", cause.start, cause.end) if is_there else ("", -1, -1)

    shown = plan_view(plan, locate, places_of(order))
    causes = [c for c in _causes(shown) if c.source]
    at = len(text) - len(order.brief_text.strip())
    chosen = tuple(i for i in images if i.status is not ImageStatus.EXCLUDED)
    return BoardView(
        order=order, proposal=proposal, plan=shown, images=chosen, all_images=tuple(i.id for i in images),
        instruction=tuple(segments(text, causes, start=0, end=len(lead))),
        brief=tuple(segments(text, causes, start=at, end=len(text))),
    )  # fmt: skip


class Caused(Protocol):
    """Something with the words that caused it."""

    @property
    def cause(self) -> WordsView | None:
        """The words, or None."""
        ...


def _causes(shown: PlanView) -> Iterator[WordsView]:
    parts: tuple[Caused, ...] = (
        *(s for g in shown.groups for s in g.steps), *shown.questions, *shown.assumptions, *shown.warnings,
        *shown.kept, *shown.left_out,
    )  # fmt: skip
    yield from (p.cause for p in parts if p.cause is not None)


def segments(text: str, causes: Iterable[WordsView], *, start: int, end: int) -> Iterator[Segment]:
    """Cut a text where words begin or end that caused something."""
    spans = sorted({(max(c.start, start), min(c.end, end)) for c in causes if c.start < end and c.end > start})
    cuts = sorted({start, end, *(edge for span in spans for edge in span)})
    for left, right in itertools.pairwise(cuts):
        is_marked = any(a <= left and right <= b for a, b in spans)
        yield Segment(text=text[left:right].replace(SOFT_BREAK, "\n"), start=left, end=right, is_marked=is_marked)
