"""The way from files and words to finished files, step by step."""

from pathlib import Path

import attrs

from adapters.cli.output import print_line
from adapters.cli.process import asking
from adapters.cli.process.batches import Wish, draft, require_some, submit, tell_refused
from adapters.cli.process.conflicts import check_conflicts
from adapters.cli.session import Session
from adapters.cli.views.reports import Report, print_report
from adapters.cli.work.delivering import check_folder, deliver, gather, place
from adapters.cli.work.files import find_files
from adapters.cli.work.following import carry_out
from adapters.cli.work.reporting import reporting
from core.errors import InvalidInputError
from core.usecases.images.add import Incoming
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
    files = _plan(session, job, report)
    if job.is_plan_only:
        asking.settle(session, report.proposals, may_ask=False)
        print_line(session.err, f"Nothing was spent. `i2i order confirm` starts order {', '.join(report.order_ids)}.")
        return
    assert job.folder is not None
    report.proposals = asking.settle(session, report.proposals, may_ask=session.is_interactive and not job.is_agreed)
    check_conflicts(session, report.proposals, job.folder, sources=[f.path for f in files], overwrite=job.may_overwrite)
    asking.require_credits(report.proposals)
    asking.confirm(session, report.proposals, is_agreed=job.is_agreed)
    for proposal in report.proposals:
        started = session.use(ConfirmOrder)(
            actor=session.actor, order_id=proposal.order.id, revision=proposal.revision.number
        )
        report.held += started.held
        report.runs |= {started.run.id}
    carry_out(session, report.order_ids)
    report.results = gather(session, report.order_ids, job.outputs)
    report.placed = place(report.results, job.folder)
    deliver(session, report.placed, overwrite=job.may_overwrite)


def _plan(session: Session, job: Job, report: Report) -> tuple[Incoming, ...]:
    """Take the pictures in, and show what will be done with them."""
    found = find_files(job.paths, recursive=job.is_recursive, leave_out=job.leave_out)
    drafted = draft(session, job.wish, found.files)
    report.refused = (*found.refused, *drafted.refused)
    require_some(drafted, report.refused)
    if not session.as_json:
        tell_refused(session, report.refused)
    report.proposals = submit(session, job.wish, drafted.orders)
    asking.show(session, report.proposals)
    _check_plan(job, report.proposals[0])
    return found.files


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
