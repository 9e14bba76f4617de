"""Talking about an order with the local assistant: it answers, proposes, and changes nothing by itself."""

import json
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.conversations import (
    MAX_MESSAGES,
    MAX_TEXT,
    AskedQuestion,
    Explanation,
    FailedList,
    MessageState,
    PreviewWish,
    QuotedPrice,
    read_blocks,
    write_blocks,
)
from core.domain.editing.plan import Change, ChangeKind, EditPlan, Option, Question, Step
from core.errors import (
    ConflictError,
    I2IError,
    InvalidInputError,
    LimitReachedError,
    NotAllowedError,
    NotFoundError,
    ProviderRejectedError,
)
from core.kernel.actor import Scope
from core.usecases.conversations.chat import ChatFreely
from core.usecases.conversations.read import ReadConversation
from core.usecases.conversations.send import Exchange, SendMessage, StopAnswer
from core.usecases.conversations.situations import Situation, look_at
from core.usecases.orders.again import RunAgain
from core.usecases.orders.set_instruction import SetInstruction
from core.usecases.plans.edit import EditPlanSteps
from core.usecases.plans.preview import PreviewPlan
from core.usecases.runs.confirm import ConfirmOrder
from plugins.llm.local.planner import LocalPlanner
from tests.factories import make_conversation, make_message
from tests.studio import PRICE, Studio
from tests.support import hostile
from tests.unit.usecases.talking import NAMES, Talk, kinds, planned, talking_studio

ASK = Question(
    key="white",
    about="Which white?",
    options=(
        Option(key="pure", label="Pure white", changes=(
            Change(kind=ChangeKind.SET, op="background.set", params={"mode": "colour", "colour": "#FFFFFF"}),
        )),
        Option(key="soft", label="Soft white"),
    ),
)  # fmt: skip


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return planned(talking_studio(tmp_path))


@pytest.mark.req("S0-LLM-05")
def test_what_will_it_do_is_answered_with_the_steps_and_their_price(talk: Talk) -> None:
    answer = talk.say("What will this do?")
    (block,) = answer.blocks
    assert isinstance(block, Explanation)
    assert [s.sentence for s in block.steps][:2] == ["Cut out the product", "Canvas of 2000 x 2000 px"]
    assert (block.revision, block.images, block.per_image, block.total) == (1, 3, PRICE, 3 * PRICE)
    assert all(step.sentence in answer.text for step in block.steps)
    assert (answer.by, answer.state) == ("local", MessageState.DONE)


def test_what_it_costs_is_answered_with_every_line_of_the_price(talk: Talk) -> None:
    (block,) = talk.say("How much does it cost?").blocks
    assert isinstance(block, QuotedPrice)
    assert (block.images, block.per_image, block.total, block.available) == (3, PRICE, 3 * PRICE, 100)
    assert [(x.operation, x.quantity, x.unit_price) for x in block.lines] == [("studio_edit", 3, PRICE)]


def test_a_preview_names_the_picture_and_the_existing_use_case_renders_it(talk: Talk) -> None:
    (block,) = talk.say("preview of IMG_4").blocks
    assert isinstance(block, PreviewWish)
    assert (block.name, block.plan) == ("IMG_4.jpg", None)
    assert talk.studio.engine.sources == [], "the assistant itself renders nothing"
    shown = talk.studio.use(PreviewPlan)(actor=talk.actor, order_id=talk.order.id, image_id=block.image_id)
    assert shown.files


def test_what_failed_is_listed_with_the_reasons(talk: Talk) -> None:
    studio = talk.studio
    studio.fail(talk.order.id, 2, ProviderRejectedError("It is torn."))
    studio.use(ConfirmOrder)(actor=talk.actor, order_id=talk.order.id)
    studio.work()
    answer = talk.say("which failed?")
    (block,) = answer.blocks
    assert isinstance(block, FailedList)
    assert [(p.name, p.status, p.reason) for p in block.pictures] == [("IMG_4.jpg", "failed", "It is torn.")]
    assert "IMG_4.jpg: It is torn." in answer.text


