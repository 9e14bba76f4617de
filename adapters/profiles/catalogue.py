"""The catalogue of profiles: bundled files, overlaid by the files of an agency's own folder."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path

import attrs

from adapters.profiles.parsing import parse_profile, read_rules, read_table
from core.domain.compliance import MarketplaceProfile, Rule
from core.ports.profiles import ProfileFileError, ProfileNotFoundError

LARGEST_FILE = 256 * 1024
SEPARATORS = re.compile(r"[\s_-]+")


@attrs.frozen
class Shelf:
    """Profiles that were read, and the plain form of every name that leads to one."""

    profiles: dict[str, MarketplaceProfile]
    names: dict[str, str]

    def under(self, top: "Shelf") -> "Shelf":
        """Lay another shelf on top: its profiles and its names win."""
        return Shelf(self.profiles | top.profiles, self._names_left_by(top) | top.names)

    def _names_left_by(self, top: "Shelf") -> dict[str, str]:
        """An overridden profile loses its old aliases, but no alias may hide another profile's id."""
        for name, owner in top.names.items():
            for profile_id in self.profiles:
                if name == plain(profile_id) and owner != profile_id:
                    _refuse_name(owner, name, profile_id)
        return {name: owner for name, owner in self.names.items() if owner not in top.profiles}


class BundledProfiles:
    """Profiles shipped with the program, and those in a folder of one's own; read at the first use.

    Args:
        folder: holds further ``<id>.toml`` files; one with the id of a bundled profile replaces it. None for none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._shelf: Shelf | None = None

    def get(self, name: str) -> MarketplaceProfile:
        """Return the profile of that id or alias."""
        profile = self.find(name)
        if profile is not None:
            return profile
        known = self._read()
        near = difflib.get_close_matches(plain(name), known.names, n=3)
        ids = list(dict.fromkeys(known.names[match] for match in near)) or sorted(known.profiles)
        hint = "did you mean" if near else "known are"
        raise ProfileNotFoundError(
            f"There is no marketplace profile {name!r}; {hint} {', '.join(ids)}.", details={"name": name, "near": ids}
        )

    def find(self, name: str) -> MarketplaceProfile | None:
        """Return the profile of that id or alias, or None."""
        shelf = self._read()
        profile_id = shelf.names.get(plain(name))
        return None if profile_id is None else shelf.profiles[profile_id]

    def list(self) -> tuple[MarketplaceProfile, ...]:
        """Return all profiles, ordered by id."""
        profiles = self._read().profiles
        return tuple(profiles[profile_id] for profile_id in sorted(profiles))

    def names(self) -> Mapping[str, str]:
        """Return every id and alias in plain form with the id that it stands for."""
        return dict(self._read().names)

    def _read(self) -> Shelf:
        # Two threads may both read at first use; both get the same shelf, so no lock is worth its cost.
        if self._shelf is None:
            house = _house_rules()
            shelf = _shelf(parse_profile(text, file=file, house=house) for file, text in _bundled_files())
            if self._folder is not None:
                own = _shelf(parse_profile(text, file=file, house=house) for file, text in _files_in(self._folder))
                shelf = shelf.under(own)
            self._shelf = shelf
        return self._shelf


def plain(name: str) -> str:
    """Return a name in the form in which names are compared."""
    return SEPARATORS.sub(" ", name.casefold()).strip()


def _house_rules() -> tuple[Rule, ...]:
    file = "house.toml"
    top = read_table((resources.files("adapters.profiles") / file).read_text(encoding="utf-8"), file=file)
    top.allow("checked_on", "rules")
    return read_rules(top)


def _bundled_files() -> Iterator[tuple[str, str]]:
    for entry in (resources.files("adapters.profiles") / "data").iterdir():
        if entry.name.endswith(".toml"):
            yield entry.name, entry.read_text(encoding="utf-8")


def _files_in(folder: Path) -> Iterator[tuple[str, str]]:
    if not folder.is_dir():
        raise ProfileFileError("is not a folder of marketplace profiles", file=str(folder))
    for path in sorted(folder.glob("*.toml")):
        try:
            with path.open("rb") as stream:
                content = stream.read(LARGEST_FILE + 1)
            text = content.decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ProfileFileError(f"cannot be read as UTF-8 text: {error}", file=path.name) from error
        if len(content) > LARGEST_FILE:
            raise ProfileFileError(f"is larger than {LARGEST_FILE} bytes", file=path.name)
        yield path.name, text


def _shelf(profiles: Iterable[MarketplaceProfile]) -> Shelf:
    by_id = {profile.id: profile for profile in profiles}
    names = {plain(profile_id): profile_id for profile_id in by_id}
    for profile in by_id.values():
        for name in map(plain, (profile.title, *profile.aliases)):
            if names.setdefault(name, profile.id) != profile.id:
                _refuse_name(profile.id, name, names[name])
    return Shelf(by_id, names)


def _refuse_name(profile_id: str, name: str, owner: str) -> None:
    message = f"{name!r} already stands for {owner}; a name leads to one profile"
    raise ProfileFileError(message, file=f"{profile_id}.toml", field="aliases")
