"""Addresses that pages and answers hold."""

from core.domain.images import OrderImage
from core.domain.orders import Order

SMALL = 320


def thumbnail_url(image: OrderImage, size: int = SMALL, version: int | None = None) -> str:
    """Return where a picture is shown small; the newest version is named, so that the address may be kept.

    Args:
        size: 320, 1024, 2048 or 8192.
        version: 0 for the original, None for the newest.
    """
    number = image.latest_version if version is None else version
    return f"/api/orders/{image.order_id}/images/{image.id}/thumbnail?size={size}&version={number}"


def cover_url(order: Order, size: int = SMALL) -> str | None:
    """Return where the first picture of an order is shown small, as it is now; None without pictures."""
    if order.cover_image_id is None:
        return None
    return f"/api/orders/{order.id}/images/{order.cover_image_id}/thumbnail?size={size}"


def preview_url(order_id: str, name: str) -> str:
    """Return where a preview is shown."""
    return f"/api/orders/{order_id}/previews/{name}"
