"""Trying failed pictures again, and working on finished ones again."""

import attrs
import pytest

from core.domain.editing.plan import EditPlan, Question, Step
from core.domain.images import ImageStatus
from core.domain.orders import OrderStatus
from core.domain.runs import RunKind
from core.errors import (
    ConflictError,
    I2IError,
    InvalidInputError,
    InvalidTransitionError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from core.kernel.actor import Actor, Scope
from core.usecases.images.review import ApproveImages, FlagImages, ReopenImages
from core.usecases.queries.orders import GetLog, ListVersions
from core.usecases.runs.cancel import CancelOrder
from core.usecases.runs.process import Outcome
from core.usecases.runs.reprocess import Reprocess, Retouch
from core.usecases.runs.retry import RetryFailed
from tests.fakes import brighter
from tests.studio import PRICE, Studio, ids_of

GONE = ProviderUnavailableError("The engine died.")
REFUSED = ProviderRejectedError("This picture cannot be rendered.")


def test_failed_pictures_are_tried_again_with_their_plan(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    studio.fail(started.order.id, 1, REFUSED)
    studio.fail(started.order.id, 3, REFUSED)
    studio.work()
    again = studio.use(RetryFailed)(actor=ada, order_id=started.order.id)
    assert (again.run.kind, again.held) == (RunKind.RETRY, 2 * PRICE)
    assert studio.work() == [Outcome.DONE] * 2
    assert studio.states(started.order.id) == ["completed"] * 3
    assert all(i.failure is None for i in studio.images(started.order.id))
    assert studio.audit().consumed == 3 * PRICE
    with pytest.raises(InvalidInputError) as refused:
        studio.use(RetryFailed)(actor=ada, order_id=started.order.id)
    assert refused.value.code == "nothing_failed"


def test_a_cancelled_retry_can_be_tried_again(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada, "one.jpg")
    studio.fail(started.order.id, 1, REFUSED)
    studio.work()
    studio.use(RetryFailed)(actor=ada, order_id=started.order.id)
    studio.use(CancelOrder)(actor=ada, order_id=started.order.id)
    assert studio.states(started.order.id) == ["failed"]
    studio.use(RetryFailed)(actor=ada, order_id=started.order.id)
    studio.work()
    assert studio.states(started.order.id) == ["completed"]


def test_failed_pictures_are_tried_with_the_plan_that_failed_not_with_one_that_was_cancelled(
    studio: Studio, ada: Actor
) -> None:
    started = studio.confirmed(ada, "one.jpg")
    studio.fail(started.order.id, 1, REFUSED)
    studio.work()
    (image,) = studio.images(started.order.id)
    items = [Retouch(image_id=image.id, instruction="darker")]
    studio.use(Reprocess)(actor=ada, order_id=started.order.id, items=items)
    studio.use(CancelOrder)(actor=ada, order_id=started.order.id)
    (again,) = studio.use(RetryFailed)(actor=ada, order_id=started.order.id).items
    assert (again.instruction, again.plan_revision) == ("", started.order.plan_revision)


def test_a_failed_retouch_keeps_the_earlier_version_also_when_its_retry_is_cancelled(
    studio: Studio, ada: Actor
) -> None:
    order = studio.finished(ada, "one.jpg")
    (image,) = studio.images(order.id)
    studio.fail(order.id, 1, REFUSED)
    studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=image.id, instruction="darker")])
    studio.work()
    assert studio.states(order.id) == ["failed"]
    ended = studio.order(order.id)
    assert ended.status is OrderStatus.COMPLETED
    said = "1 of 1 picture finished. 1 could not be made again and stayed as before, at no cost."
    assert ended.summary.splitlines()[0] == said
    studio.use(RetryFailed)(actor=ada, order_id=order.id)
    ended = studio.use(CancelOrder)(actor=ada, order_id=order.id)
    assert studio.states(order.id) == ["completed"]
    assert ended.status is OrderStatus.COMPLETED
    assert studio.use(ApproveImages)(actor=ada, order_id=order.id, image_ids=[image.id])[0].approved_version == 1


