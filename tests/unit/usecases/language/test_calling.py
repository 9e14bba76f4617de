"""Calling a model: what is tried again and what is not, the deadline, the breaker, and the account of it all."""

import contextlib
import datetime as dt
from typing import Any

import attrs
import pytest

from core.domain.language_models import ModelCard, TokenPrice
from core.domain.model_calls import ModelCall, show_cost, total_cost
from core.errors import CredentialsError, ProviderError
from core.ports.language_model import (
    AnswerCancelledError,
    AnswerInvalidError,
    CancelToken,
    ContentBlockedError,
    ModelConnectionError,
    ModelFundsExhaustedError,
    ModelOverloadedError,
    ModelRateLimitedError,
    ModelRequest,
    ModelRequestError,
    ModelTimeoutError,
    Purpose,
    Speaker,
    TextDelta,
    Turn,
    UnsupportedByModelError,
    Usage,
)
from core.usecases.language.breaker import REST_MS, Breaker
from core.usecases.language.budget import Budget
from core.usecases.language.calling import MOST_TOKENS, Answer, Caller
from core.usecases.language.cancelling import Cancellation
from tests.factories import FixedClock
from tests.support.scripted_model import CARD, USAGE, ScriptedModel

FIGURES = ("input_tokens", "cached_input_tokens", "output_tokens")


@attrs.define
class Desk:
    """A caller whose waiting moves the clock instead of the tests."""

    model: ScriptedModel
    clock: FixedClock = attrs.field(factory=FixedClock)
    waits: list[float] = attrs.field(factory=list)
    calls: list[ModelCall] = attrs.field(factory=list)
    breaker: Breaker = attrs.field(init=False)
    budget: Budget = attrs.field(init=False)
    caller: Caller = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.breaker = Breaker(clock=self.clock)
        self.budget = Budget(clock=self.clock)
        self.caller = Caller(
            model=self.model, clock=self.clock, pause=self.pause, breaker=self.breaker, budget=self.budget
        )

    def pause(self, seconds: float, cancel: CancelToken | None = None) -> None:
        self.waits.append(seconds)
        self.clock.advance(seconds=seconds)

    def ask(self, request: ModelRequest | None = None, **more: Any) -> Answer:
        return self.caller.ask(request or question(), record=self.calls.append, **more)


def question(**changes: Any) -> ModelRequest:
    turn = Turn(speaker=Speaker.USER, text="Crop to a square.")
    return ModelRequest(**{"purpose": Purpose.PLAN, "system": "Plan.", "turns": (turn,), **changes})


def desk(*lines: Any, card: ModelCard = CARD) -> Desk:
    return Desk(ScriptedModel(list(lines), card=card))


TRANSIENT = (
    ModelOverloadedError("Busy."),
    ModelRateLimitedError("Slow down.", details={"retry_after": 3}),
    ModelConnectionError("Refused.", details={"maybe_billed": False}),
)


@pytest.mark.parametrize("error", TRANSIENT, ids=[type(e).__name__ for e in TRANSIENT])
def test_a_passing_trouble_is_tried_again(error: ProviderError) -> None:
    at = desk(error, "done")
    assert at.ask().text == "done"
    assert at.waits == [max(0.5, error.details.get("retry_after", 0))]
    assert [call.outcome for call in at.calls] == [error.code, "answered"]


def test_three_tries_are_the_most_and_the_wait_grows() -> None:
    at = desk(ModelOverloadedError("Busy."))
    with pytest.raises(ModelOverloadedError):
        at.ask()
    assert len(at.model.requests) == 3
    assert at.waits == [0.5, 1.0]


FINAL = (
    CredentialsError, ModelFundsExhaustedError, ModelRequestError, ContentBlockedError, AnswerInvalidError,
    UnsupportedByModelError, AnswerCancelledError,
)  # fmt: skip


