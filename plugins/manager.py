"""Finds plugins and loads each on its own, so that a broken one takes nothing else down."""

import difflib
import traceback
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar

import attrs
import pluggy

from core.errors import NotFoundError
from core.ports.dam import DamDescriptor
from plugins import hookspecs
from plugins.hookspecs import ENTRY_POINTS, PROJECT, LanguageModelDescriptor, PlannerDescriptor
from plugins.metadata import PluginReport, PluginState

TRACE_LINES = 12
MAX_ERROR = 400
Descriptor = TypeVar("Descriptor", DamDescriptor, PlannerDescriptor, LanguageModelDescriptor)


class PluginNotFoundError(NotFoundError):
    """No plugin offers this provider."""

    default_code = "unknown_provider"


class BadPluginError(Exception):
    """A plugin does not keep to the rules; the message completes the sentence "the plugin …"."""


@attrs.frozen(kw_only=True)
class _Offer(Generic[Descriptor]):
    """The descriptors of one hook by key."""

    hook: str
    noun: str
    type: type[Descriptor]
    found: dict[str, Descriptor] = attrs.field(factory=dict)

    def get(self, key: str) -> Descriptor:
        try:
            return self.found[key]
        except KeyError:
            near = difflib.get_close_matches(key, self.found, n=1)
            hint = f"; did you mean {near[0]}?" if near else "."
            raise PluginNotFoundError(
                f"There is no {self.noun} {key!r}{hint}", details={"key": key, "known": sorted(self.found)}
            ) from None


class PluginManager:
    """Loads the plugins of all installed packages and answers what they offer.

    Each is imported, registered and asked for its offers in its own ``try``: one that fails, in whatever way, is
    reported with its traceback and is absent as a whole. Our own plugins come first, so no other can take their names.

    Args:
        blocked: names of plugins whose code is never run.
        find: returns the entry points; those of the group ``i2i.plugins`` when omitted.
        trace: receives a line per hook call when given.
    """

    def __init__(
        self,
        *,
        blocked: Iterable[str] = (),
        find: Callable[[], Iterable[EntryPoint]] = lambda: entry_points(group=ENTRY_POINTS),
        trace: Callable[[str], object] | None = None,
    ) -> None:
        self._blocked = frozenset(blocked)
        self._pluggy = pluggy.PluginManager(PROJECT)
        self._pluggy.add_hookspecs(hookspecs)
        self._planners = _Offer(hook="i2i_planners", noun="planner", type=PlannerDescriptor)
        self._models = _Offer(hook="i2i_language_models", noun="language model", type=LanguageModelDescriptor)
        self._dams = _Offer(hook="i2i_dams", noun="DAM", type=DamDescriptor)
        if trace is not None:
            self._pluggy.trace.root.setwriter(trace)
            self._pluggy.enable_tracing()
        self._find = find
        self.reports: tuple[PluginReport, ...] = ()

    def load(self) -> tuple[PluginReport, ...]:
        """Load all plugins once, and return what became of each; afterwards also to be read from ``reports``."""
        if not self.reports:
            ours_first = sorted(self._find(), key=lambda point: (not _is_ours(point), _distribution(point), point.name))
            self.reports = tuple(self._load(point) for point in ours_first)
        return self.reports

    def planners(self) -> tuple[PlannerDescriptor, ...]:
        """Return all planners, ordered by key."""
        return tuple(self._planners.found[key] for key in sorted(self._planners.found))

    def planner(self, key: str) -> PlannerDescriptor:
        """Return one planner.

        Raises:
            PluginNotFoundError: code ``unknown_provider``.
        """
        return self._planners.get(key)

    def language_models(self) -> tuple[LanguageModelDescriptor, ...]:
        """Return all providers of language models, ordered by key."""
        return tuple(self._models.found[key] for key in sorted(self._models.found))

    def language_model(self, key: str) -> LanguageModelDescriptor:
        """Return one provider of language models.

        Raises:
            PluginNotFoundError: code ``unknown_provider``; no other takes its place.
        """
        return self._models.get(key)

    def dams(self) -> tuple[DamDescriptor, ...]:
        """Return all places to export to, ordered by key."""
        return tuple(self._dams.found[key] for key in sorted(self._dams.found))

    def dam(self, key: str) -> DamDescriptor:
        """Return one place to export to.

        Raises:
            PluginNotFoundError: code ``unknown_provider``; there is no fallback to another place.
        """
        return self._dams.get(key)

    def _load(self, point: EntryPoint) -> PluginReport:
        report = PluginReport(
            name=point.name,
            distribution=_distribution(point),
            version=point.dist.version if point.dist else "",
            target=point.value,
            state=PluginState.BLOCKED,
        )
        if point.name in self._blocked:
            return report
        plugin: Any = None
        try:
            if self._pluggy.has_plugin(point.name):
                raise BadPluginError(f"has a name that is taken: another package also brings {point.name!r}")
            plugin = point.load()
            hooks = self._register(plugin, point.name)
            offers = self._take_offers(plugin)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, the other plugins are fine
            if plugin is not None and self._pluggy.get_plugin(point.name) is plugin:
                self._pluggy.unregister(name=point.name)
            return attrs.evolve(report, state=PluginState.FAILED, error=_sentence(error), trace=_tail(error))
        return attrs.evolve(report, state=PluginState.LOADED, hooks=hooks, offers=offers)

    def _register(self, plugin: Any, name: str) -> tuple[str, ...]:
        self._pluggy.register(plugin, name)
        self._pluggy.check_pending()
        hooks = tuple(sorted(caller.name for caller in self._pluggy.get_hookcallers(plugin) or ()))
        if not hooks:
            raise BadPluginError("implements no hook; is a function marked with @i2i.hookimpl?")
        return hooks

    def _take_offers(self, plugin: Any) -> tuple[str, ...]:
        """Ask one plugin for all it offers, and only then keep any of it."""
        planners, dams = self._ask(plugin, self._planners), self._ask(plugin, self._dams)
        models = self._ask(plugin, self._models)
        self._planners.found.update(planners)
        self._dams.found.update(dams)
        self._models.found.update(models)
        return (
            *(f"dam:{key}" for key in dams),
            *(f"language_model:{key}" for key in models),
            *(f"planner:{key}" for key in planners),
        )

    def _ask(self, plugin: Any, offer: _Offer[Descriptor]) -> dict[str, Descriptor]:
        others = [other for other in self._pluggy.get_plugins() if other is not plugin]
        answers = self._pluggy.subset_hook_caller(offer.hook, remove_plugins=others)()
        taken: dict[str, Descriptor] = {}
        for answer in answers:
            if not isinstance(answer, Sequence):
                raise BadPluginError(f"returns {type(answer).__name__} from {offer.hook}, which should be a list")
            for descriptor in answer:
                if not isinstance(descriptor, offer.type):
                    raise BadPluginError(f"offers {descriptor!r} from {offer.hook}, not a {offer.type.__name__}")
                if descriptor.key in offer.found or descriptor.key in taken:
                    raise BadPluginError(f"offers the {offer.noun} {descriptor.key!r}, which is there already")
                taken[descriptor.key] = descriptor
        return taken


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else ""


def _is_ours(point: EntryPoint) -> bool:
    return _distribution(point) == PROJECT


def _sentence(error: BaseException) -> str:
    said = " ".join(str(error).split())[:MAX_ERROR]
    return f"The plugin {said}." if isinstance(error, BadPluginError) else f"{type(error).__name__}: {said}"


def _tail(error: BaseException) -> str:
    lines = "".join(traceback.format_exception(error)).splitlines()
    return "\n".join(lines[-TRACE_LINES:])
