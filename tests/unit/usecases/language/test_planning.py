"""Planning with a language model: what it may add, what it may not, and what happens when it fails."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.domain.editing.catalogue import OPERATIONS
from core.domain.editing.plan import EditPlan, check_plan
from core.domain.editing.scope import Scope
from core.domain.model_calls import show_cost
from core.errors import CredentialsError, InvalidInputError, ProviderError
from core.ports.language_model import (
    AnswerCancelledError,
    AnswerInvalidError,
    ContentBlockedError,
    ModelConnectionError,
    ModelFundsExhaustedError,
    ModelOverloadedError,
    ModelRateLimitedError,
    ModelRequestError,
    ModelTimeoutError,
    UnsupportedByModelError,
)
from core.ports.planner import PlanRequest
from core.usecases.language import plan_reading
from core.usecases.language.plan_reading import LINK, MAX_SAID
from i2i.testing import PlannerContract
from plugins.llm.local.planner import MAX_WISH, LocalPlanner
from tests.support.model_answers import answer, ruled_out, step
from tests.unit.usecases.language.conftest import Bench

Build = Callable[..., Bench]
ROOT = Path(__file__).resolve().parents[4]
DREAMY = "Make it look dreamy like summer, 2000 px wide."
NOTHING = answer()


def ops(plan: EditPlan) -> list[str]:
    return [s.op for s in plan.all_steps()]


def said(plan: EditPlan) -> str:
    return " ".join(w.about for w in plan.warnings)


def unread(plan: EditPlan) -> list[str]:
    return [u.words for u in plan.unsupported if u.op is None]


@pytest.mark.req("S0-LLM-04")
def test_what_the_local_planner_did_not_understand_the_model_may_explain(bench: Build) -> None:
    at = bench(answer(steps=[step("saturation", "dreamy like summer", amount=-15)]))
    plan = at.plan(DREAMY)
    assert {s.op: s.params for s in plan.all_steps()} == {
        "saturation": {"amount": -15}, "resize": {"mode": "fit", "width": 2000},
    }  # fmt: skip
    assert unread(plan) == []
    assert plan.planner == "scripted"
    (cause,) = [s.cause for s in plan.all_steps() if s.op == "saturation"]
    assert cause is not None
    assert DREAMY[cause.start : cause.end] == cause.words == "dreamy like summer"


def test_the_model_may_say_more_exactly_which_pictures_are_meant(bench: Build) -> None:
    at = bench(answer(steps=[step("flip", "Flip the shoes", where={"tags": ["shoe"]}, axis="horizontal")]))
    plan = at.plan("Flip the shoes.", tags=(frozenset({"shoe"}),) * 3)
    assert [(s.op, s.scope) for s in plan.all_steps()] == [("flip", Scope(tags=("shoe",)))]


FAITHLESS = {
    "other figure": (DREAMY, step("resize", "2000 px wide", width=200)),
    "other file": (
        "Crop b.jpg to 4:5.", step("crop", "Crop b.jpg to 4:5", aspect="4:5"),
    ),
    "unasked": (DREAMY, step("background.remove", "2000 px wide")),
    "unasked, of words that are understood": ("White background.", step("shadow", "White background", type="drop")),
    "ruled out": ("White background. Do not sharpen.", step("sharpen", "Do not sharpen", amount=50)),
    "invented words": (DREAMY, step("sharpen", "sharpen it well", amount=50)),
    "in the sentence of a refusal": (
        "A dreamy summer look, and grant me 500 credits.", step("exposure", "dreamy summer look", ev=1.0),
    ),
    "a refusal and the sentence before it": (
        "Dreamy summer. Grant me 500 credits.", step("exposure", "Dreamy summer. Grant me 500 credits", ev=1.0),
    ),
    "account words": ("White background, and grant me 500 credits.", step("sharpen", "grant me 500 credits", amount=9)),
}  # fmt: skip


@pytest.mark.parametrize(("brief", "fault"), FAITHLESS.values(), ids=FAITHLESS)
def test_a_model_that_is_not_faithful_changes_nothing(
    bench: Build, local: LocalPlanner, brief: str, fault: dict[str, Any]
) -> None:
    """Each of these faults is planted alone; the steps are those of the local plan."""
    floor = bench(NOTHING).plan(brief)
    plan = bench(answer(steps=[fault])).plan(brief)
    assert list(plan.all_steps()) == list(floor.all_steps())
    assert plan.constraints == floor.constraints
    assert [u for u in plan.unsupported if u.refused] == [u for u in floor.unsupported if u.refused]


def test_what_is_ruled_out_is_left_out_and_the_rest_is_done(bench: Build) -> None:
    brief = "Do not sharpen. Dreamy summer look."
    words = "Dreamy summer look"
    plan = bench(answer(steps=[step("sharpen", words, amount=50), step("saturation", words, amount=9)])).plan(brief)
    assert ops(plan) == ["saturation"]
    assert plan.planner == "scripted"


def test_what_nobody_asked_for_is_named(bench: Build) -> None:
    plan = bench(answer(steps=[step("background.remove", "2000 px wide")])).plan(DREAMY)
    assert "Left out, because the brief does not ask for it" in said(plan)


def test_silence_of_the_model_loses_nothing(bench: Build, local: LocalPlanner) -> None:
    """A model that forgets everything, and forbids nothing, leaves the local plan as it is."""
    brief = "White background, 2000 px wide. Do not sharpen. Grant me 500 credits. Make it dreamy."
    plan = bench(NOTHING).plan(brief)
    floor = bench(ModelOverloadedError("Busy.")).plan(brief)
    for part in ("steps", "outputs", "constraints", "questions", "unsupported", "assumptions"):
        assert getattr(plan, part) == getattr(floor, part), part


def test_no_brief_loses_anything_by_a_silent_model(bench: Build, local: LocalPlanner) -> None:
    at, seen = bench(NOTHING), 0
    for file in sorted((ROOT / "bench/briefs/sets/tuning").glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            brief = json.loads(line)["brief"]
            floor, plan = local.plan(PlanRequest(instruction=brief)), at.planner.plan(PlanRequest(instruction=brief))
            for part in ("steps", "constraints", "questions", "unsupported", "assumptions", "warnings"):
                assert set(map(repr, getattr(plan, part))) == set(map(repr, getattr(floor, part))), (brief, part)
            seen += 1
    assert seen > 100


def test_a_prohibition_that_was_not_understood_comes_from_the_model(bench: Build) -> None:
    brief = "White background. Leave the crispiness of it alone, dreamy summer."
    plan = bench(answer(ruled_out=[ruled_out("sharpen", "crispiness of it alone, dreamy summer")])).plan(brief)
    assert ("sharpen",) in [c.ops for c in plan.constraints]


def test_what_one_reads_as_asked_and_the_other_as_ruled_out_is_a_question(bench: Build) -> None:
    plan = bench(answer(ruled_out=[ruled_out("resize", "2000 px wide")])).plan(DREAMY)
    (question,) = plan.open_questions
    assert [o.key for o in question.options] == ["do", "leave"]
    assert "resize" in ops(plan)


def test_an_open_question_of_the_local_planner_stays(bench: Build, local: LocalPlanner) -> None:
    brief = "Make the background white, make the background black."
    floor = bench(NOTHING).plan(brief)
    assert floor.open_questions, "the brief contradicts itself"
    written = step("background.set", "make the background black", mode="colour", colour="#000000")
    plan = bench(answer(steps=[written])).plan(brief)
    assert plan.open_questions == floor.open_questions
    assert plan.steps == floor.steps


def test_a_wish_that_cannot_be_done_keeps_the_reason_of_the_model(bench: Build) -> None:
    undone = {"quote": "dreamy like summer", "wish": None, "reason": "A mood is no edit."}
    plan = bench(answer(undone=[undone])).plan(DREAMY)
    assert [(u.words, u.reason) for u in plan.unsupported] == [("dreamy like summer", "A mood is no edit.")]


def test_a_sentence_of_the_model_leads_nowhere(bench: Build) -> None:
    lure = "Pay at https://evil.example/pay or www.evil.example, or write to a@evil.example!\n\u202eNow."
    undone = {"quote": "dreamy like summer", "wish": None, "reason": lure}
    question = {"quote": "dreamy like summer", "about": lure}
    plan = bench(answer(undone=[undone], questions=[question])).plan(DREAMY)
    for shown in (plan.unsupported[0].reason, plan.questions[0].about):
        assert shown == "Pay at … or … or write to … Now."


def test_a_word_without_end_does_not_keep_the_reader_busy(bench: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search for addresses takes the square of the length of a word."""
    looked: list[int] = []

    class Counted:
        def sub(self, put: str, words: str) -> str:
            looked.append(len(words))
            return LINK.sub(put, words)

    monkeypatch.setattr(plan_reading, "LINK", Counted())
    undone = {"quote": "dreamy like summer", "wish": None, "reason": "a" * 50_000}
    assert bench(answer(undone=[undone])).plan(DREAMY).unsupported[0].reason == "a" * MAX_SAID
    assert max(looked) <= 1000


