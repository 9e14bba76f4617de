"""Port: mail to one person."""

from collections.abc import Mapping
from typing import Protocol


class Mailer(Protocol):
    """Writes a letter from its template and sends it."""

    def send(self, *, to: str, template: str, values: Mapping[str, str]) -> None:
        """Send a letter.

        Args:
            to: the address.
            template: name of a letter, e.g. ``verify_email``.
            values: what it says about the person and the occasion; ``path`` is completed to a link.

        Raises:
            ProviderUnavailableError: the post office does not answer; another try may succeed.
            ProviderRejectedError: it refused this letter for good.
        """
        ...
