"""What the page of a plan shows: the plan in plain words, its words in the instruction, its price and pictures."""

from collections.abc import Mapping, Sequence

import attrs

from adapters.web.marked_words import Page, Segment, legend_of, marks_of, pages_of, segments
from adapters.web.plan_views import NoteView, PlanView, plan_view
from core.domain.editing.plan import Cause, EditPlan, PlanWarning
from core.domain.editing.revision import Origin
from core.domain.images import ImageStatus, OrderImage
from core.domain.orders import Order
from core.usecases.language.failing import WITHOUT_MODEL
from core.usecases.plans.places import places_of
from core.usecases.plans.proposal import Proposal

ORIGINS = {
    Origin.PLANNER: "Read from the instruction", Origin.HAND: "Edited by hand", Origin.ANSWER: "Questions answered",
    Origin.RECIPE: "From a recipe", Origin.REPROCESS: "For a retouch", Origin.RESTORED: "Brought back",
    Origin.AGAIN: "From an earlier order", Origin.ASSISTANT: "Proposed by the assistant",
}  # fmt: skip
_NOBODY = frozenset({"hand", "recipe"})


@attrs.frozen(kw_only=True)
class BoardView:
    """Everything on the page of a plan.

    Args:
        instruction, brief: the words, each clause marked by what became of it.
        legend: the kinds of marks that stand there, and what they are called.
        reader: who read the words; empty when nobody did.
        fallback: why the language model took no part; empty when it did, or is not configured.
    """

    order: Order
    proposal: Proposal
    plan: PlanView
    instruction: tuple[Segment, ...]
    brief: tuple[Page, ...]
    legend: Mapping[str, str]
    reader: str
    fallback: str
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


def board_view(
    proposal: Proposal, images: Sequence[OrderImage], *, planned: EditPlan | None = None, labels: Mapping[str, str]
) -> BoardView:  # fmt: skip
    """Return the page of a plan.

    Args:
        planned: the plan as it was read, where it was edited since.
        labels: what people call the providers of language models, by their keys.
    """
    order, plan = proposal.order, proposal.revision.plan
    places = places_of(order)
    text = places.text
    lead = len(order.instruction.strip())

    def locate(cause: Cause) -> tuple[str, int, int]:
        # The instruction may have been changed since; then its words stand nowhere.
        return ("instruction", cause.start, cause.end) if places.holds(cause) else ("", -1, -1)

    marks = marks_of(text, plan, planned)
    at = places.brief_at - (len(order.brief_text) - len(order.brief_text.lstrip()))
    chosen = tuple(i for i in images if i.status is not ImageStatus.EXCLUDED)
    return BoardView(
        order=order, proposal=proposal, plan=_without_fallback(plan_view(plan, locate, places)), images=chosen,
        all_images=tuple(i.id for i in images),
        instruction=tuple(segments(text, marks, start=0, end=lead)),
        brief=pages_of(order.brief_text, order.brief_pages, marks, at=at) if order.brief_text.strip() else (),
        legend=legend_of(marks),
        reader=reader_of(planned or plan, labels),
        fallback=next((w.about for w in plan.warnings if is_without_model(w)), ""),
    )  # fmt: skip


def is_without_model(warning: PlanWarning | NoteView) -> bool:
    """Whether a warning says that the language model took no part."""
    return warning.about.startswith(WITHOUT_MODEL)


def _without_fallback(view: PlanView) -> PlanView:
    # It stands above the plan already.
    return attrs.evolve(view, warnings=tuple(w for w in view.warnings if not is_without_model(w)))


def reader_of(plan: EditPlan, labels: Mapping[str, str]) -> str:
    """Say who read the words of a plan; empty for plans that nobody read from words."""
    if plan.planner in _NOBODY:
        return ""
    return "the local planner" if plan.planner == "local" else labels.get(plan.planner, plan.planner)