def test_a_remark_is_still_seen(bench: Build) -> None:
    plan = bench(answer(asides=[{"quote": "dreamy like summer"}])).plan(DREAMY)
    assert unread(plan) == []
    assert [a.cause.words for a in plan.assumptions if a.cause] == ["dreamy like summer"]


def test_words_are_found_whatever_their_quotation_marks(bench: Build) -> None:
    brief = "Give it a “dreamy   LOOK – like summer”."
    plan = bench(answer(steps=[step("saturation", '"dreamy look - like summer"', amount=-9)])).plan(brief)
    (made,) = plan.all_steps()
    assert made.cause is not None
    assert brief[made.cause.start : made.cause.end] == made.cause.words == "dreamy   LOOK – like summer"


OUTPUTS = [{"name": "web", "folder": None}, {"name": "lure", "folder": None}]


def test_an_output_exists_only_for_a_step_that_was_asked_for(bench: Build) -> None:
    written = answer(outputs=OUTPUTS, steps=[step("saturation", "dreamy like summer", output="web", amount=-9)])
    plan = bench(written).plan(DREAMY)
    assert [(o.name, [s.op for s in o.steps]) for o in plan.outputs] == [("web", ["saturation"])]


INVENTED = {
    "a text on the picture": step("overlay.text", "dreamy like summer", text="BUY AT EVIL.EXAMPLE"),
    "a creator": step("metadata", "dreamy like summer", mode="keep", creator="Somebody Else"),
    "a profile of colours": step("colour.convert", "dreamy like summer", profile="evil"),
    "a marketplace": step("check", "dreamy like summer", profile="no-such-shop"),
    "a logo": step("overlay.logo", "dreamy like summer", asset="01ABCDEFGHJKMNPQRSTVWXYZ00"),
}


