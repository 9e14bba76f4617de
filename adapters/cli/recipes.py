"""``i2i recipe``: plans saved under a name."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from adapters.cli.agreeing import agree, yes_option
from adapters.cli.commands import command
from adapters.cli.errors import NEEDS_LOOK, OK
from adapters.cli.output import print_line, print_table
from adapters.cli.process.batches import Wish, order_name
from adapters.cli.process.flow import Job, run
from adapters.cli.session import Session
from adapters.cli.views.plans import plan_document, print_plan
from adapters.cli.work.delivering import write_chunks
from adapters.cli.work.reporting import overwrite_option
from adapters.cli.work.texts import read_plan
from core.domain.editing.recipe import Recipe
from core.errors import InvalidInputError
from core.usecases.recipes.keep import DeleteRecipe, GetRecipe, ListRecipes, SaveRecipe

if TYPE_CHECKING:
    from rich.console import Console

recipe = click.Group("recipe", help="Plans saved under a name, to be run on new pictures.")
PLAN_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _document(found: Recipe) -> dict[str, Any]:
    return {"id": found.id, "name": found.name, "created_at": found.created_at, "plan": plan_document(found.plan)}


def _print(console: "Console", document: dict[str, Any]) -> None:
    print_line(console, f"{document['name']} ({document['id']})", style="bold")
    print_plan(console, document["plan"])


@command(recipe, "save", about=SaveRecipe)
@click.argument("name")
@click.option("--order", "order_id", metavar="ORDER", help="Save the plan of this order.")
@click.option("--plan", "file", type=PLAN_FILE, metavar="FILE", help="Save a plan document (JSON).")
def save(session: Session, *, name: str, order_id: str | None, file: Path | None) -> None:
    """Save a recipe."""
    if (order_id is None) == (file is None):
        raise InvalidInputError("Name either an order or a file with a plan.", code="nothing_given")
    plan = read_plan(file) if file is not None else None
    saved = session.use(SaveRecipe)(actor=session.actor, name=name, order_id=order_id, plan=plan)
    session.show(_document(saved), _print)


@command(recipe, "list", about=ListRecipes)
def show_list(session: Session) -> None:
    """List recipes."""
    found = session.use(ListRecipes)(actor=session.actor)
    session.show({"recipes": [_document(r) for r in found]}, _print_list)


def _print_list(console: "Console", document: dict[str, Any]) -> None:
    rows = [(r["name"], r["id"], len(r["plan"].get("steps", ())), f"{r['created_at']:%Y-%m-%d %H:%M}")
            for r in document["recipes"]]  # fmt: skip
    print_table(console, ("Recipe", "Id", ">Shared steps", "Saved"), rows)


@command(recipe, "show", about=GetRecipe)
@click.argument("name")
def show(session: Session, *, name: str) -> None:
    """Show a recipe."""
    session.show(_document(session.use(GetRecipe)(actor=session.actor, name=name)), _print)


@command(recipe, "export", about="Write a recipe as a plan document (JSON), to be edited or run elsewhere.")
@click.argument("name")
@click.option("-o", "--out", "target", type=click.Path(path_type=Path), metavar="FILE",
              help="Where it goes; standard output when omitted.")  # fmt: skip
@overwrite_option
def export(session: Session, *, name: str, target: Path | None, overwrite: bool) -> None:
    """Export a recipe."""
    plan = plan_document(session.use(GetRecipe)(actor=session.actor, name=name).plan)
    text = json.dumps(plan, indent=2, ensure_ascii=False)
    if target is None:
        session.show(plan, lambda _console, _document: click.echo(text))
        return
    write_chunks(target, [f"{text}\n".encode()], overwrite=overwrite)
    session.show({"path": str(target)}, lambda console, d: print_line(console, d["path"]))


@command(recipe, "delete", about=DeleteRecipe)
@click.argument("name")
@yes_option
def delete(session: Session, *, name: str, is_agreed: bool) -> None:
    """Remove a recipe."""
    found = session.use(GetRecipe)(actor=session.actor, name=name)
    agree(session, f"Delete recipe {found.name!r} for good?", is_agreed=is_agreed)
    session.use(DeleteRecipe)(actor=session.actor, name=name)
    session.show({"deleted": name}, lambda console, d: print_line(console, f"{d['deleted']} deleted."))


@command(recipe, "run", about="Run a recipe on new pictures and write the finished files.")
@click.argument("name")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…")
@click.option("-o", "--out", "folder", required=True, type=click.Path(path_type=Path), metavar="DIR",
              help="Where the files go.")  # fmt: skip
@click.option("-r", "--recursive", is_flag=True, help="Look into folders of folders too.")
@click.option("-y", "--yes", "is_agreed", is_flag=True, help="Agree to the price beforehand.")
@overwrite_option
def run_recipe(session: Session, *, name: str, paths: tuple[Path, ...], folder: Path, **options: Any) -> int:
    """Run a recipe."""
    found = session.use(GetRecipe)(actor=session.actor, name=name)
    job = Job(
        paths=paths,
        wish=Wish(plan=found.plan, name=order_name(paths)),
        folder=folder,
        is_recursive=options["recursive"],
        is_agreed=options["is_agreed"],
        may_overwrite=options["overwrite"],
    )
    return NEEDS_LOOK if run(session, job) else OK
