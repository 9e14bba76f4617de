"""``i2i plan``: edit plans and the operations that they are made of."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from adapters.cli import plan_edits
from adapters.cli.commands import command, order_argument
from adapters.cli.options import ANSWERS
from adapters.cli.orders.planning import show_proposal
from adapters.cli.output import print_line, print_table
from adapters.cli.session import Session
from adapters.cli.views.plans import plan_document, print_plan
from adapters.cli.work.texts import read_plan
from core.domain.editing.catalogue import OPERATIONS, find_operation, json_schema
from core.domain.editing.operation import Operation
from core.domain.editing.parameters import Parameter
from core.domain.editing.resolve import resolve
from core.domain.editing.scope import ImageFacts
from core.errors import InvalidInputError
from core.usecases.plans.revise import AnswerQuestions, GetPlan, RevisePlan

if TYPE_CHECKING:
    from rich.console import Console

plan = click.Group("plan", help="Edit plans: what will be done, and every operation there is.")
for _edit in plan_edits.COMMANDS:
    plan.add_command(_edit)
plan_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@command(plan, "show", about=GetPlan)
@order_argument
def show(session: Session, *, order_id: str) -> int:
    """Show a plan; exit with 4 when questions are open."""
    return show_proposal(session, session.use(GetPlan)(actor=session.actor, order_id=order_id))


@command(plan, "edit", about=RevisePlan)
@order_argument
@plan_argument
@click.option("--revision", type=int, help="The plan that was edited; another current one refuses the change.")
def edit(session: Session, *, order_id: str, file: Path, revision: int | None) -> int:
    """Replace the plan by the document in a file."""
    edited = read_plan(file)
    use = session.use(RevisePlan)
    return show_proposal(session, use(actor=session.actor, order_id=order_id, plan=edited, revision=revision))


@command(plan, "answer", about=AnswerQuestions)
@order_argument
@click.argument("answers", nargs=-1, required=True, type=ANSWERS, metavar="QUESTION=OPTION…")
@click.option("--revision", type=int, help="The plan that was seen; another current one refuses the answers.")
def answer(session: Session, *, order_id: str, answers: tuple[tuple[str, str], ...], revision: int | None) -> int:
    """Answer questions; exit with 4 when some are left."""
    use = session.use(AnswerQuestions)
    return show_proposal(session, use(actor=session.actor, order_id=order_id, answers=dict(answers), revision=revision))


@command(plan, "operations", about="List every operation that a plan may hold, or explain one.", has_user=False)
@click.argument("key", required=False)
def operations(session: Session, *, key: str | None) -> None:
    """List operations."""
    chosen = [find_operation(key)] if key is not None else list(OPERATIONS.values())
    document = {"operations": [_operation(o) for o in chosen]}
    session.show(document, _print_operation if key is not None else _print_operations)


@command(plan, "schema", about="Print the JSON Schema of one step of a plan.", has_user=False)
def schema(session: Session) -> None:
    """Print the schema."""
    session.show(json_schema(), lambda console, d: console.print_json(json.dumps(d), highlight=False))


@command(plan, "check", about="Check a plan document without an order: every step, engine and profile.", has_user=False)
@plan_argument
def check(session: Session, *, file: Path) -> None:
    """Check a plan document."""
    checked = read_plan(file)
    for step in checked.all_steps():
        if not session.app.engine.can(step.op):
            raise InvalidInputError(f"No configured engine carries out {step.op}.", code="no_engine")
        if step.params.get("profile"):
            session.app.profiles.get(step.params["profile"])
    if not checked.open_questions:
        resolve(checked, ImageFacts(name="picture.jpg", position=1, count=1))
    session.show({"is_valid": True, "plan": plan_document(checked)}, _print_checked)


def _print_checked(console: "Console", document: dict[str, Any]) -> None:
    print_plan(console, document["plan"])
    print_line(console, "The plan can be carried out.")


def _operation(operation: Operation) -> dict[str, Any]:
    return {
        "key": operation.key,
        "summary": operation.summary,
        "stage": operation.stage.name.lower(),
        "price_key": operation.price_key,
        "is_repeatable": operation.is_repeatable,
        "needs": list(operation.needs),
        "parameters": [_parameter(p) for p in operation.parameters],
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "kind": parameter.kind.value,
        "doc": parameter.doc,
        "unit": parameter.unit,
        "minimum": parameter.minimum,
        "maximum": parameter.maximum,
        "choices": list(parameter.choices),
        "default": parameter.default,
        "required": parameter.required,
    }


def _print_operations(console: "Console", document: dict[str, Any]) -> None:
    rows = [(o["key"], o["summary"], ", ".join(p["name"] for p in o["parameters"])) for o in document["operations"]]
    print_table(console, ("Operation", "What it does", "Parameters"), rows)


def _print_operation(console: "Console", document: dict[str, Any]) -> None:
    (operation,) = document["operations"]
    print_line(console, f"{operation['key']}: {operation['summary']}", style="bold")
    rows = [(p["name"], _allowed(p), p["default"], p["doc"]) for p in operation["parameters"]]
    print_table(console, ("Parameter", "Values", "Default", "Meaning"), rows)


def _allowed(parameter: dict[str, Any]) -> str:
    if parameter["choices"]:
        return ", ".join(parameter["choices"])
    bounds = [f"{v:g}" if v is not None else "" for v in (parameter["minimum"], parameter["maximum"])]
    span = "…".join(bounds) if any(bounds) and parameter["kind"] in ("integer", "number") else ""
    return " ".join(part for part in (parameter["kind"], span, parameter["unit"]) if part)