@pytest.mark.req("S0-REPR-02", "S0-REPR-05")
def test_a_retouch_continues_the_plan_of_the_chosen_version(studio: Studio, ada: Actor) -> None:
    base = EditPlan(steps=(Step(op="exposure", params={"ev": 0.5}), Step(op="sharpen")))
    studio.planner.lines["darker"] = brighter(-1)
    studio.planner.lines["more contrast"] = EditPlan(steps=(Step(op="contrast", params={"amount": 20}),))
    order = studio.finished(ada, "one.jpg", plan=base)
    (image,) = studio.images(order.id)
    reprocess = studio.use(Reprocess)

    def steps(version: int) -> list[tuple[str, object]]:
        versions = studio.use(ListVersions)(actor=ada, order_id=order.id, image_id=image.id)
        with studio.app.new_reading() as work:
            plan = work.plans.get(order.id, versions[version - 1].plan_revision).plan
        return [(s.op, s.params.get("ev", s.params.get("amount"))) for s in plan.steps]

    for words, base_version in (("darker", None), ("more contrast", 1), ("darker", 0), ("", 2)):
        reprocess(
            actor=ada, order_id=order.id,
            items=[Retouch(image_id=image.id, instruction=words, base_version=base_version)],
        )  # fmt: skip
        studio.work()
    sharpen = steps(1)[1]
    assert steps(2) == [sharpen, ("exposure", -1.0)]
    assert steps(3) == [("exposure", 0.5), sharpen, ("contrast", 20.0)]
    assert steps(4) == [("exposure", -1.0)]
    assert steps(5) == steps(2)
    versions = studio.use(ListVersions)(actor=ada, order_id=order.id, image_id=image.id)
    assert [v.base_version for v in versions] == [0, 1, 1, 0, 2]
    assert versions[4].files[0].sha256 == versions[1].files[0].sha256
    assert set(studio.engine.sources) == {studio.content(order.id, 1)}
    assert studio.audit().consumed == 5 * PRICE


@pytest.mark.req("S0-REPR-03", "S0-REPR-06", "S0-LOG-05")
def test_several_pictures_are_retouched_each_with_its_own_words(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada)
    first, second, third = ids_of(studio.images(order.id))
    items = [
        Retouch(image_id=first, instruction="darker"),
        Retouch(image_id=second, instruction="darker"),
        Retouch(image_id=third, instruction="sharper"),
    ]
    started = studio.use(Reprocess)(actor=ada, order_id=order.id, items=items)
    assert [r.instruction for r in studio.planner.asked[-2:]] == ["darker", "sharper"]
    assert len({i.plan_revision for i in started.items}) == 2
    log = studio.use(GetLog)(actor=ada, order_id=order.id)
    assert (log[-1].type.value, log[-1].prompt) == ("reprocess", "darker\nsharper")
    studio.work()
    log = studio.use(GetLog)(actor=ada, order_id=order.id)
    prompts = [e.prompt for e in log if e.type == "reprocess" and e.image_id]
    assert prompts == ["darker", "darker", "sharper"]
    assert [i.latest_version for i in studio.images(order.id)] == [2, 2, 2]


def test_a_retouch_that_makes_no_sense_is_refused_before_anything_is_spent(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "one.jpg")
    (image,) = studio.images(order.id)
    studio.planner.lines["dance"] = EditPlan()
    studio.planner.lines["which?"] = EditPlan(questions=(Question(key="q", about="Which side?"),))
    studio.planner.lines["lost"] = ProviderUnavailableError("The planner is away.")
    balance = studio.balance(ada)
    attempts: list[tuple[list[Retouch], str]] = [
        ([Retouch(image_id=image.id, instruction="dance")], "nothing_understood"),
        ([Retouch(image_id=image.id, instruction="which?")], "questions_open"),
        ([Retouch(image_id=image.id, instruction="lost")], "provider_unavailable"),
        ([Retouch(image_id=image.id, base_version=2)], "unknown_version"),
        ([Retouch(image_id=image.id), Retouch(image_id=image.id)], "duplicate_image"),
        ([Retouch(image_id="0" * 26)], "not_found"),
        ([], "no_images"),
    ]
    for items, code in attempts:
        with pytest.raises(I2IError) as refused:
            studio.use(Reprocess)(actor=ada, order_id=order.id, items=items)
        assert refused.value.code == code
    assert studio.balance(ada) == balance
    assert studio.order(order.id).status is OrderStatus.COMPLETED


