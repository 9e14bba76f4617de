"""``i2i plan add``, ``set``, ``move`` …: single edits of a plan, and its revisions."""

from typing import TYPE_CHECKING, Any

import click

from adapters.cli.commands import command, order_argument
from adapters.cli.options import Pair
from adapters.cli.orders.planning import show_proposal
from adapters.cli.output import print_line, print_table
from adapters.cli.session import Session
from adapters.cli.views.plans import plan_document
from core.domain.editing.catalogue import find_operation
from core.domain.editing.edits import Place, add_step, change_step, move_step, remove_step, set_scope, step_at
from core.domain.editing.operation import Operation
from core.domain.editing.parameters import Kind
from core.domain.editing.plan import EditPlan, Step
from core.domain.editing.scope import ALL, Scope
from core.errors import InvalidInputError
from core.usecases.plans.apply import ApplyProfile, ApplyRecipe
from core.usecases.plans.edit import Edit, EditPlanSteps
from core.usecases.plans.revisions import CompareRevisions, ListRevisions, PlanComparison, RestoreRevision

if TYPE_CHECKING:
    from rich.console import Console

VALUES = Pair("NAME", "VALUE")
revision_option = click.option("--revision", type=int, help="The plan that was seen; another one refuses the change.")
output_option = click.option("--output", metavar="NAME", help="A step of this output; without it, a shared step.")
number_argument = click.argument("number", type=click.IntRange(min=1))
values_option = click.option("--set", "values", multiple=True, type=VALUES, help="A parameter of the step.")
only_option = click.option("--only", multiple=True, metavar="NAME", help="Only pictures of this name or pattern.")


@command(None, "revisions", about=ListRevisions)
@order_argument
def revisions(session: Session, *, order_id: str) -> None:
    """List revisions."""
    found = session.use(ListRevisions)(actor=session.actor, order_id=order_id)
    documents = [
        {"number": r.number, "origin": r.origin.value, "created_at": r.created_at, "plan": plan_document(r.plan)}
        for r in found
    ]
    session.show({"revisions": documents}, _print_revisions)


@command(None, "diff", about=CompareRevisions)
@order_argument
@click.argument("old", type=int)
@click.argument("new", type=int, required=False)
def diff(session: Session, *, order_id: str, old: int, new: int | None) -> None:
    """Compare revisions."""
    found = session.use(CompareRevisions)(actor=session.actor, order_id=order_id, old=old, new=new)
    session.show(_comparison(found), _print_comparison)


@command(None, "restore", about=RestoreRevision)
@order_argument
@click.argument("number", type=int)
@revision_option
def restore(session: Session, *, order_id: str, number: int, revision: int | None) -> int:
    """Bring a revision back."""
    use = session.use(RestoreRevision)
    return show_proposal(session, use(actor=session.actor, order_id=order_id, number=number, revision=revision))


@command(None, "add", about="Add a step to the plan, where its kind of work is done.")
@order_argument
@click.argument("op", metavar="OPERATION")
@values_option
@only_option
@output_option
@revision_option
def add(session: Session, *, order_id: str, op: str, output: str | None, revision: int | None, **given: Any) -> int:
    """Add a step."""
    step = Step(op=op, params=_params(find_operation(op), given["values"]), scope=_scope(given["only"]) or ALL)
    return _edit(session, order_id, revision, lambda plan: add_step(plan, step=step, output=output))


@command(None, "remove", about="Take a step out of the plan.")
@order_argument
@number_argument
@output_option
@revision_option
def remove(session: Session, *, order_id: str, number: int, output: str | None, revision: int | None) -> int:
    """Remove a step."""
    place = Place(index=number - 1, output=output)
    return _edit(session, order_id, revision, lambda plan: remove_step(plan, place=place))


@command(None, "move", about="Move a step among those of its kind of work: 1 is one further on, -1 one back.")
@order_argument
@number_argument
@click.option("--by", type=int, required=True, help="Places further on; negative is back.")
@output_option
@revision_option
def move(session: Session, *, order_id: str, number: int, by: int, output: str | None, revision: int | None) -> int:
    """Move a step."""
    place = Place(index=number - 1, output=output)
    return _edit(session, order_id, revision, lambda plan: move_step(plan, place=place, by=by))


