"""Where the words stand that caused something: in the instruction, or on a line of the brief."""

from functools import cached_property

import attrs

from core.domain.briefs import Citation, cite
from core.domain.editing.fates import causes
from core.domain.editing.plan import Cause, EditPlan
from core.domain.orders import Order


@attrs.frozen(kw_only=True)
class Places:
    """The texts that a planner reads as one.

    Args:
        instruction, brief: as they were given.
        name: of the brief.
        pages: where each page begins in the text of the brief.
    """

    instruction: str = ""
    brief: str = ""
    name: str = ""
    pages: tuple[int, ...] = ()

    @cached_property
    def text(self) -> str:
        """All words that the planner reads: the instruction, then the brief; causes count their characters in it."""
        return "\n".join(part for part in (self.instruction.strip(), self.brief.strip()) if part)

    @cached_property
    def brief_at(self) -> int:
        """Where the brief begins in the text; the length of the text without a brief."""
        return len(self.text) - len(self.brief.strip())

    def place_of(self, cause: Cause) -> tuple[str, int, int]:
        """Return where words stand: ``instruction`` or ``brief``, and their offsets in that text as it was given."""
        if cause.start >= self.brief_at and self.brief_at < len(self.text):
            offset = _lead(self.brief) - self.brief_at
            return "brief", cause.start + offset, cause.end + offset
        lead = _lead(self.instruction)
        return "instruction", cause.start + lead, min(cause.end, self.brief_at) + lead

    def holds(self, cause: Cause) -> bool:
        """Whether words still stand where they did: those of an order may have been changed since it was planned."""
        return self.text[cause.start : cause.end] == cause.words

    def citation(self, cause: Cause) -> Citation | None:
        """Return page and line of words in the brief; None for words of the instruction and for words that are gone."""
        source, start, _ = self.place_of(cause)
        if source != "brief" or not self.holds(cause):
            return None
        return cite(self.brief, self.pages, start)

    def citations(self, plan: EditPlan) -> dict[Cause, Citation]:
        """Return page and line of all words in the brief that caused something."""
        found = {cause: self.citation(cause) for cause in causes(plan)}
        return {cause: cited for cause, cited in found.items() if cited is not None}


def places_of(order: Order) -> Places:
    """Return the places of an order's words."""
    return Places(instruction=order.instruction, brief=order.brief_text, name=order.brief_name, pages=order.brief_pages)


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip())
