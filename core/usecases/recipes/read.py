"""Show what a recipe would do and cost."""

import attrs

from core.domain.credits.prices import Quote
from core.domain.editing.recipe import Recipe
from core.domain.orders import MAX_IMAGES
from core.errors import InvalidInputError
from core.kernel.actor import Actor, Scope
from core.ports.clock import Clock
from core.ports.price_catalogue import PriceCatalogue
from core.ports.unit_of_work import NewReading
from core.usecases.plans.pricing import price_per_image, quote_plan
from core.usecases.recipes.keep import own_recipe


@attrs.frozen(kw_only=True)
class RecipeReading:
    """A recipe with its price for some pictures.

    Args:
        images: how many pictures the total is for.
        per_image: credits of one picture.
        available: credits that the account can spend; None for an unmetered account.
    """

    recipe: Recipe
    images: int
    per_image: int
    quote: Quote
    available: int | None

    @property
    def is_affordable(self) -> bool:
        """Whether the balance covers the total."""
        return self.available is None or self.quote.total <= self.available


@attrs.frozen(kw_only=True)
class ReadRecipe:
    """Price a recipe without storing anything."""

    new_reading: NewReading
    clock: Clock
    prices: PriceCatalogue

    def __call__(self, *, actor: Actor, name: str, images: int) -> RecipeReading:
        """Return the recipe of this name or id with its price.

        Raises:
            NotFoundError: there is none.
            InvalidInputError: code ``too_many_images`` for a count outside 0 to 100.
        """
        actor.require_scope(Scope.ORDERS_READ)
        if not 0 <= images <= MAX_IMAGES:
            raise InvalidInputError(f"An order holds up to {MAX_IMAGES} pictures.", code="too_many_images")
        with self.new_reading() as work:
            recipe = own_recipe(work, actor, name)
            account = work.ledger.account_of(recipe.owner_id)
        prices = self.prices.current(self.clock.now().date())
        return RecipeReading(
            recipe=recipe, images=images, per_image=price_per_image(prices, recipe.plan),
            quote=quote_plan(prices, recipe.plan, images=images),
            available=None if account.is_unmetered else account.available,
        )  # fmt: skip
