"""Plan revisions and recipes in memory; plans are kept as documents, as a database keeps them."""

from operator import attrgetter
from typing import Any

import attrs

from adapters.storage.documents import read_json, write_json
from adapters.storage.errors import duplicate, stale
from adapters.storage.memory.transaction import Transaction
from core.domain.editing.document import from_document, to_document
from core.domain.editing.plan import EditPlan
from core.domain.editing.recipe import Recipe
from core.domain.editing.revision import PlanRevision


class MemoryPlans:
    """Plan revisions by order and number."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, revision: PlanRevision) -> None:
        """Store a new revision."""
        self._transaction.require(orders=revision.order_id)
        if not self._transaction.add("plans", (revision.order_id, revision.number), _kept(revision)):
            raise stale("plan")

    def get(self, order_id: str, number: int) -> PlanRevision:
        """Return a revision."""
        revision: PlanRevision = _read(self._transaction.get("plans", (order_id, number), "plan"))
        return revision

    def next_number(self, order_id: str) -> int:
        """Return the number after the highest one of the order."""
        return max((number for known, number in self._transaction.read("plans") if known == order_id), default=0) + 1

    def list(self, order_id: str) -> tuple[PlanRevision, ...]:
        """Return all revisions of an order, oldest first."""
        keys = sorted(key for key in self._transaction.read("plans") if key[0] == order_id)
        return tuple(self.get(*key) for key in keys)


class MemoryRecipes:
    """Recipes by owner and name."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, recipe: Recipe) -> None:
        """Store a recipe."""
        self._transaction.require(users=recipe.owner_id)
        if self.find(recipe.owner_id, recipe.name) or not self._transaction.add("recipes", recipe.id, _kept(recipe)):
            raise duplicate("name_taken", "There is a recipe of this name.")

    def get(self, recipe_id: str) -> Recipe:
        """Return a recipe."""
        recipe: Recipe = _read(self._transaction.get("recipes", recipe_id, "recipe"))
        return recipe

    def find(self, owner_id: str, name: str) -> Recipe | None:
        """Return the owner's recipe of this name."""
        return next((recipe for recipe in self.list(owner_id) if recipe.name == name), None)

    def list(self, owner_id: str) -> tuple[Recipe, ...]:
        """Return the owner's recipes by name."""
        mine = [recipe for recipe, document in self._transaction.rows("recipes") if recipe.owner_id == owner_id]
        return tuple(self.get(recipe.id) for recipe in sorted(mine, key=attrgetter("name")))

    def delete(self, recipe_id: str) -> None:
        """Remove a recipe."""
        self.get(recipe_id)
        del self._transaction.write("recipes")[recipe_id]


_NO_PLAN = EditPlan()


def _kept(entity: Any) -> tuple[Any, str]:
    return attrs.evolve(entity, plan=_NO_PLAN), write_json(to_document(entity.plan))


def _read(kept: tuple[Any, str]) -> Any:
    entity, document = kept
    return attrs.evolve(entity, plan=from_document(read_json(document)))
