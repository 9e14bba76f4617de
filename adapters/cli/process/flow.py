"""The way from files and words to finished files, step by step."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import attrs

from adapters.cli.process import asking
from adapters.cli.process.batches import Wish, draft, require_some, submit, tell_refused
from adapters.cli.process.conflicts import check_conflicts
from adapters.cli.session import Session
from adapters.cli.views.reports import Report, print_report
from adapters.cli.work.delivering import check_folder, deliver, gather, place
from adapters.cli.work.files import Found, find_files
from adapters.cli.work.following import carry_out
from adapters.cli.work.reporting import reporting
from core.errors import I2IError, InvalidInputError, QuestionsOpenError
from core.usecases.orders.change import DeleteOrder
from core.usecases.plans.proposal import Proposal
from core.usecases.runs.confirm import ConfirmOrder


@attrs.frozen(kw_only=True)
class Job:
    """What was asked for on the command line.

    Args:
        folder: where the files go; None when only a plan is wanted.
        outputs: deliverables to write; empty for all.
        leave_out: files among ``paths`` that are no pictures.
    """

    paths: tuple[Path, ...]
    wish: Wish
    folder: Path | None
    outputs: tuple[str, ...] = ()
    is_recursive: bool = False
    may_overwrite: bool = False
    is_plan_only: bool = False
    is_agreed: bool = False
    leave_out: tuple[Path, ...] = ()


def run(session: Session, job: Job) -> set[str]:
    """Do the job and write the report, also when something stops it.

    Returns:
        What should be looked at: ``flagged``, ``failed``, ``refused``.
    """
    report = Report(folder=job.folder)
    with reporting(session, report):
        _steps(session, job, report)
    if session.as_json or not job.is_plan_only:
        session.show(report.document(), print_report)
    return report.problems()


def _steps(session: Session, job: Job, report: Report) -> None:
    if job.folder is not None and not job.is_plan_only:
        check_folder(job.folder)
    found = find_files(job.paths, recursive=job.is_recursive, leave_out=job.leave_out)
    _take_in(session, job, report, found)
    with _discarding(session, report):
        _settle(session, job, report, sources=[f.path for f in found.files])
    if not job.is_plan_only:
        asking.require_credits(report.proposals)
        asking.confirm(session, report.proposals, is_agreed=job.is_agreed)
        _work(session, job, report)


def _take_in(session: Session, job: Job, report: Report, found: Found) -> None:
    drafted = draft(session, job.wish, found.files)
    report.refused = (*found.refused, *drafted.refused)
    require_some(drafted, report.refused)
    report.asked = [order.id for order in drafted.orders]
    if not session.as_json:
        tell_refused(session, report.refused)


def _settle(session: Session, job: Job, report: Report, *, sources: Sequence[Path]) -> None:
    """Show what will be done, and have everything cleared up before money is asked for."""
    report.proposals = submit(session, job.wish, report.asked)
    asking.show(session, report.proposals, is_result=job.is_plan_only)
    _check_plan(job, report.proposals[0])
    may_ask = session.is_interactive and not job.is_agreed and not job.is_plan_only
    report.proposals = asking.settle(session, report.proposals, may_ask=may_ask)
    if job.folder is not None and not job.is_plan_only:
        check_conflicts(session, report.proposals, job.folder, sources=sources, overwrite=job.may_overwrite)


@contextmanager
def _discarding(session: Session, report: Report) -> Iterator[None]:
    """Leave no order behind when the command has to be given again in another way."""
    try:
        yield
    except QuestionsOpenError:
        raise
    except I2IError:
        for order_id in report.asked:
            session.use(DeleteOrder)(actor=session.actor, order_id=order_id)
        report.proposals, report.asked = (), ()
        raise


def _work(session: Session, job: Job, report: Report) -> None:
    assert job.folder is not None
    for proposal in report.proposals:
        started = session.use(ConfirmOrder)(
            actor=session.actor, order_id=proposal.order.id, revision=proposal.revision.number
        )
        report.held += started.held
        report.runs |= {started.run.id}
    carry_out(session, report.asked)
    report.results = gather(session, report.asked, job.outputs)
    report.placed = place(report.results, job.folder)
    deliver(session, report.placed, overwrite=job.may_overwrite)


def _check_plan(job: Job, proposal: Proposal) -> None:
    """Stop before money is asked for nothing."""
    plan = proposal.revision.plan
    if not any(True for _ in plan.all_steps()) and not plan.open_questions:
        raise InvalidInputError(
            "Nothing in the instruction is something that can be done, so nothing was started.",
            code="nothing_understood",
            details={"unsupported": [u.reason for u in plan.unsupported]},
        )
    for name in job.outputs:
        if name not in plan.output_names:
            raise InvalidInputError(
                f"There is no output {name!r}; there are {', '.join(plan.output_names)}.", code="unknown_output"
            )