@pytest.mark.parametrize("kind", FINAL, ids=[kind.__name__ for kind in FINAL])
def test_what_another_try_cannot_change_is_not_tried_again(kind: type[ProviderError]) -> None:
    at = desk(kind("No."))
    with pytest.raises(kind):
        at.ask()
    assert len(at.model.requests) == 1
    assert at.waits == []


REFUSED = ModelRequestError("No.", details={"status": 400})


def test_a_schema_that_is_refused_is_told_in_words_once() -> None:
    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    at = desk(REFUSED, "{}")
    assert at.ask(question(schema=schema)).text == "{}"
    assert [r.is_schema_told for r in at.model.requests] == [False, True]
    assert at.waits == []
    at = desk(REFUSED)
    with pytest.raises(ModelRequestError):
        at.ask(question(schema=schema))
    assert len(at.model.requests) == 2
    unknown = ModelRequestError("No.", details={"status": 404})
    for error, asked in ((REFUSED, question()), (unknown, question(schema=schema))):
        at = desk(error)
        with pytest.raises(ModelRequestError):
            at.ask(asked)
        assert len(at.model.requests) == 1


def test_a_quota_of_the_day_is_not_waited_for() -> None:
    at = desk(ModelRateLimitedError("Tomorrow.", details={"scope": "day"}))
    with pytest.raises(ModelRateLimitedError):
        at.ask()
    assert len(at.model.requests) == 1


def test_a_wait_past_the_deadline_is_not_begun() -> None:
    at = desk(ModelRateLimitedError("Slow down.", details={"retry_after": 61}), "late")
    with pytest.raises(ModelRateLimitedError):
        at.ask(question(seconds=60))
    assert at.waits == []


def test_a_second_try_gets_only_the_time_that_is_left() -> None:
    at = desk(ModelRateLimitedError("Slow down.", details={"retry_after": 20}), "done")
    at.ask(question(seconds=60))
    assert [request.seconds for request in at.model.requests] == [60, 40]


LOST = (ModelTimeoutError("No answer."), ModelConnectionError("Lost."))
DEAR = attrs.evolve(CARD, prices=(TokenPrice(input=1_000_000, cached_input=0, output=40_000_000),))
FREE = attrs.evolve(CARD, prices=(), locality="local")
UNKNOWN = attrs.evolve(CARD, prices=())


@pytest.mark.parametrize("error", LOST, ids=[type(e).__name__ for e in LOST])
@pytest.mark.parametrize(
    ("card", "purpose", "tries"),
    [
        (CARD, Purpose.PLAN, 2),
        (CARD, Purpose.CHAT, 1),
        (DEAR, Purpose.PLAN, 1),
        (FREE, Purpose.PLAN, 2),
        (UNKNOWN, Purpose.PLAN, 1),
    ],
    ids=["cheap plan", "chat", "dear plan", "own server", "unknown price"],
)
def test_what_may_have_been_billed_is_paid_twice_only_when_it_is_cheap(
    error: ProviderError, card: ModelCard, purpose: Purpose, tries: int
) -> None:
    at = desk(error, "done", card=card)
    with contextlib.suppress(ProviderError):
        at.ask(question(purpose=purpose))
    assert len(at.model.requests) == tries


def test_a_stream_gives_pieces_then_the_whole() -> None:
    at = desk(["Cro", "p."])
    *pieces, end = at.caller.stream(question(), record=at.calls.append)
    assert pieces == [TextDelta(text="Cro"), TextDelta(text="p.")]
    assert isinstance(end, Answer)
    assert end.text == "Crop."
    assert at.calls == [end.call]


def test_nothing_is_tried_again_after_a_piece_was_handed_out() -> None:
    at = desk(["Cro", ModelOverloadedError("Busy.")], "Crop.")
    with pytest.raises(ModelOverloadedError):
        list(at.caller.stream(question(), record=at.calls.append))
    assert [call.outcome for call in at.calls] == ["model_overloaded"]


