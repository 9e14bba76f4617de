"""Write the instruction of an order."""

import attrs

from core.domain.action_log import LogType
from core.domain.orders import MAX_BRIEF, MAX_INSTRUCTION, Order, clean_words
from core.kernel.actor import Actor, Scope
from core.ports.blob_store import BlobStore, StoredContent
from core.ports.clock import Clock
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.journal import Journal
from core.usecases.orders.access import writable_order
from core.usecases.orders.brief_files import BriefKeeper
from core.usecases.orders.read_brief import Brief
from core.usecases.plans.carried import reworded

NO_BRIEF = Brief(name="", text="")


@attrs.frozen(kw_only=True)
class SetInstruction:
    """Write or replace the instruction and the brief of an order."""

    new_work: NewWork
    blobs: BlobStore
    clock: Clock
    journal: Journal
    brief_keeper: BriefKeeper

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
            LimitReachedError: code ``quota_exceeded``: there is no room for the document.
        """
        actor.require_scope(Scope.ORDERS_WRITE)
        path = brief.path if brief is not None else None
        content = self.blobs.ingest("originals", path) if path is not None else None
        with self.new_work() as work:
            before = writable_order(work, actor, order_id)
            order = before.edited(now=self.clock.now())
            if instruction is not None:
                text = clean_words(instruction, limit=MAX_INSTRUCTION, what="instruction")
                order = attrs.evolve(order, instruction=text)
            if brief is not None:
                order = self._with_brief(work, order, brief, content)
                self._note(work, actor, order_id, brief)
            saved = work.orders.save(reworded(work, before, order))
            work.commit()
        return saved

    def _with_brief(self, work: UnitOfWork, order: Order, brief: Brief, content: StoredContent | None) -> Order:
        text = clean_words(brief.text, limit=MAX_BRIEF, what="brief")
        order = attrs.evolve(
            self.brief_keeper.drop(work, order), brief_name=brief.name[:255], brief_text=text,
            brief_pages=brief.page_starts,
        )  # fmt: skip
        if content is None:
            return order
        return self.brief_keeper.keep(work, order, content=content, name=order.brief_name, format=brief.format)

    def _note(self, work: UnitOfWork, actor: Actor, order_id: str, brief: Brief) -> None:
        pages = f", {brief.pages} page{'' if brief.pages == 1 else 's'}" if brief.pages else ""
        message = f"Brief attached: {brief.name}{pages}." if brief.name else "Brief removed."
        facts = {"format": brief.format, "characters": len(brief.text), "notes": list(brief.notes)}
        self.journal.note(work, LogType.UPLOAD, order_id=order_id, actor=actor, message=message, data=facts)
