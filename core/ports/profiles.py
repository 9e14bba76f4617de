"""Port: where the marketplace profiles come from."""

from collections.abc import Mapping
from typing import Protocol

from core.domain.compliance import MarketplaceProfile
from core.errors import InvalidInputError, NotFoundError


class ProfileNotFoundError(NotFoundError):
    """No profile has this id or alias."""

    default_code = "profile_not_found"


class ProfileFileError(InvalidInputError):
    """A profile file cannot be used; ``details`` names the file and the field."""

    default_code = "invalid_profile_file"

    def __init__(self, message: str, *, file: str, field: str = "") -> None:
        where = f"{file}: {field}" if field else file
        super().__init__(f"{where}: {message}", details={"file": file, "field": field})
        self.file = file
        self.field = field


class ProfileCatalogue(Protocol):
    """Marketplace profiles by id or alias; case, hyphens, underscores and repeated spaces do not matter.

    Every method raises ``ProfileFileError`` when a profile cannot be read.
    """

    def get(self, name: str) -> MarketplaceProfile:
        """Return the profile of that id or alias.

        Raises:
            ProfileNotFoundError: there is none; the message names the closest ids.
        """
        ...

    def find(self, name: str) -> MarketplaceProfile | None:
        """Return the profile of that id or alias, or None."""
        ...

    def list(self) -> tuple[MarketplaceProfile, ...]:
        """Return all profiles, ordered by id."""
        ...

    def names(self) -> Mapping[str, str]:
        """Return every id and alias in plain form (lower case, single spaces) with the id that it stands for."""
        ...
