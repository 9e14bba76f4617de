"""Understanding while writing, single edits, revisions, recipes and marketplaces of a plan."""

import functools
from collections.abc import Callable

import attrs
import pytest

from core.domain.editing.edits import Place, add_step, change_step, remove_step
from core.domain.editing.plan import Constraint, EditPlan, Output, Step
from core.domain.editing.revision import Origin
from core.domain.images import ImageStatus
from core.domain.orders import OrderStatus
from core.errors import I2IError, InsufficientCreditsError, InvalidInputError, NotFoundError
from core.kernel.actor import Actor
from core.usecases.orders.read_brief import Brief
from core.usecases.orders.set_instruction import SetInstruction
from core.usecases.plans.apply import ApplyProfile, ApplyRecipe, profile_steps
from core.usecases.plans.edit import ChoosePlannedPictures, EditPlanSteps
from core.usecases.plans.revise import GetPlan
from core.usecases.plans.revisions import CompareRevisions, ListRevisions, RestoreRevision
from core.usecases.plans.understand import Understanding, UnderstandInstruction
from core.usecases.queries.orders import GetLog
from core.usecases.recipes.keep import SaveRecipe
from core.usecases.runs.confirm import ConfirmOrder
from tests.fakes import brighter
from tests.studio import PRICE, Studio

SHADOW = functools.partial(add_step, step=Step(op="shadow"))
DARKER = functools.partial(change_step, place=Place(index=0), params={"ev": -1})


@pytest.fixture
def order_id(studio: Studio, ada: Actor) -> str:
    """Return a planned order of three pictures whose plan makes them brighter."""
    return studio.planned(ada).order.id


def read(studio: Studio, actor: Actor, instruction: str, **given: object) -> Understanding:
    """Read an instruction."""
    return studio.use(UnderstandInstruction)(actor=actor, instruction=instruction, **given)  # type: ignore[arg-type]


