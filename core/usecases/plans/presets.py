"""Marketplaces as words that the local planner reads."""

import attrs

from core.domain.compliance import MarketplaceProfile
from core.ports.planner import Planner, PlanRequest
from core.ports.profiles import ProfileCatalogue


@attrs.frozen(kw_only=True)
class Preset:
    """A marketplace profile and the words that ask for it."""

    profile_id: str
    title: str
    words: str


@attrs.frozen(kw_only=True)
class ListPresets:
    """List the marketplaces that can be asked for in plain words."""

    profiles: ProfileCatalogue
    local_planner: Planner

    def __call__(self) -> tuple[Preset, ...]:
        """Return the profiles by title, each with words that are read without anything left over.

        A profile that no name of its own brings into a plan is left out rather than offered and not understood.
        """
        found = (self._preset(profile) for profile in self.profiles.list())
        return tuple(sorted((p for p in found if p is not None), key=lambda p: p.title.casefold()))

    def _preset(self, profile: MarketplaceProfile) -> Preset | None:
        names = (profile.title, *(a.title() for a in sorted(profile.aliases, key=len, reverse=True)))
        words = next((w for name in names if self._is_read(w := f"Ready for {name}.")), None)
        return None if words is None else Preset(profile_id=profile.id, title=profile.title, words=words)

    def _is_read(self, words: str) -> bool:
        plan = self.local_planner.plan(PlanRequest(instruction=words))
        return not plan.unsupported and any(True for _ in plan.all_steps())
