"""Submitting, answering, revising and previewing plans."""

import pytest

from core.domain.editing.plan import Change, ChangeKind, EditPlan, Option, Output, Question, Step
from core.domain.editing.scope import Scope
from core.domain.images import OrderImage
from core.domain.orders import OrderStatus
from core.errors import (
    ConflictError,
    InvalidInputError,
    LimitReachedError,
    NotFoundError,
    ProviderUnavailableError,
    QuestionsOpenError,
)
from core.kernel.actor import Actor
from core.usecases.assets.logos import AddLogo
from core.usecases.orders.change import DeleteOrder, RestoreOrder
from core.usecases.orders.create import CreateOrder
from core.usecases.orders.set_instruction import SetInstruction
from core.usecases.plans.preview import PREVIEWS_PER_ORDER, GetPreview, PreviewPlan
from core.usecases.plans.preview_files import PREVIEW_EDGE
from core.usecases.plans.revise import AnswerQuestions, GetPlan, RevisePlan
from core.usecases.plans.submit import SubmitOrder
from core.usecases.queries.orders import GetLog
from core.usecases.runs.confirm import ConfirmOrder
from tests.fakes import brighter, picture
from tests.studio import PRICE, Studio

HOW_MUCH = Question(
    key="how_much",
    about="How much brighter?",
    options=(
        Option(
            key="little", label="A little", changes=(Change(kind=ChangeKind.SET, op="exposure", params={"ev": 0.3}),)
        ),
        Option(key="much", label="Much", changes=(Change(kind=ChangeKind.SET, op="exposure", params={"ev": 1.5}),)),
    ),
)


@pytest.mark.req("S0-INST-02")
def test_a_proposal_tells_the_price_before_anything_is_spent(studio: Studio, ada: Actor) -> None:
    proposal = studio.planned(ada)
    assert (proposal.quote.total, proposal.images, proposal.available) == (3 * PRICE, 3, 100)
    assert proposal.is_affordable
    assert (proposal.order.status, proposal.order.quoted) == (OrderStatus.AWAITING_CONFIRMATION, 3 * PRICE)
    assert studio.balance(ada).available == 100
    (request,) = studio.planner.asked
    assert (request.instruction, request.names) == ("brighter", ("one.jpg", "two.jpg", "three.jpg"))
    assert studio.use(GetPlan)(actor=ada, order_id=proposal.order.id).revision == proposal.revision


def test_an_order_that_is_too_dear_says_so(studio: Studio) -> None:
    eve = studio.customer("eve@example.com", credits=1)
    assert not studio.planned(eve).is_affordable
    assert studio.planned(studio.operator()).available is None


def test_nothing_to_plan_is_refused(studio: Studio, ada: Actor) -> None:
    empty = studio.use(CreateOrder)(actor=ada, instruction="brighter")
    silent = studio.draft(ada, instruction=" ")
    for order, code in ((empty, "empty_order"), (silent, "no_instruction")):
        with pytest.raises(InvalidInputError) as refused:
            studio.use(SubmitOrder)(actor=ada, order_id=order.id)
        assert refused.value.code == code
        assert studio.order(order.id).status is OrderStatus.DRAFT


def test_a_ready_plan_needs_neither_words_nor_planner(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada, instruction="")
    proposal = studio.use(SubmitOrder)(actor=ada, order_id=order.id, plan=brighter())
    assert proposal.revision.origin == "recipe"
    assert studio.planner.asked == []


@pytest.mark.parametrize("error", [ProviderUnavailableError("The planner is away."), RuntimeError("bug")])
def test_a_planner_that_fails_leaves_a_draft(studio: Studio, ada: Actor, error: Exception) -> None:
    order = studio.draft(ada)
    studio.planner.lines["brighter"] = error
    with pytest.raises(type(error)):
        studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert studio.order(order.id).status is OrderStatus.DRAFT
    studio.planner.lines.clear()
    assert studio.use(SubmitOrder)(actor=ada, order_id=order.id).quote.total == 3 * PRICE


