"""From a draft to a confirmed plan."""

from pathlib import Path

import click

from adapters.cli.commands import command, order_argument
from adapters.cli.errors import OK, QUESTION
from adapters.cli.options import ANSWERS
from adapters.cli.orders.group import order
from adapters.cli.output import count, print_line
from adapters.cli.session import Session
from adapters.cli.views.plans import print_proposal, proposal_document
from adapters.cli.work.texts import read_plan
from core.usecases.plans.proposal import Proposal
from core.usecases.plans.revise import AnswerQuestions
from core.usecases.plans.submit import SubmitOrder


@command(order, "submit", about=SubmitOrder)
@order_argument
@click.option("--recipe", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="A plan document (JSON) instead of the words.")  # fmt: skip
def submit(session: Session, *, order_id: str, recipe: Path | None) -> int:
    """Plan an order; exit with 4 when the plan leaves questions."""
    plan = read_plan(recipe) if recipe is not None else None
    return show_proposal(session, session.use(SubmitOrder)(actor=session.actor, order_id=order_id, plan=plan))


@command(order, "answer", about=AnswerQuestions)
@order_argument
@click.argument("answers", nargs=-1, required=True, type=ANSWERS, metavar="QUESTION=OPTION…")
@click.option("--revision", type=int, help="The plan that was seen; another current one refuses the answers.")
def answer(session: Session, *, order_id: str, answers: tuple[tuple[str, str], ...], revision: int | None) -> int:
    """Answer questions; exit with 4 when some are left."""
    use = session.use(AnswerQuestions)
    return show_proposal(session, use(actor=session.actor, order_id=order_id, answers=dict(answers), revision=revision))


def show_proposal(session: Session, proposal: Proposal) -> int:
    """Print a plan with its price, and say whether questions are open."""
    session.show(proposal_document(proposal), print_proposal)
    still_open = len(proposal.revision.plan.open_questions)
    if still_open and not session.as_json:
        print_line(session.err, f"{count(still_open, 'question')} must be answered with `i2i order answer`.")
    return QUESTION if still_open else OK
