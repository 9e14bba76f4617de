"""Recipes: a plan under a name."""

import attrs
import pytest

from core.domain.editing.plan import EditPlan, Question
from core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.kernel.actor import Actor, Scope
from core.usecases.plans.submit import SubmitOrder
from core.usecases.recipes.keep import DeleteRecipe, GetRecipe, ListRecipes, SaveRecipe
from tests.fakes import brighter
from tests.studio import Studio


def test_the_plan_of_an_order_is_saved_and_run_again(studio: Studio, ada: Actor) -> None:
    first = studio.finished(ada, "one.jpg", plan=brighter(2))
    recipe = studio.use(SaveRecipe)(actor=ada, name="Shop look", order_id=first.id)
    assert studio.use(GetRecipe)(actor=ada, name="Shop look") == recipe
    assert studio.use(GetRecipe)(actor=ada, name=recipe.id) == recipe
    order = studio.draft(ada, "two.jpg", instruction="")
    proposal = studio.use(SubmitOrder)(actor=ada, order_id=order.id, plan=recipe.plan)
    assert proposal.revision.plan.steps == brighter(2).steps


def test_names_are_unique_for_their_owner_only(studio: Studio, ada: Actor) -> None:
    save, bob = studio.use(SaveRecipe), studio.customer("bob@example.com")
    save(actor=ada, name="Shop", plan=brighter())
    with pytest.raises(ConflictError) as refused:
        save(actor=ada, name="Shop", plan=brighter(1))
    assert refused.value.code == "name_taken"
    save(actor=bob, name="Shop", plan=brighter(2))
    assert [r.plan.steps for r in studio.use(ListRecipes)(actor=ada)] == [brighter().steps]


def test_what_cannot_be_run_is_not_saved(studio: Studio, ada: Actor) -> None:
    save, draft = studio.use(SaveRecipe), studio.draft(ada)
    for name in ("", "x" * 200):
        with pytest.raises(InvalidInputError):
            save(actor=ada, name=name, plan=brighter())
    with pytest.raises(InvalidInputError):
        save(actor=ada, name="Open", plan=EditPlan(questions=(Question(key="q", about="Which?"),)))
    for order_id in (draft.id, None, "0" * 26):
        with pytest.raises(NotFoundError):
            save(actor=ada, name="None", order_id=order_id)
    assert studio.use(ListRecipes)(actor=ada) == ()


def test_recipes_of_others_look_missing(studio: Studio, ada: Actor) -> None:
    bob = studio.customer("bob@example.com")
    order = studio.finished(bob, "one.jpg")
    recipe = studio.use(SaveRecipe)(actor=bob, name="Secret", order_id=order.id)
    for name in ("Secret", recipe.id):
        with pytest.raises(NotFoundError):
            studio.use(GetRecipe)(actor=ada, name=name)
        with pytest.raises(NotFoundError):
            studio.use(DeleteRecipe)(actor=ada, name=name)
    with pytest.raises(NotFoundError):
        studio.use(SaveRecipe)(actor=ada, name="Theirs", order_id=order.id)


def test_removing_leaves_orders_as_they_are(studio: Studio, ada: Actor) -> None:
    recipe = studio.use(SaveRecipe)(actor=ada, name="Shop", plan=brighter())
    order = studio.planned(ada, plan=recipe.plan).order
    reader = attrs.evolve(ada, scopes=frozenset({Scope.ORDERS_READ}))
    with pytest.raises(NotAllowedError):
        studio.use(DeleteRecipe)(actor=reader, name="Shop")
    studio.use(DeleteRecipe)(actor=ada, name="Shop")
    with pytest.raises(NotFoundError):
        studio.use(GetRecipe)(actor=ada, name="Shop")
    assert studio.order(order.id).plan_revision == 1
