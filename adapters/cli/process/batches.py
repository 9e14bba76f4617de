"""From files and words to planned orders: one for every hundred pictures."""

from collections.abc import Sequence
from pathlib import Path

import attrs

from adapters.cli.output import count, print_line
from adapters.cli.session import Session
from adapters.cli.work.progress import counting
from core.domain.editing.plan import EditPlan
from core.domain.orders import MAX_IMAGES, Order
from core.errors import InvalidInputError
from core.usecases.images.add import AddImages, Incoming, Refusal
from core.usecases.orders.change import DeleteOrder
from core.usecases.orders.create import CreateOrder
from core.usecases.orders.read_brief import Brief
from core.usecases.orders.set_instruction import SetInstruction
from core.usecases.plans.proposal import Proposal
from core.usecases.plans.revise import AnswerQuestions
from core.usecases.plans.submit import SubmitOrder


@attrs.frozen(kw_only=True)
class Wish:
    """What is wanted: words, a brief, or a ready plan.

    Args:
        name: of the order; empty for the name of the folder.
        answers: question -> option.
    """

    instruction: str = ""
    brief: Brief | None = None
    plan: EditPlan | None = None
    name: str = ""
    answers: dict[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Drafted:
    """Orders that hold the pictures, and the files that were refused."""

    orders: tuple[Order, ...]
    refused: tuple[Refusal, ...]


def draft(session: Session, wish: Wish, files: Sequence[Incoming]) -> Drafted:
    """Open as many orders as the pictures need, and fill them.

    Raises:
        InvalidInputError: code ``no_usable_picture``; nothing is left behind.
    """
    parts = [files[start : start + MAX_IMAGES] for start in range(0, len(files), MAX_IMAGES)]
    orders: list[Order] = []
    refused: list[Refusal] = []
    for number, part in enumerate(parts, 1):
        name = wish.name if len(parts) == 1 or not wish.name else f"{wish.name} ({number} of {len(parts)})"
        order = session.use(CreateOrder)(actor=session.actor, name=name, instruction=wish.instruction)
        try:
            if wish.brief is not None:
                session.use(SetInstruction)(actor=session.actor, order_id=order.id, brief=wish.brief)
            with counting(session.err, len(part), "looking at the pictures") as looked:
                use = session.use(AddImages)
                added = use(actor=session.actor, order_id=order.id, files=part, on_file=looked)
        except BaseException:
            for begun in (*orders, order):
                session.use(DeleteOrder)(actor=session.actor, order_id=begun.id)
            raise
        refused += added.refused
        if added.images:
            orders.append(added.order)
        else:
            session.use(DeleteOrder)(actor=session.actor, order_id=order.id)
    return Drafted(orders=tuple(orders), refused=tuple(refused))


def submit(session: Session, wish: Wish, order_ids: Sequence[str]) -> list[Proposal]:
    """Plan and price the orders, with the answers that were given beforehand."""
    use = session.use(SubmitOrder)
    planned = [use(actor=session.actor, order_id=order_id, plan=wish.plan) for order_id in order_ids]
    return [answer(session, proposal, wish.answers) for proposal in planned]


def answer(session: Session, proposal: Proposal, answers: dict[str, str]) -> Proposal:
    """Answer questions of one plan."""
    if not answers:
        return proposal
    return session.use(AnswerQuestions)(
        actor=session.actor, order_id=proposal.order.id, answers=answers, revision=proposal.revision.number
    )


def order_name(paths: Sequence[Path]) -> str:
    """Name an order after the folder that its pictures come from."""
    first = paths[0].resolve()
    name = first.name if first.is_dir() else first.parent.name
    return "".join(c for c in name if c.isprintable()).strip()[:80]


def tell_refused(session: Session, refused: Sequence[Refusal]) -> None:
    """Name every file that was not taken, with the reason."""
    if refused:
        print_line(session.err, f"{count(len(refused), 'file')} refused:", style="red")
    for refusal in refused:
        print_line(session.err, f"  {refusal.message}")


def require_some(drafted: Drafted, refused: Sequence[Refusal]) -> None:
    """Refuse to go on without a picture.

    Raises:
        InvalidInputError: code ``no_usable_picture``.
    """
    if not drafted.orders:
        reasons = " ".join(r.message for r in refused[:5]) or "The folder holds no files."
        raise InvalidInputError(
            f"There is no usable picture. {reasons}",
            code="no_usable_picture",
            details={"refused": [{"name": r.name, "code": r.code, "message": r.message} for r in refused]},
        )
