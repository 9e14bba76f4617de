"""Offers the local planner; its lexicon is read when the planner is made, not before."""

from core.ports.planner import Planner
from plugins.hookspecs import PlannerContext, PlannerDescriptor, hookimpl


def build_planner(context: PlannerContext) -> Planner:
    """Return a planner that expands the profiles of the context."""
    from plugins.llm.local.planner import LocalPlanner

    return LocalPlanner(context.profiles)


@hookimpl
def i2i_planners() -> list[PlannerDescriptor]:
    """Offer the local planner."""
    return [
        PlannerDescriptor(
            key="local",
            label="Local",
            summary="Reads instructions on this machine: the same words give the same plan, nothing is sent away.",
            create=build_planner,
        )
    ]