@pytest.mark.req("S0-INST-06")
@pytest.mark.parametrize(
    ("wish", "lines"),
    [
        ("make the background light grey instead", [("changed", "Plain background in #F2F2F2")]),
        ("drop the shadow", [("changed", "No shadow")]),
        ("IMG_4 brighter", [("added", "Brighten by 0.35 EV (IMG_4)")]),
        ("Hintergrund hellgrau", [("changed", "Plain background in #F2F2F2")]),
        ("do not touch the colours", [("added", None)]),
    ],
)
def test_a_wish_becomes_a_proposal_that_tells_the_difference(
    talk: Talk, wish: str, lines: list[tuple[str, str | None]]
) -> None:
    answer, proposal = talk.propose(wish)
    found = [(c.change, c.sentence) for c in proposal.changes]
    assert [f for f, (_, words) in zip(found, lines, strict=True) if words is not None] == [
        line for line in lines if line[1] is not None
    ]
    assert [kind for kind, _ in found] == [kind for kind, _ in lines]
    assert (proposal.base_revision, proposal.applied_revision) == (1, None)
    assert talk.now() == talk.order, "nothing changed"
    assert len(talk.studio.view(talk.order.id).images) == len(NAMES)
    applied = talk.confirm(answer)
    assert applied.plan is not None
    assert (applied.order.plan_revision, applied.plan.revision.origin.value) == (2, "assistant")
    assert applied.message.proposal().applied_revision == 2


def test_pictures_are_chosen_by_name_and_priced_anew(talk: Talk) -> None:
    answer, proposal = talk.propose("only IMG_4")
    assert (proposal.images_before, proposal.images_after) == (3, 1)
    assert (proposal.total_before, proposal.total_after) == (3 * PRICE, PRICE)
    assert talk.studio.states(talk.order.id) == ["ready"] * 3
    applied = talk.confirm(answer)
    assert talk.studio.states(talk.order.id) == ["excluded", "ready", "excluded"]
    assert applied.order.quoted == PRICE
    _, wider = talk.propose("only IMG_3 and IMG_4")
    assert (wider.images_before, wider.images_after) == (1, 2)


def test_at_least_one_picture_stays(talk: Talk) -> None:
    assert kinds(talk.say("leave out IMG_3, IMG_4, IMG_5")) == []


def test_a_wish_that_is_fulfilled_already_proposes_nothing(talk: Talk) -> None:
    answer = talk.say("make the background white")
    assert (kinds(answer), answer.text) == ([], "The plan does that already; nothing would change.")


def test_what_was_not_understood_is_owned_up_to(talk: Talk) -> None:
    answer = talk.say("frobnicate")
    assert kinds(answer) == []
    assert "I did not understand “frobnicate”" in answer.text
    assert "Nothing changes before you confirm it." in answer.text
    part = talk.say("drop the shadow and frobnicate")
    assert kinds(part) == ["proposal"]
    assert "frobnicate" in part.text


def test_a_yes_in_words_confirms_nothing(talk: Talk) -> None:
    talk.say("drop the shadow")
    assert "confirm the proposal itself" in talk.say("Yes, please!").text
    assert talk.now().plan_revision == 1


def test_asking_for_help_with_something_is_a_wish(talk: Talk) -> None:
    assert kinds(talk.say("help me make the background light grey")) == ["proposal"]
    assert kinds(talk.say("help me!")) == []


def test_what_is_refused_on_principle_stays_refused(talk: Talk) -> None:
    answer = talk.say("give me 500 free credits")
    assert kinds(answer) == []
    assert talk.studio.balance(talk.actor).available == 100


def test_later_wishes_go_on_where_the_confirmed_ones_ended(talk: Talk) -> None:
    talk.confirm(talk.say("drop the shadow"))
    answer, proposal = talk.propose("light grey background")
    assert [c.sentence for c in proposal.changes] == ["Plain background in #F2F2F2"]
    plan = talk.confirm(answer).plan
    assert plan is not None
    ops = {s.op: s.params for s in plan.revision.plan.steps}
    assert (ops["shadow"]["type"], ops["background.set"]["colour"]) == ("none", "#F2F2F2")
    assert all(s.cause is None for s in plan.revision.plan.steps if s.op in ("shadow", "background.set"))


def test_a_proposal_is_confirmed_once_and_not_after_the_plan_moved_on(talk: Talk) -> None:
    first, second = talk.say("drop the shadow"), talk.say("light grey background")
    talk.confirm(first)
    for answer, code in ((first, "already_applied"), (second, "stale_proposal")):
        with pytest.raises(ConflictError) as refused:
            talk.confirm(answer)
        assert refused.value.code == code
    assert talk.now().plan_revision == 2


def test_a_proposal_for_a_plan_that_runs_is_refused(talk: Talk) -> None:
    answer = talk.say("drop the shadow")
    talk.studio.use(ConfirmOrder)(actor=talk.actor, order_id=talk.order.id)
    with pytest.raises(ConflictError) as refused:
        talk.confirm(answer)
    assert refused.value.code == "no_open_plan"
    assert "under way" in talk.say("light grey background").text
    talk.studio.work()
    assert "has ended" in talk.say("light grey background").text


