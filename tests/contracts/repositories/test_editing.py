"""Plans and recipes are kept as documents."""

import attrs
import pytest

from core.domain.editing.document import to_document
from core.domain.editing.plan import Assumption, Cause, EditPlan, Option, Output, Question, Step
from core.domain.editing.revision import Origin
from core.errors import ConflictError, NotFoundError
from tests.factories import HOUR, NOW, Seed, make_plan, make_recipe, make_revision
from tests.support.databases import AnyDatabase

RICH = EditPlan(
    steps=(Step(op="background.remove", cause=Cause(start=0, end=5, words="weißer")).checked(),),
    outputs=(Output(name="web", folder="shop/web"),),
    assumptions=(Assumption(about="White means #ffffff."),),
    questions=(Question(key="size", about="How large?", options=(Option(key="s", label="Small"),), default="s"),),
    explanation="鞋",
    planner="local",
)


def test_plans_come_back_as_they_were(database: AnyDatabase) -> None:
    with database.new_work() as work:
        order, other = Seed(work).order(), Seed(work).order()
        assert work.plans.next_number(order.id) == 1
        revisions = [
            make_revision(order.id, number=number, plan=plan, origin=origin, created_at=NOW + number * HOUR)
            for number, plan, origin in (
                (1, RICH, Origin.PLANNER),
                (2, make_plan(), Origin.HAND),
                (10, RICH, Origin.RECIPE),
            )
        ]
        for revision in (*revisions, make_revision(other.id)):
            work.plans.add(revision)
        assert work.plans.get(order.id, 1) == revisions[0]
        assert to_document(work.plans.get(order.id, 1).plan) == to_document(RICH)
        assert work.plans.list(order.id) == tuple(revisions)
        assert work.plans.next_number(order.id) == 11
        with pytest.raises(NotFoundError):
            work.plans.get(order.id, 3)


def test_a_number_is_taken_once(database: AnyDatabase) -> None:
    with database.new_work() as work:
        order = Seed(work).order()
        work.plans.add(make_revision(order.id))
        with pytest.raises(ConflictError):
            work.plans.add(make_revision(order.id, plan=RICH))
        assert work.plans.get(order.id, 1).plan == make_plan()
        with pytest.raises(ConflictError):
            work.plans.add(make_revision("none"))


def test_recipes_by_name(database: AnyDatabase) -> None:
    with database.new_work() as work:
        owner, other = Seed(work).user().id, Seed(work).user().id
        b, a, foreign = (
            make_recipe(owner, name="b", plan=RICH),
            make_recipe(owner, name="a"),
            make_recipe(other, name="a"),
        )
        for recipe in (b, a, foreign):
            work.recipes.add(recipe)
        assert work.recipes.get(b.id) == b
        assert work.recipes.find(owner, "a") == a
        assert work.recipes.find(owner, "A") is None
        assert work.recipes.list(owner) == (a, b)
        with pytest.raises(ConflictError) as refused:
            work.recipes.add(make_recipe(owner, name="a"))
        assert refused.value.code == "name_taken"
        work.recipes.delete(a.id)
        assert work.recipes.list(owner) == (b,)
        for unknown in (lambda: work.recipes.get(a.id), lambda: work.recipes.delete(a.id)):
            with pytest.raises(NotFoundError):
                unknown()
        work.recipes.add(attrs.evolve(a, plan=RICH))
        assert work.recipes.find(owner, "a") == attrs.evolve(a, plan=RICH)
