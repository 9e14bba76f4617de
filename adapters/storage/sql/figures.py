"""Counts over the whole installation, for monitoring."""

from collections.abc import Mapping

import attrs
from sqlalchemy import func, select

from adapters.storage.sql.engine import Database
from adapters.storage.sql.tables.ledger import credit_account
from adapters.storage.sql.tables.orders import order_total
from adapters.storage.sql.tables.runs import run, run_item
from core.domain.runs import ItemState

_ORDERS = select(order_total.c.status, func.sum(order_total.c.orders)).group_by(order_total.c.status)
_OPEN = (ItemState.QUEUED.value, ItemState.RUNNING.value)
# The partial index over work that has not ended answers this; what has ended is summed up in the runs.
_ITEMS = select(run_item.c.state, func.count()).where(run_item.c.state.in_(_OPEN)).group_by(run_item.c.state)
_ENDED = select(func.sum(run.c.done_items), func.sum(run.c.failed_items))
_CREDITS = select(func.sum(credit_account.c.posted), func.sum(credit_account.c.held))


@attrs.frozen(kw_only=True)
class Figures:
    """How much there is.

    Args:
        orders: by status.
        items: pictures of runs by state; cancelled ones are not counted.
        credits: posted and held credits of all customers together.
    """

    orders: Mapping[str, int]
    items: Mapping[str, int]
    credits: Mapping[str, int]


def count_everything(database: Database) -> Figures:
    """Count orders, pictures in work and credits."""
    with database.connect() as connection:
        orders = {str(status): int(count) for status, count in connection.execute(_ORDERS) if count}
        open_items = {str(state): int(count) for state, count in connection.execute(_ITEMS)}
        done, failed = connection.execute(_ENDED).one()
        posted, held = connection.execute(_CREDITS).one()
    return Figures(
        orders=orders,
        items=dict.fromkeys(_OPEN, 0) | open_items | {"done": int(done or 0), "failed": int(failed or 0)},
        credits={"posted": int(posted or 0), "held": int(held or 0)},
    )
