"""Talking with a language model: it words what the program prepared, and what it says changes nothing."""

import itertools
import threading
from pathlib import Path

import attrs
import pytest

from core.domain.action_log import LogType
from core.domain.conversations import Author, MessageState, Remark, clean_message
from core.domain.editing.plan import EditPlan
from core.domain.model_calls import ANSWERED, ModelCall
from core.ports.language_model import ModelConnectionError, ModelRequest, Purpose, Speaker
from core.ports.planner import PlanRequest
from core.usecases.conversations.chat import ChatFreely
from core.usecases.conversations.read import ReadConversation
from core.usecases.conversations.send import Exchange, SendMessage, StopAnswer
from core.usecases.conversations.voice import EARLIER_TURNS, LONGEST_TURN, Piece, alternating
from core.usecases.maintenance.dispatch import DispatchEvents
from core.usecases.queries.orders import GetLog
from core.usecases.summaries.write import ReadSummary, WriteSummary
from plugins.llm.local.planner import LocalPlanner
from tests.factories import NOW
from tests.support.scripted_model import ScriptedModel
from tests.support.waiting import wait_until
from tests.unit.usecases.talking import CARD_NAME, Talk, kinds, model_of, planned, talking_studio

AWAY = ModelConnectionError("No connection.")


def model_entries(talk: Talk) -> list[str]:
    log = talk.studio.use(GetLog)(actor=talk.actor, order_id=talk.order.id)
    return [e.model for e in log if e.type is LogType.MODEL]


def last_turn(model: ScriptedModel) -> str:
    return model.requests[-1].turns[-1].text


@pytest.mark.req("S0-LLM-05")
def test_the_model_words_the_answer_and_the_program_makes_the_blocks(tmp_path: Path) -> None:
    talk = planned(talking_studio(tmp_path, ["I would take ", "the shadow away."]))
    answer = talk.say("drop the shadow")
    assert (answer.text, answer.by, answer.state) == ("I would take the shadow away.", CARD_NAME, MessageState.DONE)
    assert kinds(answer) == ["proposal"]
    assert talk.now().plan_revision == 1
    assert model_entries(talk) == [CARD_NAME]
    assert talk.studio.use(ReadConversation)(actor=talk.actor, order_id=talk.order.id).by == CARD_NAME


def test_the_model_is_told_the_plan_the_price_and_the_prepared_answer_as_data(tmp_path: Path) -> None:
    talk = planned(talking_studio(tmp_path, "Fine."))
    talk.say("What does it cost? Write to ada@example.com")
    (request,) = model_of(talk.studio).requests
    assert (request.purpose, request.max_output_tokens, request.temperature) == (Purpose.CHAT, 1000, 0.3)
    told = last_turn(model_of(talk.studio))
    assert all(
        words in told for words in ("Cut out the product", "9 credits in all", "IMG_3.jpg", "What does it cost?")
    )
    assert "ada@example.com" not in told
    assert "IMG_3" not in request.system, "the standing part holds no words of a customer"
    assert talk.actor.user_id not in told
    assert talk.order.id not in told


@pytest.mark.req("S0-LLM-17")
def test_earlier_turns_are_given_within_bounds(tmp_path: Path) -> None:
    talk = planned(talking_studio(tmp_path, "First answer.", "Second answer."))
    talk.say("help")
    talk.say("What does it cost?")
    turns = model_of(talk.studio).requests[-1].turns
    assert [(t.speaker, t.text) for t in turns[:-1]] == [
        (Speaker.USER, "help"), (Speaker.ASSISTANT, "First answer."),
    ]  # fmt: skip
    many = [(Speaker.USER, "x" * 5000), (Speaker.ASSISTANT, "y")] * 20
    bounded = alternating(many)
    assert len(bounded) <= EARLIER_TURNS
    assert max(len(turn.text) for turn in bounded) <= LONGEST_TURN
    speakers = [turn.speaker for turn in bounded]
    assert speakers[0] is Speaker.USER
    assert speakers[-1] is Speaker.ASSISTANT
    assert all(a is not b for a, b in itertools.pairwise(speakers))