def test_words_are_read_by_the_local_planner_and_priced_without_a_trace(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    before = studio.use(GetLog)(actor=ada, order_id=order.id)
    found = read(studio, ada, "White background, 2000x2000 JPEG", order_id=order.id)
    assert next(s.op for s in found.plan.all_steps()) == "background.remove"
    assert (found.plan.planner, found.images, found.per_image, found.quote.total) == ("local", 3, PRICE, 3 * PRICE)
    assert (found.available, found.is_affordable) == (100, True)
    assert studio.planner.asked == []
    assert studio.use(GetLog)(actor=ada, order_id=order.id) == before
    assert studio.order(order.id) == order


def test_offsets_count_in_the_text_as_it_was_sent(studio: Studio, ada: Actor) -> None:
    instruction = "\n  🙂 White background.\r\nNo shadow"
    found = read(studio, ada, instruction, brief=" Save as PNG ")
    sent = instruction.replace("\r\n", "\n")
    causes = [s.cause for s in found.plan.all_steps() if s.cause]
    assert causes
    for cause in causes:
        source, start, end = found.places.place_of(cause)
        text = sent if source == "instruction" else " Save as PNG "
        assert text[start:end] == cause.words
    assert {found.places.place_of(c)[0] for c in causes} == {"instruction", "brief"}


def test_the_brief_of_the_order_is_read_too(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    studio.use(SetInstruction)(actor=ada, order_id=order.id, brief=Brief(name="brief.txt", text="Save as PNG"))
    assert "export" in [s.op for s in read(studio, ada, "", order_id=order.id).plan.all_steps()]
    assert read(studio, ada, "", order_id=order.id, brief="").is_empty


def test_pictures_left_out_cost_nothing_and_a_count_can_be_given(studio: Studio, ada: Actor) -> None:
    assert read(studio, ada, "brighter").quote.total == 0
    assert read(studio, ada, "brighter", images=40).is_affordable is False
    assert read(studio, ada, "brighter", names=("a.jpg", "b.jpg")).images == 2
    for count in (-1, 101):
        with pytest.raises(InvalidInputError):
            read(studio, ada, "brighter", images=count)


def test_nobody_elses_order_is_read(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    with pytest.raises(NotFoundError):
        read(studio, studio.customer("eve@example.com"), "brighter", order_id=order.id)


def test_edits_make_one_revision_and_are_priced(studio: Studio, ada: Actor, order_id: str) -> None:
    proposal = studio.use(EditPlanSteps)(actor=ada, order_id=order_id, edits=[SHADOW, DARKER], revision=1)
    assert (proposal.revision.number, proposal.revision.origin, proposal.quote.total) == (2, Origin.HAND, 3 * PRICE)
    assert [s.op for s in proposal.revision.plan.steps] == ["exposure", "shadow"]
    assert proposal.revision.plan.steps[0].params == {"ev": -1}


def test_of_edits_all_or_none_are_made(studio: Studio, ada: Actor, order_id: str) -> None:
    wrong = functools.partial(remove_step, place=Place(index=7))
    with pytest.raises(NotFoundError):
        studio.use(EditPlanSteps)(actor=ada, order_id=order_id, edits=[SHADOW, wrong])
    assert studio.use(GetPlan)(actor=ada, order_id=order_id).revision.number == 1


def test_an_edit_of_an_older_plan_is_refused(studio: Studio, ada: Actor, order_id: str) -> None:
    edit = studio.use(EditPlanSteps)
    edit(actor=ada, order_id=order_id, edits=[SHADOW], revision=1)
    acts: tuple[Callable[[], object], ...] = (
        lambda: edit(actor=ada, order_id=order_id, edits=[DARKER], revision=1),
        lambda: studio.use(RestoreRevision)(actor=ada, order_id=order_id, number=1, revision=1),
        lambda: studio.use(ChoosePlannedPictures)(actor=ada, order_id=order_id, revision=1),
        lambda: studio.use(ApplyProfile)(actor=ada, order_id=order_id, profile="amazon_main", revision=1),
    )
    for act in acts:
        with pytest.raises(I2IError) as caught:
            act()
        assert caught.value.code == "stale_plan"
    assert len(studio.use(ListRevisions)(actor=ada, order_id=order_id)) == 2


def test_without_a_revision_the_last_writer_wins_which_is_what_the_number_prevents(
    studio: Studio, ada: Actor, order_id: str
) -> None:
    edit = studio.use(EditPlanSteps)
    edit(actor=ada, order_id=order_id, edits=[SHADOW])
    assert edit(actor=ada, order_id=order_id, edits=[DARKER]).revision.number == 3


def test_revisions_are_listed_compared_and_brought_back(studio: Studio, ada: Actor, order_id: str) -> None:
    studio.use(EditPlanSteps)(actor=ada, order_id=order_id, edits=[SHADOW, DARKER])
    found = studio.use(CompareRevisions)(actor=ada, order_id=order_id, old=1)
    assert [d.kind.value for d in found.differences] == ["changed", "added"]
    back = studio.use(RestoreRevision)(actor=ada, order_id=order_id, number=1, revision=2)
    assert (back.revision.number, back.revision.origin) == (3, Origin.RESTORED)
    assert studio.use(CompareRevisions)(actor=ada, order_id=order_id, old=1, new=3).differences == ()
    assert [r.number for r in studio.use(ListRevisions)(actor=ada, order_id=order_id)] == [3, 2, 1]
    with pytest.raises(NotFoundError):
        studio.use(RestoreRevision)(actor=ada, order_id=order_id, number=9)


def test_a_plan_that_was_confirmed_is_not_edited(studio: Studio, ada: Actor, order_id: str) -> None:
    studio.use(ConfirmOrder)(actor=ada, order_id=order_id)
    with pytest.raises(I2IError) as caught:
        studio.use(EditPlanSteps)(actor=ada, order_id=order_id, edits=[SHADOW])
    assert caught.value.code == "no_open_plan"


def test_the_part_that_the_balance_pays_for_is_run(studio: Studio) -> None:
    poor = studio.customer("poor@example.com", credits=2 * PRICE + 1)
    order = studio.planned(poor).order
    with pytest.raises(InsufficientCreditsError):
        studio.use(ConfirmOrder)(actor=poor, order_id=order.id)
    kept = studio.use(ChoosePlannedPictures)(actor=poor, order_id=order.id, revision=1)
    assert (kept.images, kept.quote.total, kept.is_affordable) == (2, 2 * PRICE, True)
    assert [i.status for i in studio.images(order.id)] == [ImageStatus.READY, ImageStatus.READY, ImageStatus.EXCLUDED]
    started = studio.use(ConfirmOrder)(actor=poor, order_id=order.id, revision=2)
    assert (started.held, started.order.status) == (2 * PRICE, OrderStatus.PROCESSING)


def test_pictures_are_chosen_and_at_least_one(studio: Studio, ada: Actor, order_id: str) -> None:
    images = studio.images(order_id)
    choose = studio.use(ChoosePlannedPictures)
    assert choose(actor=ada, order_id=order_id, image_ids=[images[2].id]).images == 1
    assert choose(actor=ada, order_id=order_id, image_ids=[i.id for i in images]).images == 3
    with pytest.raises(InvalidInputError):
        choose(actor=ada, order_id=order_id, image_ids=[])
    with pytest.raises(NotFoundError):
        choose(actor=ada, order_id=order_id, image_ids=["nobody"])


def test_without_credits_for_one_picture_nothing_is_left_out(studio: Studio) -> None:
    poor = studio.customer("poor@example.com", credits=PRICE - 1)
    order = studio.planned(poor).order
    with pytest.raises(InsufficientCreditsError):
        studio.use(ChoosePlannedPictures)(actor=poor, order_id=order.id)
    assert {i.status for i in studio.images(order.id)} == {ImageStatus.READY}


def test_every_marketplace_can_be_applied_in_both_ways(studio: Studio, ada: Actor) -> None:
    order_id = studio.planned(ada).order.id
    apply = studio.use(ApplyProfile)
    for profile in studio.app.profiles.list():
        steps = profile_steps(profile)
        over = apply(actor=ada, order_id=order_id, profile=profile.id)
        assert {s.op for s in steps} <= {s.op for s in over.revision.plan.steps}
        apart = apply(actor=ada, order_id=order_id, profile=profile.id, as_output=True).revision.plan
        assert apart.outputs[-1] == Output(name=profile.id, folder=profile.id, steps=apart.outputs[-1].steps)
        assert {s.op for s in apart.outputs[-1].steps} == {s.op for s in steps}
        studio.use(RestoreRevision)(actor=ada, order_id=order_id, number=1)


def test_a_marketplace_keeps_what_was_understood(studio: Studio, ada: Actor) -> None:
    plan = attrs.evolve(brighter(), constraints=(Constraint(ops=("shadow",)),))
    order_id = studio.planned(ada, plan=plan).order.id
    made = studio.use(ApplyProfile)(actor=ada, order_id=order_id, profile="amazon").revision.plan
    assert made.steps[0].op == "exposure"
    assert made.constraints == plan.constraints
    ruled_out = attrs.evolve(brighter(), constraints=(Constraint(ops=("canvas",)),))
    other = studio.planned(ada, plan=ruled_out).order.id
    with pytest.raises(InvalidInputError) as caught:
        studio.use(ApplyProfile)(actor=ada, order_id=other, profile="amazon")
    assert caught.value.code == "forbidden_step"


def test_a_recipe_replaces_the_plan(studio: Studio, ada: Actor, order_id: str) -> None:
    studio.use(SaveRecipe)(actor=ada, name="Web", plan=EditPlan(steps=(Step(op="shadow"),)))
    proposal = studio.use(ApplyRecipe)(actor=ada, order_id=order_id, recipe="Web", revision=1)
    assert (proposal.revision.origin, [s.op for s in proposal.revision.plan.steps]) == (Origin.RECIPE, ["shadow"])
    with pytest.raises(NotFoundError):
        studio.use(ApplyRecipe)(actor=ada, order_id=order_id, recipe="Nothing")