@command(None, "set", about="Change parameters of a step, or the pictures that it is for.")
@order_argument
@number_argument
@values_option
@click.option("--unset", multiple=True, metavar="NAME", help="Take a parameter back to its default.")
@only_option
@click.option("--all", "is_for_all", is_flag=True, help="Let the step be for all pictures.")
@output_option
@revision_option
def set_values(
    session: Session, *, order_id: str, number: int, output: str | None, revision: int | None, **given: Any
) -> int:
    """Change a step."""
    place = Place(index=number - 1, output=output)
    scope = ALL if given["is_for_all"] else _scope(given["only"])

    def edit(plan: EditPlan) -> EditPlan:
        operation = find_operation(step_at(plan, place).op)
        wanted = _params(operation, given["values"]) | dict.fromkeys(given["unset"])
        changed = change_step(plan, place=place, params=wanted)
        return changed if scope is None else set_scope(changed, place=place, scope=scope)

    return _edit(session, order_id, revision, edit)


@command(None, "profile", about=ApplyProfile)
@order_argument
@click.argument("profile")
@click.option("--as-output", is_flag=True, help="Make the pictures for it besides the other outputs.")
@revision_option
def profile(session: Session, *, order_id: str, profile: str, as_output: bool, revision: int | None) -> int:
    """Apply a marketplace profile."""
    use = session.use(ApplyProfile)
    return show_proposal(
        session,
        use(actor=session.actor, order_id=order_id, profile=profile, as_output=as_output, revision=revision),
    )


@command(None, "recipe", about=ApplyRecipe)
@order_argument
@click.argument("recipe")
@revision_option
def recipe(session: Session, *, order_id: str, recipe: str, revision: int | None) -> int:
    """Apply a recipe."""
    use = session.use(ApplyRecipe)
    return show_proposal(session, use(actor=session.actor, order_id=order_id, recipe=recipe, revision=revision))


COMMANDS = (revisions, diff, restore, add, remove, move, set_values, profile, recipe)


def _edit(session: Session, order_id: str, revision: int | None, edit: Edit) -> int:
    use = session.use(EditPlanSteps)
    return show_proposal(session, use(actor=session.actor, order_id=order_id, edits=[edit], revision=revision))


def _params(operation: Operation, values: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    return {name: _value(operation.parameter(name).kind, text) for name, text in values}


def _value(kind: Kind, text: str) -> Any:
    if kind is Kind.FLAG and text.lower() in ("yes", "true", "no", "false"):
        return text.lower() in ("yes", "true")
    if kind in (Kind.INTEGER, Kind.NUMBER):
        try:
            return float(text)
        except ValueError:
            raise InvalidInputError(f"{text!r} is not a number.", code="invalid_parameter") from None
    return text


def _scope(names: tuple[str, ...]) -> Scope | None:
    if not names:
        return None
    patterns = tuple(n for n in names if set(n) & set("*?["))
    return Scope(files=tuple(n for n in names if n not in patterns), globs=patterns)


def _comparison(found: PlanComparison) -> dict[str, Any]:
    differences = [
        {
            "kind": d.kind.value, "output": d.output, "title": d.title, "sentence": d.sentence,
            "values": [{"label": v.label, "old": v.old, "new": v.new} for v in d.values],
        }
        for d in found.differences
    ]  # fmt: skip
    return {"old": found.old.number, "new": found.new.number, "differences": differences}


def _print_revisions(console: "Console", document: dict[str, Any]) -> None:
    rows = [(r["number"], r["origin"], f"{r['created_at']:%Y-%m-%d %H:%M}", len(r["plan"].get("steps", ())))
            for r in document["revisions"]]  # fmt: skip
    print_table(console, (">Plan", "Made by", "At", ">Shared steps"), rows)


def _print_comparison(console: "Console", document: dict[str, Any]) -> None:
    print_line(console, f"From plan {document['old']} to plan {document['new']}", style="bold")
    for found in document["differences"]:
        where = f" [{found['output']}]" if found["output"] else ""
        print_line(console, f"{found['kind']}{where}: {found['sentence']}")
        for value in found["values"]:
            print_line(console, f"    {value['label']}: {value['old']} -> {value['new']}")
    if not document["differences"]:
        print_line(console, "Both plans do the same.")
