"""The command ``i2i process``."""

from pathlib import Path
from typing import Any

import attrs
import click

from adapters.cli.commands import command
from adapters.cli.errors import NEEDS_LOOK, OK
from adapters.cli.options import ANSWERS
from adapters.cli.process.batches import Wish, order_name
from adapters.cli.process.flow import Job, run
from adapters.cli.session import Session
from adapters.cli.views.reports import FAILED, FLAGGED, REFUSED
from adapters.cli.work.texts import read_brief, read_plan

EXISTING = click.Path(exists=True, path_type=Path)
TEXT_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

ABOUT = """Plan, price, edit and deliver pictures in one go.

PATH are pictures or folders of pictures. The plan is shown with its price before anything is spent, and the finished
files are written to the folder named by -o under the names in which they are delivered."""


@attrs.frozen(kw_only=True)
class _Words:
    instruction: str
    brief: Path | None
    recipe: Path | None


def _wish(session: Session, paths: tuple[Path, ...], words: _Words, *, name: str, answers: dict[str, str]) -> Wish:
    if words.recipe is None and words.brief is None and not words.instruction.strip():
        raise click.UsageError("Say what should be done with -i, --brief or --recipe.")
    if words.recipe is not None and (words.brief is not None or words.instruction):
        raise click.UsageError("A recipe is a finished plan: give either --recipe, or words with -i and --brief.")
    return Wish(
        instruction=words.instruction,
        brief=read_brief(session, words.brief) if words.brief is not None else None,
        plan=read_plan(words.recipe) if words.recipe is not None else None,
        name=name or order_name(paths),
        answers=answers,
    )


@click.argument("paths", nargs=-1, required=True, type=EXISTING, metavar="PATH…")
@click.option("-i", "--instruction", default="", metavar="TEXT", help="What should be done, in plain words.")
@click.option(
    "--brief",
    type=TEXT_FILE,
    metavar="FILE",
    help="A document (PDF, DOCX, DOC, TXT, MD) that says what should be done.",
)
@click.option("--recipe", type=TEXT_FILE, metavar="FILE", help="A plan document (JSON) to carry out as it is.")
@click.option("-o", "--out", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Where the files go.")
@click.option("--output", "outputs", multiple=True, metavar="NAME", help="Write only this deliverable (repeatable).")
@click.option("--name", default="", metavar="TEXT", help="Name of the order; that of the folder when omitted.")
@click.option("--answer", "answers", multiple=True, type=ANSWERS, help="Answer a question beforehand (repeatable).")
@click.option(
    "--allow", multiple=True, type=click.Choice([FLAGGED, FAILED, REFUSED]),
    help="Exit with 0 in spite of such pictures (repeatable).",
)  # fmt: skip
@click.option("-r", "--recursive", is_flag=True, help="Look into folders of folders too.")
@click.option("--overwrite", is_flag=True, help="Replace other files of the same names in DIR.")
@click.option("--plan-only", is_flag=True, help="Show plan and price, and stop there.")
@click.option("-y", "--yes", "is_agreed", is_flag=True, help="Agree to the price beforehand.")
def _process(session: Session, *, paths: tuple[Path, ...], folder: Path | None, **options: Any) -> int:
    if folder is None and not options["plan_only"]:
        raise click.UsageError("Name a folder for the finished files with -o.")
    words = _Words(instruction=options["instruction"], brief=options["brief"], recipe=options["recipe"])
    job = Job(
        paths=paths,
        wish=_wish(session, paths, words, name=options["name"], answers=dict(options["answers"])),
        folder=folder,
        outputs=options["outputs"],
        is_recursive=options["recursive"],
        may_overwrite=options["overwrite"],
        is_plan_only=options["plan_only"],
        is_agreed=options["is_agreed"],
        leave_out=tuple(p for p in (words.brief, words.recipe) if p is not None),
    )
    return NEEDS_LOOK if run(session, job) - set(options["allow"]) else OK


process = command(None, "process", about=ABOUT)(_process)
