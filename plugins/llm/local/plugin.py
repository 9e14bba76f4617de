"""Builds the planner of this plugin."""

from core.ports.profiles import ProfileCatalogue
from plugins.llm.local.planner import LocalPlanner


def build_planner(profiles: ProfileCatalogue | None = None) -> LocalPlanner:
    """Return a planner that expands the profiles of a catalogue."""
    return LocalPlanner(profiles)
