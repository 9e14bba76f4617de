"""Approve, flag and reopen finished pictures."""

from collections.abc import Callable, Sequence

import attrs

from core.domain.action_log import LogType
from core.domain.images import OrderImage
from core.domain.orders import clean_words
from core.kernel.actor import Actor
from core.ports.unit_of_work import NewWork
from core.usecases.images.access import image_of
from core.usecases.journal import Journal
from core.usecases.orders.access import writable_order

MAX_NOTE = 2000


@attrs.frozen(kw_only=True)
class _Verdict:
    kind: LogType
    event: str
    words: str
    change: Callable[[OrderImage], OrderImage]


@attrs.frozen(kw_only=True)
class _Reviewer:
    new_work: NewWork
    journal: Journal

    def judge(
        self, *, actor: Actor, order_id: str, image_ids: Sequence[str], verdict: _Verdict
    ) -> tuple[OrderImage, ...]:
        with self.new_work() as work:
            writable_order(work, actor, order_id)
            changed = []
            for image_id in image_ids:
                image = image_of(work, order_id, image_id, for_update=True)
                saved = work.images.save(verdict.change(image))
                changed.append(saved)
                message = f"{image.original_name} {verdict.words}."
                self.journal.note(
                    work, verdict.kind, order_id=order_id, actor=actor, image_id=image.id,
                    version=image.latest_version, message=message, prompt=saved.note,
                )  # fmt: skip
                self.journal.tell(work, verdict.event, order_id=order_id, image=image.id, status=saved.status.value)
            work.commit()
        return tuple(changed)


@attrs.frozen(kw_only=True)
class ApproveImages(_Reviewer):
    """Approve finished pictures for delivery."""

    def __call__(
        self, *, actor: Actor, order_id: str, image_ids: Sequence[str], version: int | None = None
    ) -> tuple[OrderImage, ...]:
        """Approve the newest version of each picture, or the named one; all or none.

        Raises:
            InvalidInputError: code ``unknown_version``.
            InvalidTransitionError: a picture is not finished.
        """
        verdict = _Verdict(
            kind=LogType.APPROVE, event="ImageApproved", words="approved", change=lambda i: i.approve(version)
        )
        return self.judge(actor=actor, order_id=order_id, image_ids=image_ids, verdict=verdict)


@attrs.frozen(kw_only=True)
class FlagImages(_Reviewer):
    """Put finished pictures on the retouch list."""

    def __call__(
        self, *, actor: Actor, order_id: str, image_ids: Sequence[str], note: str = ""
    ) -> tuple[OrderImage, ...]:
        """Flag the pictures with what is wrong; all or none.

        Raises:
            InvalidTransitionError: a picture is not finished.
        """
        words = clean_words(note, limit=MAX_NOTE, what="note")
        verdict = _Verdict(
            kind=LogType.FLAG, event="ImageFlagged", words="flagged for retouch", change=lambda i: i.flag(words)
        )
        return self.judge(actor=actor, order_id=order_id, image_ids=image_ids, verdict=verdict)


@attrs.frozen(kw_only=True)
class ReopenImages(_Reviewer):
    """Take back an approval or a flag."""

    def __call__(self, *, actor: Actor, order_id: str, image_ids: Sequence[str]) -> tuple[OrderImage, ...]:
        """Return the pictures to review; all or none.

        Raises:
            InvalidTransitionError: a picture is neither approved nor flagged.
        """
        verdict = _Verdict(kind=LogType.APPROVE, event="ImageReopened", words="reopened", change=lambda i: i.reopen())
        return self.judge(actor=actor, order_id=order_id, image_ids=image_ids, verdict=verdict)
