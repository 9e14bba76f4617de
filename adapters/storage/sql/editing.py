"""Plan revisions and recipes in SQL; plans are documents."""

from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select

from adapters.storage.errors import duplicate, missing, stale
from adapters.storage.sql.session import Session, found, unique_insert
from adapters.storage.sql.tables.editing import plan_revision, recipe
from core.domain.editing.document import from_document, to_document
from core.domain.editing.recipe import Recipe
from core.domain.editing.revision import Origin, PlanRevision

_p, _r = plan_revision.c, recipe.c
_ADD_PLAN = unique_insert(plan_revision)
_PLAN = select(plan_revision).where(_p.order_id == bindparam("order_id"), _p.number == bindparam("number"))
_PLANS = select(plan_revision).where(_p.order_id == bindparam("order_id")).order_by(_p.number)
_LAST = select(func.coalesce(func.max(_p.number), 0)).where(_p.order_id == bindparam("order_id"))

_ADD_RECIPE = unique_insert(recipe)
_RECIPE = select(recipe).where(_r.id == bindparam("id"))
_RECIPE_BY_NAME = select(recipe).where(_r.owner_id == bindparam("owner_id"), _r.name == bindparam("name"))
_RECIPES = select(recipe).where(_r.owner_id == bindparam("owner_id")).order_by(_r.name)
_DELETE = delete(recipe).where(_r.id == bindparam("id"))


class SqlPlans:
    """Plan revisions by order and number; the database refuses to change them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, revision: PlanRevision) -> None:
        """Store a new revision."""
        values = {
            "order_id": revision.order_id,
            "number": revision.number,
            "document": to_document(revision.plan),
            "origin": revision.origin.value,
            "created_at": revision.created_at,
        }
        if not self._session.add(_ADD_PLAN, values):
            raise stale("plan")

    def get(self, order_id: str, number: int) -> PlanRevision:
        """Return a revision."""
        return _revision(found(self._session.first(_PLAN, {"order_id": order_id, "number": number}), "plan"))

    def next_number(self, order_id: str) -> int:
        """Return the number after the highest one of the order."""
        return int(self._session.scalar(_LAST, {"order_id": order_id})) + 1

    def list(self, order_id: str) -> tuple[PlanRevision, ...]:
        """Return all revisions of an order, oldest first."""
        return tuple(_revision(row) for row in self._session.all(_PLANS, {"order_id": order_id}))


class SqlRecipes:
    """Recipes by owner and name."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, recipe: Recipe) -> None:
        """Store a recipe."""
        values = {
            "id": recipe.id,
            "owner_id": recipe.owner_id,
            "name": recipe.name,
            "document": to_document(recipe.plan),
            "created_at": recipe.created_at,
        }
        if not self._session.add(_ADD_RECIPE, values):
            raise duplicate("name_taken", "There is a recipe of this name.")

    def get(self, recipe_id: str) -> Recipe:
        """Return a recipe."""
        return _recipe(found(self._session.first(_RECIPE, {"id": recipe_id}), "recipe"))

    def find(self, owner_id: str, name: str) -> Recipe | None:
        """Return the owner's recipe of this name."""
        row = self._session.first(_RECIPE_BY_NAME, {"owner_id": owner_id, "name": name})
        return None if row is None else _recipe(row)

    def list(self, owner_id: str) -> tuple[Recipe, ...]:
        """Return the owner's recipes by name."""
        return tuple(_recipe(row) for row in self._session.all(_RECIPES, {"owner_id": owner_id}))

    def delete(self, recipe_id: str) -> None:
        """Remove a recipe."""
        if self._session.change(_DELETE, {"id": recipe_id}) != 1:
            raise missing("recipe")


def _revision(row: Row[Any]) -> PlanRevision:
    return PlanRevision(
        order_id=row.order_id,
        number=row.number,
        plan=from_document(row.document),
        origin=Origin(row.origin),
        created_at=row.created_at,
    )


def _recipe(row: Row[Any]) -> Recipe:
    return Recipe(
        id=row.id, owner_id=row.owner_id, name=row.name, plan=from_document(row.document), created_at=row.created_at
    )
