"""Letters: what a mail says, as text and as HTML."""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


@attrs.frozen(kw_only=True)
class Letter:
    """A letter that is ready to leave."""

    to: str
    subject: str
    text: str
    html: str


class LetterWriter:
    """Fills templates: ``<name>.txt.jinja``, whose first line is the subject, and ``<name>.html.jinja``.

    Args:
        site: returns the address under which people reach this installation; never taken from a request, whose
            sender could have written anything there.
    """

    def __init__(self, site: Callable[[], str]) -> None:
        self._site = site

    def write(self, *, to: str, template: str, values: Mapping[str, str]) -> Letter:
        """Write a letter; ``path`` among the values becomes ``link``."""
        site = self._site()
        facts = {**values, "to": to, "site": site, "link": site + values.get("path", "/")}
        subject, _, text = self._templates.get_template(f"{template}.txt.jinja").render(facts).partition("\n")
        html = self._templates.get_template(f"{template}.html.jinja").render({**facts, "subject": subject.strip()})
        return Letter(to=to, subject=subject.strip(), text=text.strip() + "\n", html=html)

    @cached_property
    def _templates(self) -> "Environment":
        from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

        return Environment(
            loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
            autoescape=select_autoescape(("html.jinja",)),
        )  # fmt: skip
