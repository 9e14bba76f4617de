"""Earlier states of a plan: list them, compare two, bring one back."""

import attrs

from core.domain.editing.diff import Difference, compare
from core.domain.editing.plan import check_plan
from core.domain.editing.revision import Origin, PlanRevision
from core.kernel.actor import Actor
from core.ports.unit_of_work import NewReading, NewWork
from core.usecases.journal import Journal
from core.usecases.orders.access import readable_order
from core.usecases.plans.proposal import Proposal, Proposer
from core.usecases.plans.revise import note_plan, planned_order


@attrs.frozen(kw_only=True)
class PlanComparison:
    """What changed between two revisions."""

    old: PlanRevision
    new: PlanRevision
    differences: tuple[Difference, ...]


@attrs.frozen(kw_only=True)
class ListRevisions:
    """List all revisions of an order's plan, newest first."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, order_id: str) -> tuple[PlanRevision, ...]:
        """Return the revisions.

        Raises:
            NotFoundError: no such order.
        """
        with self.new_reading() as work:
            readable_order(work, actor, order_id)
            return tuple(reversed(work.plans.list(order_id)))


@attrs.frozen(kw_only=True)
class CompareRevisions:
    """Say in plain words what differs between two revisions of a plan."""

    new_reading: NewReading

    def __call__(self, *, actor: Actor, order_id: str, old: int, new: int | None = None) -> PlanComparison:
        """Return the differences.

        Args:
            old, new: numbers of revisions; None for the current one.

        Raises:
            NotFoundError: no such order or revision.
        """
        with self.new_reading() as work:
            order = readable_order(work, actor, order_id)
            first = work.plans.get(order_id, old)
            second = work.plans.get(order_id, order.plan_revision if new is None else new)
        return PlanComparison(old=first, new=second, differences=compare(first.plan, second.plan))


@attrs.frozen(kw_only=True)
class RestoreRevision:
    """Bring an earlier plan back, as a new revision."""

    new_work: NewWork
    proposer: Proposer
    journal: Journal

    def __call__(self, *, actor: Actor, order_id: str, number: int, revision: int | None = None) -> Proposal:
        """Store the plan of an earlier revision as the newest one and price it.

        Args:
            number: the revision that is brought back.
            revision: the revision that was seen as current; another one refuses the change.

        Raises:
            NotFoundError: no such order or revision.
            ConflictError: code ``stale_plan`` or ``no_open_plan``.
        """
        with self.new_work() as work:
            order = planned_order(work, actor, order_id, revision=revision)
            plan = check_plan(work.plans.get(order_id, number).plan)
            proposal = self.proposer.propose(work, order, plan=plan, origin=Origin.RESTORED)
            note_plan(self.journal, work, actor, proposal, what=f"plan {number} brought back")
            work.commit()
        return proposal
