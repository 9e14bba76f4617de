"""An earlier order is run again with new pictures: same words, same plan."""

import pytest

from core.domain.editing.plan import EditPlan, Option, Question
from core.domain.editing.revision import Origin
from core.domain.orders import MAX_NAME, Order, OrderStatus
from core.errors import NotFoundError
from core.kernel.actor import Actor
from core.usecases.images.add import AddImages
from core.usecases.orders.again import RunAgain
from core.usecases.orders.change import RenameOrder
from core.usecases.orders.set_instruction import SetInstruction
from core.usecases.plans.proposal import Proposal
from core.usecases.plans.submit import SubmitOrder
from tests.fakes import brighter, picture
from tests.studio import Studio


def again(studio: Studio, ada: Actor, order_id: str) -> Order:
    return studio.use(RunAgain)(actor=ada, order_id=order_id)


def submitted(studio: Studio, ada: Actor, order: Order) -> Proposal:
    file = studio.file("new.jpg", picture(f"new {order.id}"))
    studio.use(AddImages)(actor=ada, order_id=order.id, files=[file])
    return studio.use(SubmitOrder)(actor=ada, order_id=order.id)


def plan_of(studio: Studio, order: Order) -> EditPlan:
    with studio.app.new_reading() as work:
        return work.plans.get(order.id, order.plan_revision).plan


def test_the_new_order_has_the_words_and_at_submit_the_plan(studio: Studio, ada: Actor) -> None:
    source = studio.finished(ada, plan=brighter(2))
    asked = len(studio.planner.asked)
    draft = again(studio, ada, source.id)
    assert (draft.status, draft.wish, draft.image_count) == (OrderStatus.DRAFT, source.wish, 0)
    assert draft.name == f"{source.name} (again)"
    proposal = submitted(studio, ada, draft)
    assert proposal.revision.origin is Origin.AGAIN
    assert proposal.revision.plan.steps == plan_of(studio, source).steps
    assert len(studio.planner.asked) == asked
    assert again(studio, ada, draft.id).name == draft.name


def test_other_words_are_planned_anew(studio: Studio, ada: Actor) -> None:
    draft = again(studio, ada, studio.finished(ada, plan=brighter(2)).id)
    same = studio.use(SetInstruction)(actor=ada, order_id=draft.id, instruction=draft.instruction)
    assert same.plan_revision == draft.plan_revision
    studio.use(SetInstruction)(actor=ada, order_id=draft.id, instruction="darker")
    asked = len(studio.planner.asked)
    assert submitted(studio, ada, draft).revision.origin is Origin.PLANNER
    assert len(studio.planner.asked) == asked + 1


def test_an_order_without_a_plan_or_with_open_questions_gives_its_words_alone(studio: Studio, ada: Actor) -> None:
    assert again(studio, ada, studio.draft(ada).id).plan_revision == 0
    question = Question(key="white", about="Which white?", options=(Option(key="pure", label="Pure white"),))
    asked = studio.planned(ada, plan=EditPlan(questions=(question,))).order
    assert again(studio, ada, asked.id).plan_revision == 0


def test_a_long_name_is_cut_and_foreign_orders_are_not_found(studio: Studio, ada: Actor) -> None:
    source = studio.draft(ada)
    studio.use(RenameOrder)(actor=ada, order_id=source.id, name="x" * MAX_NAME)
    assert len(again(studio, ada, source.id).name) == MAX_NAME
    with pytest.raises(NotFoundError):
        again(studio, studio.customer("eve@example.com"), source.id)