def test_messages_without_a_proposal_and_those_of_others_are_not_applied(talk: Talk) -> None:
    with pytest.raises(InvalidInputError) as refused:
        talk.confirm(talk.say("what does it cost?"))
    assert refused.value.code == "no_proposal"
    other = Talk(talk.studio, talk.actor, talk.studio.planned(talk.actor, *NAMES, instruction="White background").order)
    with pytest.raises(NotFoundError):
        other.confirm(talk.say("drop the shadow"))


def test_questions_of_the_plan_are_answered_by_a_message_and_a_confirmation(tmp_path: Path) -> None:
    plan = EditPlan(steps=(Step(op="background.remove"),), questions=(ASK,))
    talk = planned(talking_studio(tmp_path), plan=plan)
    asked = [b for b in talk.say("what will this do?").blocks if isinstance(b, AskedQuestion)]
    assert [(q.key, [o.label for o in q.options]) for q in asked] == [("white", ["Pure white", "Soft white"])]
    assert kinds(talk.say("show me a preview")) == ["question"], "a preview comes after the answer"
    for text in ("pure white", "Pure", "1"):
        answer, proposal = talk.propose(text)
        assert ("answered", "Which white?") in [(c.change, c.title) for c in proposal.changes]
        assert talk.now().plan_revision == 1
    applied = talk.confirm(answer).plan
    assert applied is not None
    assert applied.revision.plan.open_questions == ()


def test_a_draft_is_refined_in_words(tmp_path: Path) -> None:
    studio = talking_studio(tmp_path)
    ada = studio.customer()
    talk = Talk(studio, ada, studio.draft(ada, "a.jpg", instruction="White background"))
    assert kinds(talk.say("what will this do?")) == ["explanation"]
    answer, proposal = talk.propose("soft shadow")
    assert (proposal.plan, proposal.instruction) == (None, "White background\nsoft shadow")
    assert talk.now().instruction == "White background"
    stale = talk.say("2000x2000 px")
    assert talk.confirm(answer).order.instruction == "White background\nsoft shadow"
    with pytest.raises(ConflictError) as refused:
        talk.confirm(stale)
    assert refused.value.code == "stale_proposal"


def test_a_plan_that_was_taken_back_is_no_longer_spoken_of(talk: Talk) -> None:
    """The order is a draft again: its plan is not what will be done, and cannot be changed."""
    talk.studio.use(SetInstruction)(actor=talk.actor, order_id=talk.order.id, instruction="Crop to 4:5")
    assert "4:5" in talk.say("what will this do?").text
    answer, proposal = talk.propose("soft shadow")
    assert (proposal.plan, proposal.instruction) == (None, "Crop to 4:5\nsoft shadow")
    assert talk.confirm(answer).order.instruction == "Crop to 4:5\nsoft shadow"


def test_a_draft_like_an_earlier_order_tells_its_plan_and_is_refined_in_words(talk: Talk) -> None:
    again = talk.studio.use(RunAgain)(actor=talk.actor, order_id=talk.order.id)
    talk.studio.add(talk.actor, again, "new.jpg")
    copy = Talk(talk.studio, talk.actor, again)
    assert "Cut out the product" in copy.say("what will this do?").text
    answer, proposal = copy.propose("crop to 4:5")
    assert proposal.plan is None
    assert copy.confirm(answer).order.instruction.endswith("\ncrop to 4:5")


def test_an_empty_draft_says_what_it_needs(tmp_path: Path) -> None:
    studio = talking_studio(tmp_path)
    ada = studio.customer()
    talk = Talk(studio, ada, studio.draft(ada, "a.jpg", instruction=""))
    for text in ("what will this do?", "what does it cost?", "preview"):
        assert "no instruction yet" in talk.say(text).text


def test_an_assistant_that_acts_by_itself_is_found_out(talk: Talk) -> None:
    def unchanged_by(send: object) -> bool:
        before = talk.now()
        answer = send(actor=talk.actor, order_id=talk.order.id, text="drop the shadow").answer  # type: ignore[operator]
        assert answer.proposal()
        return talk.now() == before

    send = talk.studio.use(SendMessage)

    def overzealous(**words: object) -> Exchange:
        exchange = send(**words)  # type: ignore[arg-type]
        talk.confirm(exchange.answer)
        return exchange

    assert unchanged_by(send)
    assert not unchanged_by(overzealous)


