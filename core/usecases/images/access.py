"""Loading a picture that belongs to an order."""

from core.domain.images import OrderImage
from core.errors import NotFoundError
from core.ports.unit_of_work import UnitOfWork


def image_of(work: UnitOfWork, order_id: str, image_id: str, *, for_update: bool = False) -> OrderImage:
    """Return a picture of an order.

    Raises:
        NotFoundError: the order holds no such picture.
    """
    image = work.images.get(image_id, for_update=for_update)
    if image.order_id != order_id:
        raise NotFoundError("The order holds no such picture.", details={"what": "image"})
    return image
