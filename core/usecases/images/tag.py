"""Say by hand what pictures show."""

from collections.abc import Sequence

import attrs

from core.domain.action_log import LogType
from core.domain.editing.tags import MAX_TAGS, clean_tag
from core.domain.images import OrderImage
from core.errors import InvalidInputError
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.unit_of_work import NewWork
from core.usecases.images.access import image_of
from core.usecases.journal import Journal
from core.usecases.orders.access import writable_order


@attrs.frozen(kw_only=True)
class TagImages:
    """Say what pictures show, so that words such as "the shoes" can be carried out."""

    new_work: NewWork
    clock: Clock
    journal: Journal

    def __call__(
        self, *, actor: Actor, order_id: str, image_ids: Sequence[str], tags: Sequence[str] | None = None,
        add: Sequence[str] = (), remove: Sequence[str] = (),
    ) -> tuple[OrderImage, ...]:  # fmt: skip
        """Set the tags of pictures, or add and remove some; a plan that was made before has to be made again.

        Args:
            tags: replaces what a picture has; None keeps it.

        Raises:
            InvalidInputError: code ``unknown_tag``, or ``too_many_tags`` for more than 40 of one picture.
            NotFoundError: one of them is not in the order (nothing is changed).
            ConflictError: code ``order_locked``.
        """
        wanted = None if tags is None else {clean_tag(tag) for tag in tags}
        more, less = {clean_tag(tag) for tag in add}, {clean_tag(tag) for tag in remove}
        with self.new_work() as work:
            order = work.orders.save(writable_order(work, actor, order_id).edited(now=self.clock.now()))
            changed = []
            for image_id in dict.fromkeys(image_ids):
                image = image_of(work, order_id, image_id)
                own = (set(image.tags) if wanted is None else wanted) | more
                tagged = attrs.evolve(image, tags=_checked(own - less))
                changed.append(tagged if tagged == image else work.images.save(tagged))
            message = f"{len(changed)} {'picture' if len(changed) == 1 else 'pictures'} tagged."
            data = {"tags": {image.id: list(image.tags) for image in changed}}
            self.journal.note(work, LogType.UPLOAD, order_id=order.id, actor=actor, message=message, data=data)
            work.commit()
        return tuple(changed)


def _checked(tags: set[str]) -> tuple[str, ...]:
    if len(tags) > MAX_TAGS:
        raise InvalidInputError(f"A picture has at most {MAX_TAGS} tags.", code="too_many_tags")
    return tuple(sorted(tags))
