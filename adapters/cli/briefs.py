"""``i2i brief``: documents with wishes, line by line, and what a planner makes of every clause."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from adapters.cli.commands import command
from adapters.cli.errors import OK, UNEXPECTED
from adapters.cli.session import Session
from adapters.cli.views.briefs import explanation_document, lines_document, print_explanation, print_lines
from adapters.cli.work.texts import read_brief
from core.domain.orders import MAX_BRIEF, clean_words
from core.errors import CredentialsError, InvalidInputError
from core.usecases.orders.read_brief import ReadBrief
from core.usecases.plans.explain import ExplainOrder, ExplainWords, Explanation
from core.usecases.plans.places import Places

if TYPE_CHECKING:
    from adapters.bootstrap import Application

LOCAL = "local"
STDIN = "-"
# Somebody who writes this means a file, and should hear that it is not there.
FILE_NAME = re.compile(r"\S+\.(?:pdf|docx?|txt|md|markdown)", re.IGNORECASE)

brief = click.Group("brief", help="Documents with wishes: what is read in them, and what becomes of every clause.")


@command(brief, "read", about=ReadBrief, has_user=False)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def read(session: Session, *, file: Path) -> None:
    """Read a document."""
    found = read_brief(session, file)
    document = {
        "name": found.name, "format": found.format, "pages": found.pages, "page_starts": list(found.page_starts),
        "notes": list(found.notes), "text": found.text, "lines": lines_document(found.text, found.page_starts),
    }  # fmt: skip
    session.show(document, print_lines)


@command(brief, "explain", about="""
    Tell what becomes of every clause of a document, a text or an order: done, kept, asked, not done, not understood.

    SOURCE is a file (PDF, DOCX, DOC, TXT, MD), the words themselves, or - for standard input; with --order it may be
    left out. The exit code is 0 when all was understood, and 1 when something was not.
    """)  # fmt: skip
@click.argument("source", required=False, metavar="[FILE|TEXT|-]")
@click.option("--order", "order_id", metavar="ORDER", help="Read the words for the pictures of this order.")
@click.option("--planner", default=LOCAL, metavar="NAME", show_default=True,
              help="Who reads: a planner or a provider of language models, as in I2I_PLANNER.")  # fmt: skip
def explain(session: Session, *, source: str | None, order_id: str | None, planner: str) -> int:
    """Explain words."""
    if source is None and order_id is None:
        raise InvalidInputError("Name a file, give the words, or name an order with --order.", code="nothing_given")
    places = _given(session, source) if source is not None else None
    with _app(session, planner) as app:
        found = _explained(session, app, places, order_id)
    document = explanation_document(found)
    session.show(document, print_explanation)
    return UNEXPECTED if document["counts"]["not_understood"] else OK


def _explained(session: Session, app: "Application", places: Places | None, order_id: str | None) -> Explanation:
    if order_id is not None:
        return app.use(ExplainOrder)(actor=session.actor, order_id=order_id, places=places)
    assert places is not None
    return app.use(ExplainWords)(places)


def _given(session: Session, source: str) -> Places:
    path = Path(source)
    if source == STDIN:
        words = sys.stdin.read(MAX_BRIEF + 1)
    elif len(source) < 256 and path.is_file():
        found = read_brief(session, path)
        return Places(brief=found.text, name=found.name, pages=found.page_starts)
    elif FILE_NAME.fullmatch(source):
        raise InvalidInputError(f"{source}: there is no such file.", code="unreadable")
    else:
        words = source
    return Places(instruction=clean_words(words, limit=MAX_BRIEF, what="text"))


def _app(session: Session, planner: str) -> "Application":
    """Return an application with this planner.

    Raises:
        NotFoundError: there is neither a planner nor a provider of this name.
        CredentialsError: code ``not_configured``: the provider lacks a key or an address.
    """
    if planner == session.settings.planner:
        settings = session.settings
    else:
        settings = attrs.evolve(session.settings, planner=planner, language_model="")
    app = session.surroundings.build(settings)
    chosen = app.models.chosen if app.models.plans else None
    if chosen is not None and chosen.missing:
        raise CredentialsError(chosen.missing, code="not_configured")
    return app
