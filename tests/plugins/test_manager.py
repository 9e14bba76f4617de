"""Plugins are found by their entry points; a broken one is reported and takes nothing else down."""

import itertools
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import DistributionFinder, EntryPoint, MetadataPathFinder, entry_points
from pathlib import Path
from typing import Any

import pluggy
import pytest

from core.errors import NotFoundError
from core.ports.planner import PlanRequest
from plugins.hookspecs import PlannerContext
from plugins.manager import PluginManager
from plugins.metadata import PluginReport, PluginState

GOOD = """
import i2i

@i2i.hookimpl
def i2i_dams():
    return [i2i.DamDescriptor(key="{key}", label="Shelf", summary="A shelf.", create=lambda context: None)]
"""
BROKEN = {
    "raises when it is imported": ("raise RuntimeError('no licence key')", "RuntimeError: no licence key"),
    "imports what is not installed": ("import a_module_nobody_has", "ModuleNotFoundError: No module named"),
    "is not Python": ("def (:", "SyntaxError"),
    "ends the process": ("import sys; sys.exit('bye')", "SystemExit: bye"),
    "misspells a hook": (GOOD.replace("i2i_dams", "i2i_dam").format(key="x"), "unknown hook 'i2i_dam'"),
    "wants what the hook does not give": (GOOD.replace("i2i_dams()", "i2i_dams(web)").format(key="x"), "web"),
    "forgets the mark": (GOOD.replace("@i2i.hookimpl", "").format(key="x"), "implements no hook"),
    "fails when it is asked": ("import i2i\n@i2i.hookimpl\ndef i2i_dams():\n    return 1 / 0\n", "ZeroDivisionError"),
    "offers something else": (
        "import i2i\n@i2i.hookimpl\ndef i2i_dams():\n    return ['folder']\n",
        "not a DamDescriptor",
    ),
    "offers no list": ("import i2i\n@i2i.hookimpl\ndef i2i_dams():\n    return 7\n", "returns int from i2i_dams"),
    "has a bad key": (GOOD.format(key="Has Spaces"), "ValueError: 'Has Spaces' cannot be a key"),
    "offers what is there already": (GOOD.format(key="folder"), "offers the DAM 'folder', which is there already"),
}


NUMBERS = itertools.count()  # modules stay imported: each test needs names of its own


class Installed:
    """A folder in which plugin packages are put, with the metadata that an installer writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, distribution: str, name: str, source: str) -> None:
        """Install a package of one module that brings one plugin."""
        module = f"{distribution.replace('-', '_')}_{name}_{next(NUMBERS)}"
        (self.folder / f"{module}.py").write_text(source)
        info = self.folder / f"{distribution.replace('-', '_')}-1.2.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n")
        with (info / "entry_points.txt").open("a") as file:
            file.write(f"[i2i.plugins]\n{name} = {module}\n")

    def find(self) -> list[EntryPoint]:
        """Return the plugins of these packages and those that come with i2i."""
        context = DistributionFinder.Context(path=[str(self.folder)])
        found = [point for package in MetadataPathFinder.find_distributions(context) for point in package.entry_points]
        ours = [point for point in entry_points(group="i2i.plugins") if point.dist and point.dist.name == "i2i"]
        return [*found, *ours]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return Installed(tmp_path)


def load(installed: Installed, **options: Any) -> PluginManager:
    manager = PluginManager(find=installed.find, **options)
    manager.load()
    return manager


def report(manager: PluginManager, name: str) -> PluginReport:
    (found,) = [each for each in manager.reports if each.name == name]
    return found


def test_the_bundled_plugins_are_loaded_and_described(installed: Installed) -> None:
    manager = load(installed)
    folder, local = report(manager, "dam_folder"), report(manager, "llm_local")
    assert (folder.state, folder.hooks, folder.offers) == (PluginState.LOADED, ("i2i_dams",), ("dam:folder",))
    assert (local.state, local.hooks, local.offers) == (PluginState.LOADED, ("i2i_planners",), ("planner:local",))
    assert folder.distribution == local.distribution == "i2i"
    assert folder.version
    assert manager.dam("folder").label == "Folder"
    planner = manager.planner("local").create(PlannerContext())
    assert planner.plan(PlanRequest(instruction="white background", names=("a.jpg",))).steps


def test_bundled_plugins_do_not_import_heavy_modules_before_they_are_used() -> None:
    program = (
        "from plugins.manager import PluginManager; import sys; m = PluginManager(); m.load(); m.dams(); m.planners();"
        "print([n for n in ('plugins.llm.local.planner', 'plugins.dam.folder.dam', 'numpy', 'sqlalchemy', 'flask',"
        " 'boto3', 'pyvips') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_third_party_plugin_is_loaded(installed: Installed) -> None:
    installed.add("agency-shelf", "shelf", GOOD.format(key="shelf"))
    manager = load(installed)
    found = report(manager, "shelf")
    assert (found.state, found.distribution, found.version) == (PluginState.LOADED, "agency-shelf", "1.2")
    assert [each.key for each in manager.dams()] == ["folder", "shelf"]


@pytest.mark.parametrize(("source", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_is_reported_and_the_others_work(installed: Installed, source: str, said: str) -> None:
    installed.add("agency-broken", "broken", source)
    installed.add("zebra-good", "good", GOOD.format(key="shelf"))
    manager = load(installed)
    broken = report(manager, "broken")
    assert broken.state is PluginState.FAILED
    assert said in broken.error
    assert len(broken.trace.splitlines()) <= 12
    assert broken.offers == ()
    assert report(manager, "good").state is PluginState.LOADED
    assert [each.key for each in manager.dams()] == ["folder", "shelf"]
    assert manager.dam("folder").label == "Folder"
    assert [each.key for each in manager.planners()] == ["local"]


def test_the_traceback_ends_at_the_cause(installed: Installed) -> None:
    installed.add("agency-broken", "broken", "def load():\n    raise RuntimeError('no licence key')\nload()\n")
    trace = report(load(installed), "broken").trace
    assert trace.splitlines()[-1] == "RuntimeError: no licence key"
    assert "in load" in trace


def test_a_plugin_that_fails_is_absent_as_a_whole(installed: Installed) -> None:
    half = GOOD.format(key="shelf") + "\n@i2i.hookimpl\ndef i2i_planners():\n    raise RuntimeError('half')\n"
    installed.add("agency-half", "half", half)
    installed.add("zebra-shelf", "shelf", GOOD.format(key="shelf"))
    manager = load(installed)
    assert report(manager, "half").state is PluginState.FAILED
    assert report(manager, "shelf").state is PluginState.LOADED


def test_an_unguarded_manager_would_be_caught(installed: Installed) -> None:
    class Unguarded(PluginManager):
        """The fault that these tests exist to catch: one loop without a try, as pluggy's own helper has it."""

        def load(self) -> tuple[PluginReport, ...]:
            for point in installed.find():
                self._pluggy.register(point.load(), point.name)
            return ()

    installed.add("agency-broken", "broken", BROKEN["raises when it is imported"][0])
    assert hasattr(pluggy.PluginManager, "load_setuptools_entrypoints")
    with pytest.raises(RuntimeError, match="no licence key"):
        Unguarded(find=installed.find).load()