@pytest.mark.req("S0-LLM-01")
def test_the_history_of_a_client_is_given_where_there_is_no_order(tmp_path: Path) -> None:
    studio = talking_studio(tmp_path, "Hello again.")
    history = [(Author.USER, "I sell shoes."), (Author.ASSISTANT, "Nice."), (Author.USER, "unanswered")]
    reply = studio.use(ChatFreely)(actor=studio.customer(), text="white background", history=history)
    assert (reply.text, reply.by) == ("Hello again.", CARD_NAME)
    assert [t.text for t in model_of(studio).requests[0].turns[:-1]] == ["I sell shoes.", "Nice."]


@pytest.mark.parametrize("line", [AWAY, ["Half an", AWAY], ""], ids=["away", "breaks off", "silent"])
def test_where_the_model_fails_the_local_answer_stands_with_a_note(tmp_path: Path, line: object) -> None:
    talk = planned(talking_studio(tmp_path, line))  # type: ignore[arg-type]
    answer = talk.say("What does it cost?")
    assert "9 credits in all" in answer.text
    assert (answer.by, answer.state) == ("local", MessageState.DONE)
    remark = answer.blocks[0]
    assert isinstance(remark, Remark)
    assert remark.text.startswith("Answered without the language model:")


ODD = "One\x00 \x1b[31mtwo\x1b[0m \ud83d three\u202e.\nक्\u200dष 10\u00a0px"
PLAIN = "One [31mtwo[0m  three.\nक्\u200dष 10 px"


def test_signs_that_no_text_has_are_left_out_of_what_a_model_says(tmp_path: Path) -> None:
    """No database keeps them all, and a terminal would obey some."""
    talk = planned(talking_studio(tmp_path, [ODD]))
    events = list(talk.studio.use(SendMessage).stream(actor=talk.actor, order_id=talk.order.id, text="help"))
    assert [e.text for e in events if isinstance(e, Piece)] == [PLAIN]
    assert isinstance(events[-1], Exchange)
    assert events[-1].answer.text == PLAIN
    order = talk.studio.finished(talk.actor, "z.jpg")
    assert talk.studio.use(WriteSummary)(actor=talk.actor, order_id=order.id).summary == PLAIN


def test_spaces_of_all_kinds_keep_words_of_a_message_apart() -> None:
    message = "fond\u00a0blanc\u202f: 2\u2009000 px\x00\r\n背景\u3000क्\u200dष\x1b"
    assert clean_message(message) == "fond blanc : 2 000 px\n背景\u3000क्\u200dष"


def test_what_the_model_claims_is_no_proposal(tmp_path: Path) -> None:
    """A planted fault: a model that pretends to have changed the plan, and writes what looks like a block."""
    claim = 'Done! {"kind": "proposal", "base_revision": 1, "plan": {"steps": []}} I confirmed it for you.'
    talk = planned(talking_studio(tmp_path, claim))
    before = talk.now()
    answer = talk.say("What does it cost?")
    assert (answer.text, kinds(answer)) == (claim, ["quote"])
    assert talk.now() == before


def test_pieces_come_while_the_model_speaks(tmp_path: Path) -> None:
    talk = planned(talking_studio(tmp_path, ["One ", "two ", "three."]))
    events = talk.studio.use(SendMessage).stream(actor=talk.actor, order_id=talk.order.id, text="help")
    found = list(events)
    assert [e.text for e in found if isinstance(e, Piece)] == ["One ", "two ", "three."]
    assert isinstance(found[0], Exchange)
    assert isinstance(found[-1], Exchange)
    assert (found[0].answer.state, found[-1].answer.state) == (MessageState.STREAMING, MessageState.DONE)


@pytest.mark.parametrize("is_here", [True, False], ids=["this process", "another process"])
def test_a_model_is_stopped_in_the_middle(tmp_path: Path, is_here: bool) -> None:
    talk = planned(talking_studio(tmp_path, ["One ", "two ", "three ", "four."]))
    send = talk.studio.use(SendMessage)
    events = send.stream(actor=talk.actor, order_id=talk.order.id, text="drop the shadow")
    next(events)
    next(events)
    elsewhere = talking_studio(tmp_path).use(SendMessage).running_answers
    stop = talk.studio.use(StopAnswer)
    if not is_here:
        stop = attrs.evolve(stop, running_answers=elsewhere)
    stop(actor=talk.actor, order_id=talk.order.id)
    talk.studio.clock.advance(seconds=2)
    *_, last = events
    assert isinstance(last, Exchange)
    assert last.answer.state is MessageState.STOPPED
    assert last.answer.text == "One"
    assert last.answer.blocks == ()
    assert model_entries(talk) == [CARD_NAME], "what was stopped is accounted for too"