def test_nothing_is_worked_on_again_before_the_plan_was_confirmed(studio: Studio, ada: Actor) -> None:
    plan = EditPlan(steps=(Step(op="sharpen"),), questions=(Question(key="q", about="Which side?"),))
    order = studio.planned(ada, plan=plan).order
    first = studio.images(order.id)[0]
    with pytest.raises(InvalidTransitionError) as refused:
        studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=first.id)])
    assert refused.value.code == "not_confirmed"
    assert studio.balance(ada).held == 0
    assert studio.order(order.id).status is OrderStatus.AWAITING_CONFIRMATION


def test_the_planner_is_not_asked_for_work_that_cannot_be_done(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "one.jpg")
    (image,) = studio.images(order.id)
    asked = len(studio.planner.asked)
    reader = attrs.evolve(ada, scopes=frozenset({Scope.ORDERS_READ}))
    for who, image_id in ((ada, "0" * 26), (reader, image.id)):
        items = [Retouch(image_id=image_id, instruction="darker")]
        with pytest.raises(I2IError):
            studio.use(Reprocess)(actor=who, order_id=order.id, items=items)
    assert len(studio.planner.asked) == asked


def test_a_picture_in_work_is_not_started_again(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada)
    first, second, _ = ids_of(studio.images(order.id))
    studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=first)])
    with pytest.raises(InvalidTransitionError) as refused:
        studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=second), Retouch(image_id=first)])
    assert refused.value.code == "image_busy"
    studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=second)])
    assert studio.work() == [Outcome.DONE] * 2
    assert studio.order(order.id).status is OrderStatus.COMPLETED


def test_a_picture_in_work_is_not_reviewed(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "one.jpg")
    ids = ids_of(studio.images(order.id))
    studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=ids[0])])
    for review in (ApproveImages, FlagImages, ReopenImages):
        with pytest.raises(InvalidTransitionError) as refused:
            studio.use(review)(actor=ada, order_id=order.id, image_ids=ids)  # type: ignore[operator]
        assert refused.value.code == "image_busy"
    studio.use(CancelOrder)(actor=ada, order_id=order.id)
    assert studio.states(order.id) == ["completed"]


def test_cancelling_a_retouch_gives_back_the_approval(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "one.jpg")
    (image,) = studio.images(order.id)
    studio.use(ApproveImages)(actor=ada, order_id=order.id, image_ids=[image.id])
    studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=image.id)])
    studio.use(CancelOrder)(actor=ada, order_id=order.id)
    (image,) = studio.images(order.id)
    assert (image.status, image.approved_version, image.latest_version) == (ImageStatus.APPROVED, 1, 1)


def test_a_new_version_leaves_the_approval_with_the_old_one(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "one.jpg")
    (image,) = studio.images(order.id)
    studio.use(ApproveImages)(actor=ada, order_id=order.id, image_ids=[image.id])
    studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=image.id)])
    studio.work()
    (image,) = studio.images(order.id)
    assert (image.status, image.approved_version, image.latest_version) == (ImageStatus.COMPLETED, 1, 2)


def test_a_retouch_that_is_sent_twice_is_paid_once(studio: Studio, ada: Actor) -> None:
    order_id = studio.confirmed(ada).order.id
    studio.work()
    wish = [Retouch(image_id=studio.images(order_id)[0].id)]
    first = studio.use(Reprocess)(actor=ada, order_id=order_id, items=wish, idempotency_key="k")
    studio.work()
    again = studio.use(Reprocess)(actor=ada, order_id=order_id, items=wish, idempotency_key="k")
    assert again.run.id == first.run.id
    assert studio.audit().consumed == 4 * PRICE
    with pytest.raises(ConflictError) as refused:
        studio.use(Reprocess)(actor=ada, order_id=order_id, items=[*wish, *wish][:0], idempotency_key="k")
    assert refused.value.code == "idempotency_mismatch"