def test_a_stream_that_breaks_before_the_first_piece_is_tried_again() -> None:
    at = desk(ModelOverloadedError("Busy."), "Crop.")
    assert "".join(p.text for p in at.caller.stream(question()) if isinstance(p, TextDelta)) == "Crop."


def test_whoever_stops_listening_is_accounted_for() -> None:
    at = desk(["Cro", "p."])
    stream = at.caller.stream(question(), record=at.calls.append)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert [call.outcome for call in at.calls] == ["abandoned"]


def test_an_answer_without_an_end_is_invalid() -> None:
    class Silent(ScriptedModel):
        def complete(self, request: ModelRequest, *, cancel: Any = None) -> Any:
            return iter((TextDelta(text="Cro"),))

    with pytest.raises(AnswerInvalidError):
        Desk(Silent()).ask()


def test_a_plugin_that_breaks_is_an_error_of_the_provider() -> None:
    at = desk(ZeroDivisionError("inside"))
    with pytest.raises(ProviderError) as caught:
        at.ask()
    assert caught.value.code == "plugin_failed"
    assert "inside" not in caught.value.message
    assert [call.outcome for call in at.calls] == ["plugin_failed"]


def test_a_provider_without_money_is_left_alone_for_a_while() -> None:
    at = desk(ModelFundsExhaustedError("No money."), "paid")
    for _ in range(3):
        with pytest.raises(ModelFundsExhaustedError):
            at.ask()
    assert len(at.model.requests) == 1
    assert len(at.calls) == 1  # what was not sent is not on the account
    at.clock.advance(milliseconds=REST_MS)
    assert at.ask().text == "paid"


def test_a_spent_budget_stops_requests_until_the_next_day() -> None:
    at = desk("done")
    at.budget.dollars = 0.002  # two answers of $0.00102
    assert [at.ask().text, at.ask().text] == ["done", "done"]
    with pytest.raises(ModelFundsExhaustedError) as caught:
        at.ask()
    assert caught.value.code == "model_budget_spent"
    assert len(at.model.requests) == len(at.calls) == 2
    at.clock.advance(days=1)
    assert at.ask().text == "done"


@pytest.mark.parametrize("line", [["One ", "two"], ["One ", ModelConnectionError("Lost.")]], ids=["left", "lost"])
def test_answers_that_nobody_hears_to_the_end_count_for_the_budget(line: list[Any]) -> None:
    at = desk(line)
    at.budget.dollars = 0.005
    for _ in range(2):  # 1000 tokens of an answer are 0.4 cents at most
        with contextlib.suppress(ModelConnectionError), contextlib.closing(at.caller.stream(question())) as parts:  # type: ignore[type-var]
            next(parts)
            if line[-1] != "two":
                next(parts)
    with pytest.raises(ModelFundsExhaustedError) as spent:
        at.ask()
    assert spent.value.code == "model_budget_spent"


def test_an_answer_that_was_refused_costs_nothing() -> None:
    at = desk(ModelOverloadedError("Busy."))
    at.budget.dollars = 0.000001
    with pytest.raises(ModelOverloadedError):
        at.ask()
    assert len(at.model.requests) == 3


def test_other_providers_are_still_asked() -> None:
    at = desk("done")
    at.breaker.trip("another")
    assert at.ask().text == "done"


def test_a_cancelled_request_is_not_sent() -> None:
    at = desk("done")
    cancel = Cancellation()
    cancel.cancel()
    with pytest.raises(AnswerCancelledError):
        at.ask(cancel=cancel)
    assert at.model.requests == []
    assert at.calls == []


def test_giving_up_while_waiting_ends_the_tries() -> None:
    at = desk(ModelOverloadedError("Busy."), "done")
    given_up = Cancellation()

    def pause(seconds: float, cancel: CancelToken | None = None) -> None:
        given_up.cancel()

    at.caller = attrs.evolve(at.caller, pause=pause)
    with pytest.raises(AnswerCancelledError):
        at.ask(cancel=given_up)
    assert len(at.model.requests) == 1


