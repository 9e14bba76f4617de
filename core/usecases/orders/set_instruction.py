"""Write the instruction of an order."""

import attrs

from core.domain.action_log import LogType
from core.domain.orders import MAX_BRIEF, MAX_INSTRUCTION, Order, clean_words
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.journal import Journal
from core.usecases.orders.access import writable_order
from core.usecases.orders.read_brief import Brief
from core.usecases.plans.carried import reworded

NO_BRIEF = Brief(name="", text="")


@attrs.frozen(kw_only=True)
class SetInstruction:
    """Write or replace the instruction and the brief of an order."""

    new_work: NewWork
    clock: Clock
    journal: Journal

    def __call__(
        self, *, actor: Actor, order_id: str, instruction: str | None = None, brief: Brief | None = None
    ) -> Order:
        """Store the words; a plan made from older words is dropped.

        Args:
            instruction: new text; None leaves it.
            brief: a document; it takes the place of an earlier one and is written to the action log. None leaves
                it, ``NO_BRIEF`` removes it.

        Raises:
            InvalidInputError: too long.
            ConflictError: code ``order_locked``.
        """
        with self.new_work() as work:
            before = writable_order(work, actor, order_id)
            order = before.edited(now=self.clock.now())
            if instruction is not None:
                text = clean_words(instruction, limit=MAX_INSTRUCTION, what="instruction")
                order = attrs.evolve(order, instruction=text)
            if brief is not None:
                text = clean_words(brief.text, limit=MAX_BRIEF, what="brief")
                order = attrs.evolve(order, brief_name=brief.name[:255], brief_text=text)
                self._note(work, actor, order_id, brief)
            saved = work.orders.save(reworded(work, before, order))
            work.commit()
        return saved

    def _note(self, work: UnitOfWork, actor: Actor, order_id: str, brief: Brief) -> None:
        pages = f", {brief.pages} page{'' if brief.pages == 1 else 's'}" if brief.pages else ""
        message = f"Brief attached: {brief.name}{pages}." if brief.name else "Brief removed."
        facts = {"format": brief.format, "characters": len(brief.text), "notes": list(brief.notes)}
        self.journal.note(work, LogType.UPLOAD, order_id=order_id, actor=actor, message=message, data=facts)
