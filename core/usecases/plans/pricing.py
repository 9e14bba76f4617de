"""What a plan costs on some pictures."""

from core.domain.credits.prices import PriceList, Quote, quote
from core.domain.editing.catalogue import find_operation
from core.domain.editing.plan import EditPlan

EDIT = "studio_edit"


def quote_plan(prices: PriceList, plan: EditPlan, *, images: int) -> Quote:
    """Price a plan: one edit per picture and run, and the hosted operations of its steps, each once per picture."""
    hosted = {key for s in plan.all_steps() if (key := find_operation(s.op).price_key) is not None}
    return quote(prices, {EDIT: images} | dict.fromkeys(sorted(hosted), images))


def price_per_image(prices: PriceList, plan: EditPlan) -> int:
    """Return the credits that one picture costs."""
    return quote_plan(prices, plan, images=1).total
