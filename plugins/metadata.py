"""What is known about each plugin, for administrators."""

import enum

import attrs


class PluginState(enum.StrEnum):
    """What became of a plugin at start-up."""

    LOADED = "loaded"
    FAILED = "failed"
    BLOCKED = "blocked"


@attrs.frozen(kw_only=True)
class PluginReport:
    """One plugin that is installed.

    Args:
        name: name of its entry point; what the block list refers to.
        distribution: the package that brought it; empty when unknown.
        version: version of that package.
        target: the module that was to be imported.
        hooks: hooks that it implements.
        offers: keys of what it offers, such as ``dam:folder``.
        error: one sentence; empty unless it failed.
        trace: the last lines of the traceback, ending at the cause.
    """

    name: str
    distribution: str
    version: str
    target: str
    state: PluginState
    hooks: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    error: str = ""
    trace: str = ""
