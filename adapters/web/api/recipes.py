"""Recipes: saved plans."""

from typing import Any

from adapters.web.api.base import described, make_blueprint
from adapters.web.responses import Done, Envelope
from adapters.web.schemas.plans import RecipeCreate, RecipeOut
from adapters.web.security import actor, application
from core.domain.editing.document import from_document, to_document
from core.domain.editing.recipe import Recipe
from core.kernel.actor import Scope
from core.usecases.recipes.keep import DeleteRecipe, GetRecipe, ListRecipes, SaveRecipe

blueprint = make_blueprint("recipes", tag="Recipes", about="Plans that are kept to be run on other pictures.")


class RecipeAnswer(Envelope[RecipeOut]):
    """One recipe."""


class RecipesAnswer(Envelope[list[RecipeOut]]):
    """Recipes by name."""


def _view(recipe: Recipe) -> dict[str, Any]:
    return {"id": recipe.id, "name": recipe.name, "plan": to_document(recipe.plan), "created_at": recipe.created_at}


@blueprint.get("/recipes")
@blueprint.output(RecipesAnswer)
@blueprint.doc(**described(scope=Scope.ORDERS_READ))
def list_recipes() -> dict[str, Any]:
    """List one's recipes."""
    return {"data": [_view(r) for r in application().use(ListRecipes)(actor=actor())]}


@blueprint.post("/recipes")
@blueprint.input(RecipeCreate)
@blueprint.output(RecipeAnswer, status_code=201)
@blueprint.doc(**described(404, 409, 422, scope=Scope.ORDERS_WRITE))
def save_recipe(json_data: RecipeCreate) -> dict[str, Any]:
    """Save a plan under a name, to be run on new orders."""
    plan = from_document(json_data.plan) if json_data.plan is not None else None
    save = application().use(SaveRecipe)
    return {"data": _view(save(actor=actor(), name=json_data.name, order_id=json_data.order_id, plan=plan))}


@blueprint.get("/recipes/<word:name>")
@blueprint.output(RecipeAnswer)
@blueprint.doc(**described(404, scope=Scope.ORDERS_READ))
def get_recipe(name: str) -> dict[str, Any]:
    """Show a recipe by its name or id."""
    return {"data": _view(application().use(GetRecipe)(actor=actor(), name=name))}


@blueprint.delete("/recipes/<word:name>")
@blueprint.output(Done)
@blueprint.doc(**described(404, scope=Scope.ORDERS_WRITE))
def delete_recipe(name: str) -> dict[str, Any]:
    """Remove a recipe; orders that used it keep their plans."""
    application().use(DeleteRecipe)(actor=actor(), name=name)
    return {}
