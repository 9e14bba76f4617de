"""Showing the plan, asking its questions, and asking for the go-ahead."""

from collections.abc import Sequence

import click

from adapters.cli.agreeing import agree
from adapters.cli.output import count, print_line
from adapters.cli.process.batches import answer
from adapters.cli.session import Session
from adapters.cli.views.plans import print_proposal, proposal_document
from core.domain.editing.plan import Question
from core.errors import InsufficientCreditsError, QuestionsOpenError
from core.usecases.plans.proposal import Proposal


def show(session: Session, proposals: Sequence[Proposal], *, is_result: bool) -> None:
    """Print every plan that differs from the one before.

    Args:
        is_result: the plan is the answer of the command, and not what precedes it.
    """
    if session.as_json:
        return
    console = session.out if is_result else session.err
    shown = None
    for proposal in proposals:
        if proposal.revision.plan != shown:
            print_proposal(console, proposal_document(proposal))
            shown = proposal.revision.plan
    if len(proposals) > 1:
        total = count(sum(p.quote.total for p in proposals), "credit")
        print_line(console, f"{len(proposals)} orders, {total} in all; positions such as “the first” count in each.")


def settle(session: Session, proposals: Sequence[Proposal], *, may_ask: bool) -> list[Proposal]:
    """Have open questions answered at the terminal.

    Raises:
        QuestionsOpenError: nobody can be asked; the message lists what is to be answered.
    """
    answers: dict[str, str] = {}
    settled = []
    for proposal in proposals:
        open_questions = proposal.revision.plan.open_questions
        unknown = [q for q in open_questions if q.key not in answers]
        if unknown and not may_ask:
            raise _open(unknown, proposal)
        for question in unknown:
            answers[question.key] = _ask(session, question, proposal)
        settled.append(answer(session, proposal, {q.key: answers[q.key] for q in open_questions}))
    return settled


def _ask(session: Session, question: Question, proposal: Proposal) -> str:
    if not question.options:
        raise _open([question], proposal)
    print_line(session.err, question.about, style="bold")
    for option in question.options:
        print_line(session.err, f"  {option.key}: {option.label}")
    keys = [option.key for option in question.options]
    chosen: str = click.prompt("Your answer", type=click.Choice(keys), default=question.default, err=True)
    return chosen


def _open(questions: Sequence[Question], proposal: Proposal) -> QuestionsOpenError:
    lines = []
    for question in questions:
        options = " or ".join(f"--answer {question.key}={o.key} ({o.label})" for o in question.options)
        lines.append(f"{question.about} Answer with {options}." if options else f"{question.about}")
    return QuestionsOpenError(
        f"{' '.join(lines)} Nothing was spent.",
        details={"order_id": proposal.order.id, "questions": [q.key for q in questions]},
    )


def require_credits(proposals: Sequence[Proposal]) -> None:
    """Refuse, before the first of several orders is confirmed, what the balance does not cover in all.

    Raises:
        InsufficientCreditsError: nothing was started.
    """
    available, total = proposals[0].available, sum(p.quote.total for p in proposals)
    if available is not None and total > available:
        raise InsufficientCreditsError(available=available, required=total)


def confirm(session: Session, proposals: Sequence[Proposal], *, is_agreed: bool) -> None:
    """Ask for the go-ahead unless it was given on the command line.

    Raises:
        InvalidInputError: code ``not_confirmed``, when nobody can be asked.
        DeclinedError: the answer was no.
    """
    total = count(sum(p.quote.total for p in proposals), "credit")
    pictures = count(sum(p.images for p in proposals), "picture")
    agree(session, f"Edit {pictures} for {total}?", is_agreed=is_agreed, default=True)