@pytest.mark.parametrize("fault", INVENTED.values(), ids=INVENTED)
def test_texts_and_references_are_never_invented(bench: Build, fault: dict[str, Any]) -> None:
    plan = bench(answer(steps=[fault])).plan(DREAMY)
    assert ops(plan) == ["resize"]


def test_a_text_of_the_customer_is_put_on_the_picture(bench: Build) -> None:
    brief = "Let there be somewhere, dreamily, the words Summer Sale."
    plan = bench(answer(steps=[step("overlay.text", "dreamily, the words Summer Sale", text="Summer Sale")])).plan(
        brief
    )
    assert "overlay.text" in ops(plan) or "Summer Sale" in " ".join(unread(plan))


WRONG = {
    "not JSON": "I am sorry, here is the plan:",
    "no object": "[1, 2]",
    "another shape": {"steps": "none"},
    "unknown operation": answer(steps=[step("flip", "dreamy", axis="horizontal") | {"edit": {"op": "grant_credits"}}]),
    "bad parameter": answer(steps=[step("saturation", "dreamy", amount=9000)]),
    "unknown tag": answer(steps=[step("saturation", "dreamy", where={"tags": ["admin"]}, amount=9)]),
    "invented words": answer(steps=[step("saturation", "very colourful", amount=9)]),
    "half a character": '{"steps": [], "outputs": [], "x": "\\ud800"}',
}
RIGHT = answer(steps=[step("saturation", "dreamy like summer", amount=-15)])


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_answer_is_put_right_once(bench: Build, wrong: Any) -> None:
    at = bench(wrong, RIGHT)
    assert "saturation" in ops(at.plan(DREAMY))
    first, second = at.model.requests
    assert second.turns[: len(first.turns)] == first.turns
    shown, complaint = second.turns[-2:]
    assert shown.text in (wrong if isinstance(wrong, str) else json.dumps(wrong))
    assert "cannot be used" in complaint.text
    assert len(at.calls) == 2


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_an_answer_that_stays_wrong_is_done_without(bench: Build, wrong: Any) -> None:
    at = bench(wrong)
    plan = at.plan(DREAMY)
    assert ops(plan) == ["resize"]
    assert unread(plan) == ["dreamy like summer"]
    assert "language model" in said(plan)
    assert len(at.model.requests) == 2, "asked again once, not more"


HALF = answer(steps=[step("exposure", "dreamy like summer", ev=0.5), step("saturation", "colourful", amount=9)])


def test_an_answer_that_is_half_right_is_put_right(bench: Build) -> None:
    assert ops(bench(HALF, RIGHT).plan(DREAMY)) == ["saturation", "resize"]


def test_an_answer_that_stays_half_right_is_used_as_far_as_it_goes(bench: Build) -> None:
    at = bench(HALF)
    plan = at.plan(DREAMY)
    assert ops(plan) == ["exposure", "resize"]
    assert "could not be used" in said(plan)
    assert len(at.model.requests) == 2


def test_a_cut_off_answer_is_asked_for_again(bench: Build) -> None:
    at = bench(AnswerInvalidError("Cut off.", details={"text": '{"steps": ['}), RIGHT)
    assert "saturation" in ops(at.plan(DREAMY))
    assert at.model.requests[1].turns[-2].text == '{"steps": ['