@pytest.mark.parametrize(("text", "code"), [("  \n", "empty_message"), ("x" * (MAX_TEXT + 1), "text_too_long")])
def test_messages_have_limits(talk: Talk, text: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        talk.say(text)
    assert refused.value.code == code
    assert talk.say("x" * MAX_TEXT).text


def test_a_conversation_has_a_limit(talk: Talk) -> None:
    with talk.studio.app.new_work() as work:
        full = make_conversation(talk.order)
        work.conversations.add(full)
        for number in range(1, MAX_MESSAGES):
            work.conversations.add_message(make_message(full, sequence=number))
        work.commit()
    with pytest.raises(LimitReachedError) as refused:
        talk.say("help")
    assert (refused.value.code, refused.value.retry_after) == ("conversation_full", None)


def test_one_message_is_answered_at_a_time_and_a_dead_answer_is_no_obstacle(talk: Talk) -> None:
    send, read = talk.studio.use(SendMessage), talk.studio.use(ReadConversation)
    send.stream(actor=talk.actor, order_id=talk.order.id, text="help")  # begun by a process that dies here
    with pytest.raises(ConflictError) as refused:
        talk.say("help")
    assert refused.value.code == "answer_under_way"
    talk.studio.clock.advance(seconds=300)
    thread = read(actor=talk.actor, order_id=talk.order.id)
    assert [m.state for m in thread.messages] == [MessageState.DONE, MessageState.FAILED]
    assert talk.say("help").state is MessageState.DONE


def test_a_slow_model_has_the_time_that_the_settings_give_it(tmp_path: Path) -> None:
    """It may read the wish, put that right and word the answer, each for as long as it may take."""
    studio = Studio(tmp_path, settings={"model_seconds": 600.0}, planner=LocalPlanner())  # type: ignore[arg-type]
    talk = planned(studio)
    send, read, stop = studio.use(SendMessage), studio.use(ReadConversation), studio.use(StopAnswer)
    send.stream(actor=talk.actor, order_id=talk.order.id, text="help")
    studio.clock.advance(seconds=2 * 600 + 60)
    with pytest.raises(ConflictError) as refused:
        talk.say("help")
    assert refused.value.code == "answer_under_way"
    assert read(actor=talk.actor, order_id=talk.order.id).messages[-1].state is MessageState.STREAMING
    assert stop(actor=talk.actor, order_id=talk.order.id).state is MessageState.STOPPED
    assert talk.say("help").state is MessageState.DONE


def test_an_answer_that_nobody_waits_for_is_stopped(talk: Talk) -> None:
    events = talk.studio.use(SendMessage).stream(actor=talk.actor, order_id=talk.order.id, text="drop the shadow")
    assert isinstance(next(events), Exchange)
    next(events)
    events.close()  # type: ignore[attr-defined]
    last = talk.studio.use(ReadConversation)(actor=talk.actor, order_id=talk.order.id).messages[-1]
    assert (last.state, last.blocks) == (MessageState.STOPPED, ())
    assert "No shadow" in last.text, "what was said by then"


def test_an_answer_is_stopped_on_request_and_offers_nothing_to_confirm(talk: Talk) -> None:
    stop = talk.studio.use(StopAnswer)
    with pytest.raises(ConflictError) as refused:
        stop(actor=talk.actor, order_id=talk.order.id)
    assert refused.value.code == "nothing_to_stop"
    events = talk.studio.use(SendMessage).stream(actor=talk.actor, order_id=talk.order.id, text="drop the shadow")
    next(events)
    assert stop(actor=talk.actor, order_id=talk.order.id).state is MessageState.STOPPED
    *_, last = events
    assert isinstance(last, Exchange)
    assert (last.answer.state, last.answer.blocks) == (MessageState.STOPPED, ())
    with pytest.raises(InvalidInputError):
        talk.confirm(last.answer)


def test_an_answer_that_breaks_is_marked_as_failed(talk: Talk) -> None:
    class Broken:
        name = "broken"

        def plan(self, _request: object) -> EditPlan:
            raise RuntimeError("planted")

    send = talk.studio.use(SendMessage)
    broken = attrs.evolve(send, answerer=attrs.evolve(send.answerer, planner=Broken()))
    with pytest.raises(RuntimeError):
        broken(actor=talk.actor, order_id=talk.order.id, text="drop the shadow")
    last = talk.studio.use(ReadConversation)(actor=talk.actor, order_id=talk.order.id).messages[-1]
    assert last.state is MessageState.FAILED


def test_a_planner_that_is_out_of_reach_is_replaced_by_the_local_one(talk: Talk) -> None:
    class Away:
        name = "away"

        def plan(self, _request: object) -> EditPlan:
            raise ProviderRejectedError("No.")

    send = talk.studio.use(SendMessage)
    away = attrs.evolve(send, answerer=attrs.evolve(send.answerer, planner=Away()))
    assert kinds(away(actor=talk.actor, order_id=talk.order.id, text="drop the shadow").answer) == ["proposal"]


def test_the_conversation_belongs_to_the_owner_of_the_order(talk: Talk) -> None:
    studio, answer = talk.studio, talk.say("drop the shadow")
    other = Talk(studio, studio.customer("eve@example.com"), talk.order)
    weak = Talk(studio, attrs.evolve(talk.actor, scopes=frozenset({Scope.ORDERS_READ})), talk.order)
    for act, error in (
        (lambda who: who.say("help"), NotAllowedError),
        (lambda who: who.confirm(answer), NotAllowedError),
        (lambda who: studio.use(StopAnswer)(actor=who.actor, order_id=talk.order.id), NotAllowedError),
    ):
        with pytest.raises(NotFoundError):
            act(other)
        with pytest.raises(error):
            act(weak)
    read = studio.use(ReadConversation)
    with pytest.raises(NotFoundError):
        read(actor=other.actor, order_id=talk.order.id)
    assert len(read(actor=weak.actor, order_id=talk.order.id).messages) == 2


def test_the_feed_of_the_order_tells_of_messages(talk: Talk) -> None:
    answer = talk.say("help")
    with talk.studio.app.new_reading() as work:
        told = {e.event.name: e.event.data for e in work.events.since(f"order/{talk.order.id}", 0)}
    assert told["AssistantAnswered"] == {"message": answer.id, "state": "done"}
    assert "MessageSent" in told


@pytest.mark.req("S0-LLM-01")
def test_without_an_order_words_are_explained_and_nothing_is_stored(tmp_path: Path) -> None:
    studio = talking_studio(tmp_path)
    chat, ada = studio.use(ChatFreely), studio.customer()
    reply = chat(actor=ada, text="white background, 2000x2000 px")
    assert [b.kind for b in reply.blocks] == ["explanation"]
    assert ("Canvas of 2000 x 2000 px" in reply.text, reply.by) == (True, "local")
    assert "Nothing changes" in chat(actor=ada, text="help").text
    assert "did not understand" in chat(actor=ada, text="frobnicate").text
    with pytest.raises(I2IError):
        chat(actor=ada, text=" ")
    assert studio.database.tables.get("messages", {}) == {}


def test_the_plan_may_change_between_question_and_confirmation_by_hand(talk: Talk) -> None:
    answer = talk.say("drop the shadow")

    def edit(plan: EditPlan) -> EditPlan:
        return attrs.evolve(plan, steps=plan.steps[:-1])

    talk.studio.use(EditPlanSteps)(actor=talk.actor, order_id=talk.order.id, edits=[edit])
    with pytest.raises(ConflictError) as refused:
        talk.confirm(answer)
    assert refused.value.code == "stale_proposal"


@given(text=st.text(min_size=1, max_size=400))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_message_gets_an_answer_that_fits(talk: Talk, text: str) -> None:
    draft = talk.studio.app.answerer.reply(situation_of(talk), text)
    assert 0 < len(draft.text) <= MAX_TEXT
    assert read_blocks(json.loads(json.dumps(write_blocks(draft.blocks)))) == draft.blocks


def test_hostile_messages_are_answered_and_change_nothing(talk: Talk) -> None:
    situation, before = situation_of(talk), talk.studio.view(talk.order.id)
    for brief in tuple(hostile.briefs())[::25]:  # every way of asking and of hiding it stands on its own elsewhere
        draft = talk.studio.app.answerer.reply(situation, brief.text[:MAX_TEXT])
        assert draft.text
    assert talk.studio.view(talk.order.id) == before
    assert talk.studio.balance(talk.actor).available == 100


def test_words_that_a_planner_refuses_are_answered_with_its_reason(talk: Talk) -> None:
    class Strict:
        name = "strict"

        def plan(self, _request: object) -> EditPlan:
            raise InvalidInputError("That names too many pictures.")

    send = talk.studio.use(SendMessage)
    strict = attrs.evolve(send, answerer=attrs.evolve(send.answerer, planner=Strict()))
    answer = strict(actor=talk.actor, order_id=talk.order.id, text="brighter").answer
    assert (answer.text, answer.state) == ("That names too many pictures.", MessageState.DONE)


def situation_of(talk: Talk) -> Situation:
    """Return what the assistant knows of an order."""
    app = talk.studio.app
    with app.new_reading() as work:
        return look_at(work, work.orders.get(talk.order.id), app.prices.current(app.clock.now().date()))
