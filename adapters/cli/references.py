"""Naming a picture of an order: by its id, its number or its file name."""

from collections.abc import Sequence
from pathlib import PurePath

from adapters.cli.session import Session
from core.domain.images import OrderImage
from core.errors import InvalidInputError, NotFoundError
from core.usecases.queries.orders import GetOrder

ALL = "all"


def find_images(session: Session, order_id: str, references: Sequence[str]) -> list[str]:
    """Return the ids of pictures; ``all`` stands for every picture of the order.

    Raises:
        NotFoundError: no picture is meant.
        InvalidInputError: code ``ambiguous``, when several have that name.
    """
    images = session.use(GetOrder)(actor=session.actor, order_id=order_id).images
    if tuple(references) == (ALL,):
        return [image.id for image in images]
    return [_find(images, reference).id for reference in references]


def _find(images: Sequence[OrderImage], reference: str) -> OrderImage:
    for matches in (
        [i for i in images if i.id == reference.lower()],
        [i for i in images if i.original_name == reference],
        [i for i in images if reference.isdecimal() and i.position == int(reference)],
        [i for i in images if PurePath(i.original_name).stem.casefold() == PurePath(reference).stem.casefold()],
    ):
        if len(matches) > 1:
            ids = ", ".join(f"number {i.position}" for i in matches)
            raise InvalidInputError(f"{reference!r} is the name of {ids}; use the number.", code="ambiguous")
        if matches:
            return matches[0]
    raise NotFoundError(f"The order holds no picture {reference!r}.", details={"what": "image", "image": reference})