def test_an_order_whose_planner_died_can_be_submitted_again(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    with studio.app.new_work() as work:
        work.orders.save(work.orders.get(order.id).to(OrderStatus.PLANNING, now=studio.clock.now()))
        work.commit()
    assert studio.use(SubmitOrder)(actor=ada, order_id=order.id).order.status is OrderStatus.AWAITING_CONFIRMATION


def test_an_order_whose_planner_died_can_be_deleted_and_restored_as_a_draft(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    with studio.app.new_work() as work:
        work.orders.save(order.to(OrderStatus.PLANNING, now=studio.clock.now()))
        work.commit()
    studio.use(DeleteOrder)(actor=ada, order_id=order.id)
    assert studio.use(RestoreOrder)(actor=ada, order_id=order.id).status is OrderStatus.DRAFT


def test_a_late_plan_does_not_touch_an_order_that_was_confirmed_meanwhile(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)

    def late() -> EditPlan:
        studio.planner.lines.clear()
        studio.use(SubmitOrder)(actor=ada, order_id=order.id)
        studio.use(ConfirmOrder)(actor=ada, order_id=order.id)
        return brighter(-1)

    studio.planner.lines["brighter"] = late
    with pytest.raises(ConflictError) as refused:
        studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert refused.value.code == "order_changed"
    now = studio.order(order.id)
    assert (now.status, now.plan_revision) == (OrderStatus.PROCESSING, 1)


def test_a_late_plan_for_older_words_does_not_replace_the_newer_one(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)

    def late() -> EditPlan:
        studio.use(SubmitOrder)(actor=ada, order_id=order.id, plan=brighter())
        studio.use(SetInstruction)(actor=ada, order_id=order.id, instruction="darker")
        studio.use(SubmitOrder)(actor=ada, order_id=order.id)
        raise ProviderUnavailableError("The planner is away.")

    studio.planner.lines["brighter"] = late
    with pytest.raises(ProviderUnavailableError):
        studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert studio.order(order.id).status is OrderStatus.AWAITING_CONFIRMATION


def test_an_order_that_is_deleted_while_it_is_planned_is_left_alone(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)

    def change() -> EditPlan:
        with pytest.raises(ConflictError) as refused:
            studio.use(SetInstruction)(actor=ada, order_id=order.id, instruction="darker")
        assert refused.value.code == "order_locked"
        return brighter()

    studio.planner.lines["brighter"] = change
    assert studio.use(SubmitOrder)(actor=ada, order_id=order.id).order.wish == "brighter"


def test_a_plan_that_contradicts_itself_is_refused_and_leaves_a_draft(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    impossible = EditPlan(
        steps=(
            Step(op="background.set", params={"mode": "transparent"}),
            Step(op="export", params={"format": "jpeg"}),
        )
    )
    with pytest.raises(InvalidInputError) as refused:
        studio.use(SubmitOrder)(actor=ada, order_id=order.id, plan=impossible)
    assert refused.value.code == "contradictory_plan"
    assert studio.order(order.id).status is OrderStatus.DRAFT


@pytest.mark.req("S2-ERR-02")
@pytest.mark.parametrize(
    ("step", "code"),
    [
        (Step(op="levitate"), "unknown_operation"),
        (Step(op="check", params={"profile": "no-such-market"}), "profile_not_found"),
        (Step(op="sharpen"), "no_engine"),
    ],
)
def test_what_nobody_can_do_is_refused_before_it_is_paid(studio: Studio, ada: Actor, step: Step, code: str) -> None:
    studio.engine.cannot = frozenset({"sharpen"})
    order = studio.draft(ada)
    with pytest.raises((InvalidInputError, NotFoundError)) as refused:
        studio.use(SubmitOrder)(actor=ada, order_id=order.id, plan=EditPlan(steps=(step,)))
    assert refused.value.code == code


def test_an_answer_changes_the_plan_and_opens_the_way(studio: Studio, ada: Actor) -> None:
    studio.planner.lines["brighter"] = EditPlan(questions=(HOW_MUCH,))
    order = studio.planned(ada).order
    answers = studio.use(AnswerQuestions)
    for wrong, code in (({"where": "x"}, "unknown_question"), ({"how_much": "none"}, "unknown_option")):
        with pytest.raises(InvalidInputError) as refused:
            answers(actor=ada, order_id=order.id, answers=wrong)
        assert refused.value.code == code
    proposal = answers(actor=ada, order_id=order.id, answers={"how_much": "much"}, revision=1)
    assert proposal.revision.number == 2
    assert proposal.revision.plan.steps == (Step(op="exposure", params={"ev": 1.5}),)
    assert studio.use(ConfirmOrder)(actor=ada, order_id=order.id, revision=2).held == 3 * PRICE


def test_a_revision_of_an_older_plan_is_refused(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    revise = studio.use(RevisePlan)
    assert revise(actor=ada, order_id=order.id, plan=brighter(1), revision=1).revision.number == 2
    with pytest.raises(ConflictError) as refused:
        revise(actor=ada, order_id=order.id, plan=brighter(2), revision=1)
    assert (refused.value.code, refused.value.details) == ("stale_plan", {"revision": 1, "current": 2})


def test_a_plan_is_fixed_once_it_was_confirmed(studio: Studio, ada: Actor) -> None:
    started = studio.confirmed(ada)
    with pytest.raises(ConflictError) as refused:
        studio.use(RevisePlan)(actor=ada, order_id=started.order.id, plan=brighter(1))
    assert refused.value.code == "no_open_plan"


def test_the_log_keeps_every_plan(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    studio.use(RevisePlan)(actor=ada, order_id=order.id, plan=brighter(1))
    plans = [e.data["plan"]["steps"] for e in studio.use(GetLog)(actor=ada, order_id=order.id) if e.type == "plan"]
    assert plans == [
        [{"op": "exposure", "params": {"ev": 0.5}}],
        [{"op": "exposure", "params": {"ev": 1.0}}],
    ]


def test_as_last_time_is_offered_only_when_it_is_clear_what_that_was(studio: Studio, ada: Actor) -> None:
    last = studio.finished(ada, plan=brighter(1.5))
    studio.planned(ada)
    (previous,) = [r.previous for r in studio.planner.asked]
    assert previous is not None
    assert previous.steps == brighter(1.5).steps
    studio.finished(ada)
    studio.planned(ada)
    assert studio.planner.asked[-1].previous is None
    bob = studio.customer("bob@example.com")
    studio.planned(bob)
    assert studio.planner.asked[-1].previous is None
    assert last.status is OrderStatus.COMPLETED


def test_steps_reach_only_the_pictures_that_they_name(studio: Studio, ada: Actor) -> None:
    plan = EditPlan(
        steps=(
            Step(op="exposure", params={"ev": 0.5}),
            Step(op="exposure", params={"ev": 2}, scope=Scope(files=("two.jpg",))),
        )
    )
    order = studio.finished(ada, "one.jpg", "two.jpg", plan=plan)
    view = studio.view(order.id)
    contents = []
    for image in view.images:
        with studio.blobs.open(view.versions[image.id].files[0].storage_key) as file:
            contents.append(b'"ev": 2' in file.read())
    assert contents == [False, True]


def test_two_hundred_previews_are_free_and_small(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    image = studio.images(order.id)[0]

    def preview(number: int) -> int:
        plan = brighter(number / 100)
        return studio.use(PreviewPlan)(actor=ada, order_id=order.id, image_id=image.id, plan=plan).left

    left = [preview(number) for number in range(PREVIEWS_PER_ORDER)]
    assert left == list(range(199, -1, -1))
    with pytest.raises(LimitReachedError) as refused:
        preview(PREVIEWS_PER_ORDER)
    assert refused.value.code == "previews_used"
    assert preview(5) == 0, "one that was seen before is shown again"
    assert studio.engine.edges == [PREVIEW_EDGE] * 200
    assert studio.balance(ada).available == 100
    assert studio.images(order.id)[0].latest_version == 0


def test_the_same_preview_is_made_and_counted_once(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada, "one.jpg", "two.jpg").order
    first, second = studio.images(order.id)
    preview = studio.use(PreviewPlan)

    def seen(image: OrderImage, plan: EditPlan | None = None) -> tuple[str, int]:
        made = preview(actor=ada, order_id=order.id, image_id=image.id, plan=plan)
        return made.files[0].name, made.left

    assert [seen(first), seen(first), seen(first, brighter())] == [seen(first)] * 3
    names = [seen(second)[0], seen(first, brighter(0.7))[0], seen(first)[0]]
    assert len(set(names)) == 3
    assert len(studio.engine.edges) == 3
    for key in studio.contents("previews/"):
        studio.blobs.delete(key)
    assert seen(first) == (names[2], 197), "swept, it is made again and not counted"
    assert len(studio.engine.edges) == 4


def test_what_no_browser_shows_is_previewed_as_webp(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    image = studio.images(order.id)[0]
    plan = EditPlan(steps=(Step(op="export", params={"format": "tiff"}),))
    (file,) = studio.use(PreviewPlan)(actor=ada, order_id=order.id, image_id=image.id, plan=plan).files
    assert (file.output, file.format) == ("main", "webp")
    content = studio.use(GetPreview)(actor=ada, order_id=order.id, name=file.name)
    assert content.endswith(f":{PREVIEW_EDGE}".encode())


def test_a_preview_is_seen_by_those_who_may_see_the_order(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    (file,) = studio.use(PreviewPlan)(actor=ada, order_id=order.id, image_id=studio.images(order.id)[0].id).files
    bob = studio.customer("bob@example.com")
    own = studio.planned(bob).order
    for order_id, name in ((order.id, file.name), (own.id, file.name), (own.id, f"../{order.id}/{file.name}")):
        with pytest.raises(NotFoundError):
            studio.use(GetPreview)(actor=bob, order_id=order_id, name=name)


def test_a_plan_that_is_being_edited_can_be_previewed(studio: Studio, ada: Actor) -> None:
    order = studio.planned(ada).order
    image = studio.images(order.id)[0]
    plan = EditPlan(outputs=(Output(name="web"), Output(name="print")))
    shown = studio.use(PreviewPlan)(actor=ada, order_id=order.id, image_id=image.id, plan=plan)
    assert [f.output for f in shown.files] == ["web", "print"]
    assert all(f.storage_key in studio.contents("previews/") for f in shown.files)
    assert studio.order(order.id).plan_revision == 1


def test_no_preview_without_a_plan_or_with_open_questions(studio: Studio, ada: Actor) -> None:
    draft = studio.draft(ada)
    with pytest.raises(NotFoundError):
        studio.use(PreviewPlan)(actor=ada, order_id=draft.id, image_id=studio.images(draft.id)[0].id)
    studio.planner.lines["brighter"] = EditPlan(questions=(HOW_MUCH,))
    order = studio.planned(ada).order
    with pytest.raises(QuestionsOpenError):
        studio.use(PreviewPlan)(actor=ada, order_id=order.id, image_id=studio.images(order.id)[0].id)
    assert not [e for e in studio.use(GetLog)(actor=ada, order_id=order.id) if e.type == "preview"]


def test_a_logo_is_there_for_the_preview_and_for_the_work_if_it_is_ones_own(studio: Studio, ada: Actor) -> None:
    def plan(asset: str) -> EditPlan:
        return EditPlan(steps=(Step(op="overlay.logo", params={"asset": asset}),))

    file = studio.file("logo.png", picture("logo", "png"))
    mine, theirs = (
        studio.use(AddLogo)(actor=actor, name=file.name, path=file.path, size=file.bytes).id
        for actor in (ada, studio.customer("bob@example.com"))
    )
    with pytest.raises(NotFoundError):
        studio.planned(ada, "one.jpg", plan=plan(theirs))
    order = studio.planned(ada, "one.jpg", plan=plan(mine)).order
    studio.use(PreviewPlan)(actor=ada, order_id=order.id, image_id=studio.images(order.id)[0].id)
    studio.use(ConfirmOrder)(actor=ada, order_id=order.id)
    studio.work()
    assert [set(f) for f in studio.engine.files] == [{mine}, {mine}]
