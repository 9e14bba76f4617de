"""Plan revisions: every change of a plan is kept under a number."""

import datetime as dt
import enum

import attrs

from core.domain.editing.plan import EditPlan


class Origin(enum.StrEnum):
    """What made a revision."""

    PLANNER = "planner"
    HAND = "hand"
    ANSWER = "answer"
    RECIPE = "recipe"
    REPROCESS = "reprocess"
    RESTORED = "restored"
    AGAIN = "again"
    ASSISTANT = "assistant"


@attrs.frozen(kw_only=True)
class PlanRevision:
    """One immutable state of an order's plan; the one that ran is named by its runs."""

    order_id: str
    number: int
    plan: EditPlan
    origin: Origin
    created_at: dt.datetime
