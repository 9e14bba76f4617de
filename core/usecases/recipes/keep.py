"""Save a plan as a recipe, list recipes, remove one."""

import attrs

from core.domain.editing.plan import EditPlan, check_plan
from core.domain.editing.recipe import Recipe, recipe_name, recipe_plan
from core.errors import NotFoundError
from core.kernel.actor import Action, Actor, Scope, require_access
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.unit_of_work import NewReading, NewWork, UnitOfWork
from core.usecases.orders.access import readable_order


def own_recipe(work: UnitOfWork, actor: Actor, name: str) -> Recipe:
    """Return the actor's recipe by name or id.

    Raises:
        NotFoundError: there is none.
    """
    found = work.recipes.find(actor.user_id, name)
    if found is None:
        found = next((r for r in work.recipes.list(actor.user_id) if r.id == name), None)
    if found is None:
        raise NotFoundError(f"There is no recipe {name!r}.", details={"what": "recipe", "name": name})
    require_access(actor, Action.READ, owner_id=found.owner_id, what="recipe")
    return found


@attrs.frozen(kw_only=True)
class SaveRecipe:
    """Save a plan under a name, to be run on new orders."""

    new_work: NewWork
    clock: Clock
    ids: IdGenerator

    def __call__(self, *, actor: Actor, name: str, order_id: str | None = None, plan: EditPlan | None = None) -> Recipe:
        """Save the current plan of an order, or a given plan.

        Raises:
            InvalidInputError: a bad name, or open questions in the plan.
            ConflictError: code ``name_taken``.
            NotFoundError: no such order, or it has no plan.
        """
        actor.require_scope(Scope.ORDERS_WRITE)
        with self.new_work() as work:
            if plan is None:
                order = readable_order(work, actor, order_id or "")
                plan = work.plans.get(order.id, order.plan_revision).plan
            recipe = Recipe(
                id=self.ids.new(), owner_id=actor.user_id, name=recipe_name(name), plan=recipe_plan(check_plan(plan)),
                created_at=self.clock.now(),
            )  # fmt: skip
            work.recipes.add(recipe)
            work.commit()
        return recipe


@attrs.frozen(kw_only=True)
class ListRecipes:
    """List one's recipes."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor) -> tuple[Recipe, ...]:
        """Return the recipes by name."""
        actor.require_scope(Scope.ORDERS_READ)
        with self.new_reading() as work:
            return work.recipes.list(actor.user_id)


@attrs.frozen(kw_only=True)
class GetRecipe:
    """Show a recipe."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, name: str) -> Recipe:
        """Return the recipe of this name or id.

        Raises:
            NotFoundError: there is none.
        """
        actor.require_scope(Scope.ORDERS_READ)
        with self.new_reading() as work:
            return own_recipe(work, actor, name)


@attrs.frozen(kw_only=True)
class DeleteRecipe:
    """Remove a recipe; orders that used it keep their plans."""

    new_work: NewWork

    def __call__(self, *, actor: Actor, name: str) -> None:
        """Remove the recipe of this name or id.

        Raises:
            NotFoundError: there is none.
        """
        actor.require_scope(Scope.ORDERS_WRITE)
        with self.new_work() as work:
            work.recipes.delete(own_recipe(work, actor, name).id)
            work.commit()
