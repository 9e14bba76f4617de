"""Lay what others prepared over a plan: a recipe, or the wishes of a marketplace."""

from collections.abc import Callable
from typing import Any

import attrs

from core.domain.compliance import MarketplaceProfile, Preset
from core.domain.editing.edits import add_output
from core.domain.editing.merge import merge
from core.domain.editing.plan import EditPlan, Output, Step, check_plan
from core.domain.editing.revision import Origin
from core.kernel.actor import Actor
from core.ports.profiles import ProfileCatalogue
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.journal import Journal
from core.usecases.plans.proposal import Proposal, Proposer
from core.usecases.plans.revise import note_plan, planned_order
from core.usecases.recipes.keep import own_recipe


def profile_steps(profile: MarketplaceProfile) -> tuple[Step, ...]:
    """Return the steps that make a picture what a marketplace asks for, and the check of its rules."""
    preset = profile.preset
    steps: list[Step] = []
    if preset.background is not None:
        steps.append(Step(op="background.remove"))
        steps.append(Step(op="background.set", params={"mode": "colour", "colour": preset.background}))
    canvas = _canvas(preset)
    if canvas:
        steps.append(Step(op="canvas", params=canvas))
    if preset.fill_min and preset.background is not None:
        fill = min((preset.fill_min + (preset.fill_max or 1.0)) / 2, preset.fill_min + 0.05)
        steps.append(Step(op="subject.place", params={"fill": round(100 * fill, 1), "fill_axis": "longest"}))
    export = _export(preset)
    if export:
        steps.append(Step(op="export", params=export))
    return (*steps, Step(op="check", params={"profile": profile.id, "on_fail": "flag"}))


def _canvas(preset: Preset) -> dict[str, Any]:
    if preset.canvas_width and preset.canvas_height:
        return {"width": preset.canvas_width, "height": preset.canvas_height, "unit": "px"}
    if preset.aspect and preset.background is not None:
        smallest = {"min_long_edge": preset.min_long_edge_px} if preset.min_long_edge_px else {}
        return {"aspect": preset.aspect, **smallest}
    return {}


def _export(preset: Preset) -> dict[str, Any]:
    wanted = {
        "format": preset.formats[0] if preset.formats else None, "icc": preset.icc, "max_bytes": preset.max_bytes,
        "quality": preset.jpeg_quality, "dpi": preset.dpi,
    }  # fmt: skip
    return {name: value for name, value in wanted.items() if value is not None}


@attrs.frozen(kw_only=True)
class ApplyProfile:
    """Add what a marketplace asks for to a plan: to all outputs, or as an output of its own."""

    new_work: NewWork
    proposer: Proposer
    profiles: ProfileCatalogue
    journal: Journal

    def __call__(
        self, *, actor: Actor, order_id: str, profile: str, as_output: bool = False, revision: int | None = None
    ) -> Proposal:
        """Store the plan with the marketplace's steps as a new revision and price it.

        Args:
            as_output: whether the pictures are made for it besides the other outputs.

        Raises:
            NotFoundError: no such order or profile.
            InvalidInputError: the instruction rules out one of the steps, or the output exists.
            ConflictError: code ``stale_plan`` or ``no_open_plan``.
        """
        found = self.profiles.get(profile)

        def laid_over(_work: UnitOfWork, plan: EditPlan) -> EditPlan:
            steps = profile_steps(found)
            return _with_output(plan, found.id, steps) if as_output else _over(plan, steps)

        return _store(
            self, actor, order_id, change=laid_over, revision=revision, origin=Origin.HAND, what=f"for {found.title}"
        )


@attrs.frozen(kw_only=True)
class ApplyRecipe:
    """Replace the plan by a saved one."""

    new_work: NewWork
    proposer: Proposer
    journal: Journal

    def __call__(self, *, actor: Actor, order_id: str, recipe: str, revision: int | None = None) -> Proposal:
        """Store the plan of a recipe as a new revision and price it.

        Raises:
            NotFoundError: no such order or recipe.
            ConflictError: code ``stale_plan`` or ``no_open_plan``.
        """
        return _store(
            self, actor, order_id, revision=revision, origin=Origin.RECIPE, what="from a recipe",
            change=lambda work, _plan: own_recipe(work, actor, recipe).plan,
        )  # fmt: skip


def _over(plan: EditPlan, steps: tuple[Step, ...]) -> EditPlan:
    merged = merge(plan, EditPlan(steps=steps))
    kept = ("assumptions", "questions", "warnings", "unsupported", "explanation", "planner")
    # The words of the instruction still hold; only what is done was changed by hand.
    return attrs.evolve(merged, constraints=plan.constraints, **{name: getattr(plan, name) for name in kept})


def _with_output(plan: EditPlan, name: str, steps: tuple[Step, ...]) -> EditPlan:
    grown = add_output(plan, name=name, folder=name)
    made = Output(name=name, folder=name, steps=steps)
    return attrs.evolve(grown, outputs=(*grown.outputs[:-1], made))


def _store(
    use: ApplyProfile | ApplyRecipe, actor: Actor, order_id: str, *, origin: Origin, what: str,
    change: Callable[[UnitOfWork, EditPlan], EditPlan], revision: int | None,
) -> Proposal:  # fmt: skip
    with use.new_work() as work:
        order = planned_order(work, actor, order_id, revision=revision)
        plan = change(work, work.plans.get(order_id, order.plan_revision).plan)
        proposal = use.proposer.propose(work, order, plan=check_plan(plan), origin=origin)
        note_plan(use.journal, work, actor, proposal, what=what)
        work.commit()
    return proposal
