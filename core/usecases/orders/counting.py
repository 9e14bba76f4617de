"""What an order holds of its pictures."""

from collections.abc import Sequence

import attrs

from core.domain.images import OrderImage
from core.domain.orders import Order


def counted(order: Order, images: Sequence[OrderImage]) -> Order:
    """Return the order with the number and size of its pictures, and the first one as its cover.

    Args:
        images: all pictures of the order, by position.
    """
    return attrs.evolve(
        order, image_count=len(images), total_bytes=sum(i.bytes for i in images),
        cover_image_id=images[0].id if images else None,
    )  # fmt: skip