def test_a_name_is_given_once_and_ours_comes_first(installed: Installed) -> None:
    installed.add("aaa-impostor", "dam_folder", GOOD.format(key="impostor"))
    installed.add("bbb-first", "shelf", GOOD.format(key="first"))
    installed.add("ccc-second", "shelf", GOOD.format(key="second"))
    manager = load(installed)
    states = {(each.distribution, each.name): each.state for each in manager.reports}
    assert states["i2i", "dam_folder"] is PluginState.LOADED
    assert states["aaa-impostor", "dam_folder"] is PluginState.FAILED
    assert states["bbb-first", "shelf"] is PluginState.LOADED
    assert states["ccc-second", "shelf"] is PluginState.FAILED
    assert [each.key for each in manager.dams()] == ["first", "folder"]
    refused = [each.error for each in manager.reports if each.state is PluginState.FAILED]
    assert all("has a name that is taken" in error for error in refused)


def test_the_code_of_a_blocked_plugin_never_runs(installed: Installed, tmp_path: Path) -> None:
    installed.add("agency-shelf", "shelf", f"open({str(tmp_path / 'ran')!r}, 'w')\n" + GOOD.format(key="shelf"))
    manager = load(installed, blocked=["shelf", "dam_folder"])
    assert report(manager, "shelf").state is PluginState.BLOCKED
    assert report(manager, "dam_folder").state is PluginState.BLOCKED
    assert not (tmp_path / "ran").exists()
    assert manager.dams() == ()
    assert load(installed).dam("shelf").label == "Shelf"
    assert (tmp_path / "ran").exists(), "without the block it does run"


@pytest.mark.req("S0-DAM-29")
def test_an_unknown_provider_is_an_error_and_no_other_takes_its_place(installed: Installed) -> None:
    manager = load(installed)
    with pytest.raises(NotFoundError, match="did you mean folder") as caught:
        manager.dam("foldr")
    assert caught.value.code == "unknown_provider"
    with pytest.raises(NotFoundError, match="no planner 'oracle'"):
        manager.planner("oracle")


def test_loading_twice_loads_once(installed: Installed) -> None:
    installed.add("agency-shelf", "shelf", GOOD.format(key="shelf"))
    manager = PluginManager(find=installed.find)
    assert manager.load() == manager.load() == manager.reports


def test_hook_calls_can_be_traced(installed: Installed) -> None:
    lines: list[str] = []
    load(installed, trace=lines.append)
    assert any("i2i_dams" in line for line in lines)


def test_a_package_without_metadata_is_still_reported() -> None:
    def find() -> Iterable[EntryPoint]:
        return [EntryPoint(name="odd", value="nowhere.at.all", group="i2i.plugins")]

    manager = PluginManager(find=find)
    (found,) = manager.load()
    assert (found.state, found.distribution, found.version) == (PluginState.FAILED, "", "")
