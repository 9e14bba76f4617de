"""A recipe: a plan saved under a name, to be run on new orders."""

import datetime as dt

import attrs

from core.domain.editing.plan import EditPlan
from core.errors import InvalidInputError

MAX_NAME = 80


@attrs.frozen(kw_only=True)
class Recipe:
    """A named plan without anything that belonged to one order."""

    id: str
    owner_id: str
    name: str
    plan: EditPlan
    created_at: dt.datetime


def recipe_plan(plan: EditPlan) -> EditPlan:
    """Return the plan as it can be reused: settled questions are forgotten, open ones are refused.

    Raises:
        InvalidInputError: code ``questions_open``.
    """
    if plan.open_questions:
        raise InvalidInputError("Answer the open questions before saving the plan.", code="questions_open")
    return attrs.evolve(plan, questions=(), planner="recipe")


def recipe_name(name: str) -> str:
    """Check a name.

    Raises:
        InvalidInputError: empty, too long or not printable.
    """
    clean = name.strip()
    if not clean or len(clean) > MAX_NAME or not clean.isprintable():
        raise InvalidInputError(f"A recipe needs a name of 1…{MAX_NAME} characters.", code="invalid_name")
    return clean