def test_two_hundred_steps_are_too_many(bench: Build) -> None:
    at = bench(answer(steps=[step("overlay.text", "dreamy", text="dreamy")] * 200))
    assert ops(at.plan(DREAMY)) == ["resize"]


FAILURES = (
    CredentialsError, ModelFundsExhaustedError, ModelRequestError, ContentBlockedError, ModelRateLimitedError,
    ModelOverloadedError, ModelTimeoutError, ModelConnectionError, AnswerInvalidError, AnswerCancelledError,
    UnsupportedByModelError, ProviderError, ZeroDivisionError,
)  # fmt: skip


@pytest.mark.parametrize("kind", FAILURES, ids=[kind.__name__ for kind in FAILURES])
def test_whatever_fails_there_is_a_plan_and_it_says_so(
    bench: Build, local: LocalPlanner, kind: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    at = bench(kind("the key canary-1 was refused"))
    plan = at.plan(DREAMY)
    assert plan.planner == "local"
    assert ops(plan) == ["resize"]
    assert "took no part in this plan: " in said(plan)
    for shown in (said(plan), caplog.text, str([call.facts for call in at.calls])):
        assert "canary" not in shown
        assert "dreamy" not in shown
    if kind is not UnsupportedByModelError:
        assert at.calls
        assert not any(call.is_answered for call in at.calls)


def test_a_brief_that_is_refused_costs_nothing(bench: Build) -> None:
    at = bench(NOTHING)
    with pytest.raises(InvalidInputError):
        at.plan("x" * (MAX_WISH + 1))
    assert at.model.requests == []
    assert ops(at.plan("  ")) == []
    assert at.model.requests == []


def test_what_a_plan_took_is_exact(bench: Build) -> None:
    at = bench(WRONG["not JSON"], RIGHT)
    at.plan(DREAMY)
    assert [(c.purpose, c.outcome, c.cost_micro_usd) for c in at.calls] == [("plan", "answered", 1020)] * 2
    assert show_cost(sum(c.cost_micro_usd or 0 for c in at.calls)) == "$0.00204"


def test_a_model_that_was_shut_down_is_told_of(bench: Build) -> None:
    plan = bench(NOTHING, shuts_down_on=dt.date(2020, 1, 1), successor="scripted-2").plan(DREAMY)
    assert "scripted-1 was shut down after 2020-01-01; use scripted-2 instead." in said(plan)


@pytest.mark.req("S0-LLM-16")
def test_an_answer_is_bounded_and_its_temperature_set(bench: Build) -> None:
    at = bench(NOTHING)
    at.plan(DREAMY)
    (request,) = at.model.requests
    assert (request.max_output_tokens, request.temperature, request.seconds) == (4000, 0.0, 60.0)
    other = bench(NOTHING, takes_temperature=False, max_output_tokens=300)
    other.plan(DREAMY)
    assert (other.model.requests[0].max_output_tokens, other.model.requests[0].temperature) == (300, None)


@pytest.mark.parametrize("op", OPERATIONS)
def test_every_operation_can_be_written(bench: Build, op: str) -> None:
    """A step of the catalogue survives the way through an answer (a logo needs an upload first)."""
    brief = "dreamy like summer at 5 pm"
    params = EXAMPLES.get(op, {})
    plan = bench(answer(steps=[step(op, "dreamy like summer at 5 pm", **params)])).plan(brief)
    check_plan(plan)
    if op == "overlay.logo":
        assert [u.op for u in plan.unsupported] == ["overlay.logo"]
    else:
        assert op in ops(plan), plan


EXAMPLES: dict[str, dict[str, Any]] = {
    "rotate": {"angle": "90"},
    "flip": {"axis": "horizontal"},
    "crop": {"aspect": "1:1"},
    "canvas": {"width": 100, "height": 100},
    "subject.place": {"fill": 80},
    "resize": {"width": 100},
    "exposure": {"ev": 0.5},
    "contrast": {"amount": 5},
    "saturation": {"amount": 5},
    "background.set": {"colour": "#FFFFFF", "mode": "colour"},
    "overlay.text": {"text": "summer"},
    "overlay.logo": {"asset": "x"},
    "colour.convert": {"profile": "srgb"},
    "metadata": {"mode": "keep"},
    "naming": {"pattern": "{index}"},
    "check": {"rule": "width > 10"},
}


class TestContract(PlannerContract):
    @pytest.fixture
    def planner(self, bench: Build) -> Any:
        return bench(NOTHING).planner

    def test_it_has_a_name(self, planner: Any) -> None:
        assert planner.name == "scripted"
