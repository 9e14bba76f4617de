"""Write the instruction of an order."""

import attrs

from core.domain.orders import MAX_BRIEF, MAX_INSTRUCTION, Order, clean_words
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.unit_of_work import NewWork
from core.usecases.orders.access import writable_order


@attrs.frozen(kw_only=True)
class SetInstruction:
    """Write or replace the instruction and the brief of an order."""

    new_work: NewWork
    clock: Clock

    def __call__(
        self, *, actor: Actor, order_id: str, instruction: str | None = None, brief: tuple[str, str] | None = None
    ) -> Order:
        """Store the words; a plan made from older words is dropped.

        Args:
            instruction: new text; None leaves it.
            brief: name and text of a document; None leaves it, ``("", "")`` removes it.

        Raises:
            InvalidInputError: too long.
            ConflictError: code ``order_locked``.
        """
        with self.new_work() as work:
            order = writable_order(work, actor, order_id).edited(now=self.clock.now())
            if instruction is not None:
                text = clean_words(instruction, limit=MAX_INSTRUCTION, what="instruction")
                order = attrs.evolve(order, instruction=text)
            if brief is not None:
                text = clean_words(brief[1], limit=MAX_BRIEF, what="brief")
                order = attrs.evolve(order, brief_name=brief[0][:255], brief_text=text)
            saved = work.orders.save(order)
            work.commit()
        return saved
