"""One function per thing that has to work; each returns a sentence, or raises what is wrong."""

import platform
import secrets
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, packages_distributions
from importlib.metadata import version as installed
from pathlib import Path

from adapters.cli.diagnosis.picture import write_png
from adapters.cli.output import count
from adapters.cli.session import Session
from adapters.settings import show_url, unknown_variables
from adapters.system.home import load_secret_key, prepare_home
from core.domain.editing.plan import EditPlan, Step
from core.domain.editing.resolve import resolve
from core.domain.editing.scope import ImageFacts
from core.errors import ConflictError, InvalidInputError, ProviderError
from core.ports.image_engine import RenderTask

OURS = ("adapters", "core", "i2i", "plugins")
SHOWN = ("i2i", "pyvips", "pyvips-binary", "opencv-python-headless", "sqlalchemy", "dramatiq")
EDGE = 32


class Warn(Exception):  # noqa: N818 - it is a finding, not an error
    """Something that works and still deserves a look."""


def check_settings(session: Session) -> str:
    """Read all settings, and look for variables that are none."""
    chosen = [s.name for s in session.settings.describe() if s.source != "default"]
    unknown = unknown_variables(session.surroundings.environ)
    if unknown:
        raise Warn(f"No such settings: {', '.join(unknown)}.")
    return f"Chosen: {', '.join(chosen)}." if chosen else "All defaults."


def check_home(session: Session) -> str:
    """Make the home folder and its key."""
    prepare_home(session.settings.home)
    load_secret_key(session.settings.home)
    return f"{session.settings.home} can be written; its key is private."


def check_database(session: Session) -> str:
    """Reach the database, make a new one ready, and compare its version."""
    session.prepare()
    with session.app.new_reading() as work:
        users = len(work.users.list())
    return f"{show_url(session.settings.database_url)} is up to date; {count(users, 'user')}."


def check_store(session: Session) -> str:
    """Write a content, read it back, remove it."""
    store, key = session.app.blobs, f"doctor/{secrets.token_hex(16)}"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "content"
        source.write_bytes(secrets.token_bytes(1000))
        store.put(key, source)
        try:
            with store.open(key) as content:
                is_same = content.read() == source.read_bytes()
        finally:
            store.delete(key)
    if not is_same:
        raise ProviderError("The store returned another content than it was given.")
    return f"The store ({session.settings.blob_store}) keeps and returns contents."


def check_engine(session: Session) -> str:
    """Render a generated picture."""
    steps = (
        Step(op="resize", params={"width": EDGE, "height": EDGE}).checked(),
        Step(op="export", params={"format": "jpeg"}).checked(),
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "picture.png"
        write_png(source, width=2 * EDGE, height=2 * EDGE)
        plan = resolve(EditPlan(steps=steps), ImageFacts(name=source.name, position=1, count=1))
        result = session.app.engine.render(RenderTask(source=source, plan=plan, work_dir=Path(folder)))
    (file,) = result.files
    if (file.format, file.width, file.height) != ("jpeg", EDGE, EDGE):
        raise ProviderError(f"The engine made a {file.format} of {file.width} × {file.height}.")
    return f"The engine ({session.app.engine.name}) renders; up to {session.settings.engine_processes} processes."


def check_broker(session: Session) -> str:
    """Reach the broker."""
    if session.settings.broker == "embedded":
        return "Work is done in this process; no broker is needed."
    import redis

    url = session.settings.redis_url
    try:
        redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3).ping()
    except redis.RedisError as error:
        raise ProviderError(f"{show_url(url)} cannot be reached: {error}") from error
    return f"{show_url(url)} answers."


def check_plugins(session: Session) -> str:
    """Load all plugins, and the planner that was chosen."""
    reports = session.app.plugins.reports
    broken = [f"{r.name}: {r.error}" for r in reports if r.error]
    if broken:
        raise ProviderError(" ".join(broken))
    return f"{count(len(reports), 'plugin')}; the planner is {session.app.planner.name}."


def check_model(session: Session) -> str:
    """See what the settings say about language models; nothing is sent."""
    chosen, today = session.app.models.chosen, session.app.clock.now().date()
    if chosen is None:
        return "No language model is configured; instructions are read on this machine."
    if chosen.missing:
        raise Warn(f"{chosen.missing} Until then instructions are read on this machine.")
    if chosen.lifetime(today):
        raise Warn(chosen.lifetime(today))
    return f"{chosen.descriptor.label} {chosen.card.model} is configured; `i2i models check` asks it."


def check_catalogues(session: Session) -> str:
    """Read all profiles and price lists."""
    profiles, prices = session.app.profiles.list(), session.app.prices.list()
    current = session.app.prices.current(session.app.clock.now().date())
    return f"{count(len(profiles), 'profile')}, {count(len(prices), 'price list')}; {current.version} applies."


def check_packages(_session: Session) -> str:
    """See that the generic names of our packages belong to us alone."""
    others = intruders(packages_distributions())
    if others:
        listed = "; ".join(f"{name} also comes from {', '.join(owners)}" for name, owners in others.items())
        raise ConflictError(f"{listed}. Use an environment of its own for i2i.")
    return f"{', '.join(OURS)} belong to i2i alone."


def intruders(owners: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the other distributions that install one of our top-level packages, by package."""
    return {name: found for name in OURS if (found := sorted(set(owners.get(name, [])) - {"i2i"}))}


def check_versions(_session: Session) -> str:
    """Tell the versions that matter in a report."""
    return ", ".join([f"Python {platform.python_version()}", *(f"{n} {v}" for n in SHOWN if (v := _version(n)))])


def _version(name: str) -> str:
    try:
        return installed(name)
    except PackageNotFoundError:
        if name == "i2i":
            raise InvalidInputError("i2i is not installed as a package; plugins are not found.") from None
        return ""


CHECKS: dict[str, Callable[[Session], str]] = {
    "settings": check_settings,
    "home": check_home,
    "database": check_database,
    "store": check_store,
    "engine": check_engine,
    "broker": check_broker,
    "plugins": check_plugins,
    "language model": check_model,
    "catalogues": check_catalogues,
    "packages": check_packages,
    "versions": check_versions,
}