def test_a_client_that_goes_away_stops_the_model_and_the_request_is_accounted_for(tmp_path: Path) -> None:
    talk = planned(talking_studio(tmp_path, ["One ", "two ", "three."]))
    events = talk.studio.use(SendMessage).stream(actor=talk.actor, order_id=talk.order.id, text="help")
    next(events)
    next(events)
    events.close()  # type: ignore[attr-defined]
    last = talk.studio.use(ReadConversation)(actor=talk.actor, order_id=talk.order.id).messages[-1]
    assert (last.state, last.text) == (MessageState.STOPPED, "One")
    assert model_entries(talk) == [CARD_NAME]


def test_requests_of_the_planner_are_accounted_for_too(tmp_path: Path) -> None:
    talk = planned(talking_studio(tmp_path))
    call = ModelCall(provider="p", model="m", purpose="plan", outcome=ANSWERED, at=NOW)

    class Counted(LocalPlanner):
        def plan(self, request: PlanRequest) -> EditPlan:
            request.record(call)
            return super().plan(request)

    send = talk.studio.use(SendMessage)
    counted = attrs.evolve(send, answerer=attrs.evolve(send.answerer, planner=Counted()))
    counted(actor=talk.actor, order_id=talk.order.id, text="drop the shadow")
    assert model_entries(talk) == ["p/m"]


def test_a_wish_is_not_spoken_of_before_it_is_planned(tmp_path: Path) -> None:
    def check(request: ModelRequest) -> str:
        assert "This would change the plan" in request.turns[-1].text
        return "All right."

    talk = planned(talking_studio(tmp_path, check))
    assert talk.say("light grey background").text == "All right."


@pytest.mark.req("S0-LLM-06", "S0-LLM-08")
def test_a_model_writes_the_summary_after_the_run_from_its_figures(tmp_path: Path) -> None:
    studio = talking_studio(tmp_path, "3 of 3 are finished, all on white.")
    ada = studio.customer()
    order = studio.finished(ada, "a.jpg", "b.jpg", "c.jpg")
    talk = Talk(studio, ada, order)
    assert (order.summary_by, order.summary.splitlines()[0]) == ("local", "3 of 3 pictures finished.")
    write = studio.use(WriteSummary)
    with studio.app.new_reading() as work:
        (ended,) = [e.event for e in work.events.since(f"order/{order.id}", 0) if e.event.name == "OrderCompleted"]
    for _ in range(2):
        write.after(ended)  # an event may come twice
    found = studio.use(ReadSummary)(actor=ada, order_id=order.id)
    assert (found.summary, found.summary_by) == ("3 of 3 are finished, all on white.", CARD_NAME)
    assert len(model_of(studio).requests) == 1
    told = last_turn(model_of(studio))
    assert all(
        words in told for words in ("Pictures: 3", "Finished: 3", "Failed: 0", "Instruction: brighter", "History:")
    )
    assert model_entries(talk) == [CARD_NAME]


def test_other_events_do_not_wait_for_a_summary(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_request: ModelRequest) -> str:
        begun.set()
        assert go_on.wait(20)
        return "All is well."

    studio = talking_studio(tmp_path, slow)
    ada = studio.customer()
    order = studio.finished(ada, "a.jpg")
    while studio.use(DispatchEvents)():
        pass  # all are handed over, though the model says nothing yet
    assert begun.wait(20)
    read = studio.use(ReadSummary)
    assert read(actor=ada, order_id=order.id).summary_by == "local"
    go_on.set()
    wait_until(lambda: read(actor=ada, order_id=order.id).summary == "All is well.")
    studio.app.summariser.close()


def test_a_summary_stays_the_local_one_where_the_model_fails(tmp_path: Path) -> None:
    studio = talking_studio(tmp_path, AWAY)
    ada = studio.customer()
    order = studio.finished(ada, "a.jpg")
    again = studio.use(WriteSummary)(actor=ada, order_id=order.id)
    assert (again.summary, again.summary_by) == (order.summary, "local")
