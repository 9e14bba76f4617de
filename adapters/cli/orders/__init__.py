"""``i2i order``: orders from draft to delivery."""

from adapters.cli.orders import delivery, drafts, planning, reading, review, summary, work
from adapters.cli.orders.group import order

__all__ = ["delivery", "drafts", "order", "planning", "reading", "review", "summary", "work"]