def test_a_cancellation_calls_each_act_once() -> None:
    cancel = Cancellation()
    heard: list[str] = []
    cancel.on_cancel(lambda: heard.append("before"))
    cancel.cancel()
    cancel.cancel()
    cancel.on_cancel(lambda: heard.append("after"))
    assert heard == ["before", "after"]


def test_what_an_answer_took_is_exact() -> None:
    at = desk("done")
    call = at.ask().call
    assert (call.input_tokens, call.cached_input_tokens, call.output_tokens) == (1000, 200, 50)
    assert call.cost_micro_usd == 800 * 1 + 20 + 50 * 4
    assert call.request_id == "req-1"
    assert call.at == at.clock.now()
    assert call.sentence == "scripted scripted-1 read the instruction: 1000 tokens in, 50 out, $0.00102."
    assert "Crop" not in str(call.facts)


def test_a_failure_that_was_billed_is_on_the_account() -> None:
    usage = {"input_tokens": 1000, "cached_input_tokens": 0, "output_tokens": 500}
    at = desk(AnswerInvalidError("Cut off.", details={"usage": usage, "request_id": "r-9"}))
    with pytest.raises(AnswerInvalidError):
        at.ask()
    assert [(call.cost_micro_usd, call.request_id) for call in at.calls] == [(3000, "r-9")]
    assert at.calls[0].sentence == "scripted scripted-1 did not answer: answer_invalid."


STRANGE_FIGURES = {
    "negative": ((-5, -7, -(10**12)), (0, 0, 0)),
    "absurd": ((10**30, 0, 10**30), (MOST_TOKENS, 0, MOST_TOKENS)),
    "more cached than sent": ((10, 10**30, 1), (10, 10, 1)),
    "no numbers": (("12", None, 1.5), (0, 0, 0)),
}


@pytest.mark.parametrize("is_billed_error", [False, True])
@pytest.mark.parametrize(("told", "counted"), STRANGE_FIGURES.values(), ids=STRANGE_FIGURES)
def test_figures_of_a_server_are_bounded_before_they_are_counted(
    told: Any, counted: Any, is_billed_error: bool
) -> None:
    usage = Usage(**dict(zip(FIGURES, told, strict=True)))
    refused = AnswerInvalidError("Cut off.", details={"usage": attrs.asdict(usage)})
    at = desk(refused if is_billed_error else "ok")
    at.model.usage = usage
    with contextlib.suppress(AnswerInvalidError):
        at.ask()
    (call,) = at.calls
    assert tuple(getattr(call, name) for name in FIGURES) == counted
    assert call.cost_micro_usd == CARD.cost(**dict(zip(FIGURES, counted, strict=True)))


def test_negative_figures_give_no_money_back() -> None:
    at = desk("ok")
    at.budget.dollars = 0.0015
    for usage in (USAGE, Usage(output_tokens=-(10**9)), USAGE):
        at.model.usage = usage
        at.ask()
    with pytest.raises(ModelFundsExhaustedError):
        at.ask()


@pytest.mark.parametrize(("micro", "shown"), [(0, "$0.00"), (1, "$0.000001"), (1020, "$0.00102"), (2_500_000, "$2.50")])
def test_costs_are_shown_exactly(micro: int, shown: str) -> None:
    assert show_cost(micro) == shown


def test_a_sum_with_an_unknown_part_is_unknown() -> None:
    known = ModelCall(
        provider="a", model="b", purpose="plan", outcome="answered", cost_micro_usd=5,
        at=dt.datetime(2026, 11, 21, tzinfo=dt.UTC),
    )  # fmt: skip
    assert total_cost((known, known)) == 10
    assert total_cost((known, attrs.evolve(known, cost_micro_usd=None))) is None
    assert total_cost(()) == 0
