"""Repositories of plan revisions and recipes."""

from typing import Protocol

from core.domain.editing.recipe import Recipe
from core.domain.editing.revision import PlanRevision


class PlanRepository(Protocol):
    """Plan revisions by order and number; they are never changed."""

    def add(self, revision: PlanRevision) -> None:
        """Store a new revision.

        Raises:
            ConflictError: the number is taken.
        """
        ...

    def get(self, order_id: str, number: int) -> PlanRevision:
        """Return a revision."""
        ...

    def next_number(self, order_id: str) -> int:
        """Return the number after the highest one of the order."""
        ...

    def list(self, order_id: str) -> tuple[PlanRevision, ...]:
        """Return all revisions of an order, oldest first."""
        ...


class RecipeRepository(Protocol):
    """Recipes by owner and name."""

    def add(self, recipe: Recipe) -> None:
        """Store a recipe.

        Raises:
            ConflictError: code ``name_taken``.
        """
        ...

    def get(self, recipe_id: str) -> Recipe:
        """Return a recipe."""
        ...

    def find(self, owner_id: str, name: str) -> Recipe | None:
        """Return the owner's recipe of this name."""
        ...

    def list(self, owner_id: str) -> tuple[Recipe, ...]:
        """Return the owner's recipes by name."""
        ...

    def delete(self, recipe_id: str) -> None:
        """Remove a recipe; orders that used it keep their plans."""
        ...
