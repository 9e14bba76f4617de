"""Calling a language model: tries, waiting between them, a deadline, and an account of every request."""

from collections.abc import Callable, Iterator
from typing import Any

import attrs

from core.domain.language_models import ModelCard
from core.domain.model_calls import ABANDONED, ANSWERED, ModelCall
from core.errors import ProviderError, ProviderRejectedError
from core.ports.clock import Clock
from core.ports.language_model import (
    AnswerCancelledError,
    AnswerInvalidError,
    CancelToken,
    Finished,
    LanguageModel,
    ModelConnectionError,
    ModelFundsExhaustedError,
    ModelOverloadedError,
    ModelRateLimitedError,
    ModelRequest,
    ModelRequestError,
    ModelTimeoutError,
    Purpose,
    TextDelta,
    Usage,
)
from core.usecases.language.breaker import Breaker
from core.usecases.language.budget import Budget

MAX_TRIES = 3
FIRST_WAIT = 0.5  # seconds; doubled for the second wait
CHEAP = 10_000  # a request that costs at most a cent may be paid twice
SECOND_PAYMENT = frozenset({Purpose.PLAN, Purpose.VISION, Purpose.SUMMARY})  # in a chat somebody asks again by hand
PICTURE_TOKENS = 1600
MOST_TOKENS = 10_000_000  # of one answer; no model reads or writes as much
LETTERS_PER_TOKEN = 2  # low on purpose: an estimate that errs on the dear side


@attrs.frozen(kw_only=True)
class Answer:
    """A whole answer, and the request that brought it."""

    text: str
    call: ModelCall


# Waits so many seconds, or until the token is cancelled.
Pause = Callable[[float, CancelToken | None], None]
Record = Callable[[ModelCall], object]


def _forget(_call: ModelCall) -> None:
    """Nobody keeps an account."""


@attrs.frozen(kw_only=True)
class Caller:
    """Asks one model, again where that helps: at most three times, within the seconds of the request.

    ``record`` receives every request that was sent, the failed ones too, as soon as it ended.
    """

    model: LanguageModel
    clock: Clock
    pause: Pause
    breaker: Breaker
    budget: Budget

    @property
    def card(self) -> ModelCard:
        """What is known of the model."""
        return self.model.card

    def ask(self, request: ModelRequest, *, cancel: CancelToken | None = None, record: Record = _forget) -> Answer:
        """Return the whole answer.

        Raises:
            ProviderError: as ``LanguageModel.complete`` says, after the tries that made sense.
        """
        for part in self._tries(request, cancel, record, is_whole=True):
            if isinstance(part, Answer):
                return part
        raise AssertionError("a request ends with an answer or an error")

    def stream(
        self, request: ModelRequest, *, cancel: CancelToken | None = None, record: Record = _forget
    ) -> Iterator[TextDelta | Answer]:
        """Give the answer piece by piece, and at the end as a whole; nothing is tried again after the first piece.

        Raises:
            ProviderError: as ``LanguageModel.complete`` says.
        """
        return self._tries(request, cancel, record, is_whole=False)

    def _tries(
        self, request: ModelRequest, cancel: CancelToken | None, record: Record, *, is_whole: bool
    ) -> Iterator[TextDelta | Answer]:
        deadline = self.clock.monotonic_ms() + int(request.seconds * 1000)
        for number in range(1, MAX_TRIES + 1):
            self.budget.check()
            self.breaker.check(self.card.provider)
            _check_cancel(cancel)
            left = max(0.001, (deadline - self.clock.monotonic_ms()) / 1000)
            attempt = _Attempt(caller=self, request=attrs.evolve(request, seconds=left), record=record)
            try:
                for part in attempt.run(cancel):
                    if not is_whole or isinstance(part, Answer):
                        yield part
                return
            except ProviderError as error:
                if isinstance(error, ModelFundsExhaustedError):
                    self.breaker.trip(self.card.provider)
                if number < MAX_TRIES and _is_schema_refused(error, request):
                    request = attrs.evolve(request, is_schema_told=True)
                    continue
                wait = FIRST_WAIT * 2 ** (number - 1)
                wait = max(wait, float(error.details.get("retry_after") or 0))
                too_late = self.clock.monotonic_ms() + wait * 1000 >= deadline
                handed_out = attempt.pieces > 0 and not is_whole
                if number == MAX_TRIES or too_late or handed_out or not self._is_worth_another(error, attempt):
                    raise
            self.pause(wait, cancel)

    def _is_worth_another(self, error: ProviderError, attempt: "_Attempt") -> bool:
        if isinstance(error, ModelRateLimitedError):
            return error.details.get("scope") != "day"
        if not isinstance(error, ModelOverloadedError | ModelTimeoutError | ModelConnectionError):
            return False
        return not attempt.is_maybe_billed(error) or (
            attempt.request.purpose in SECOND_PAYMENT and self._is_cheap(attempt.request)
        )

    def _is_cheap(self, request: ModelRequest) -> bool:
        cost = most_it_costs(self.card, request)
        return self.card.locality == "local" if cost is None else cost <= CHEAP


@attrs.define(kw_only=True)
class _Attempt:
    """One request: counts the pieces of its answer, and accounts for it however it ends."""

    caller: Caller
    request: ModelRequest
    record: Record
    pieces: int = 0

    def is_maybe_billed(self, error: ProviderError) -> bool:
        """Whether an answer that failed may have cost something all the same."""
        is_lost = isinstance(error, ModelTimeoutError | ModelConnectionError)
        return self.pieces > 0 or bool(error.details.get("maybe_billed", is_lost))

    def run(self, cancel: CancelToken | None) -> Iterator[TextDelta | Answer]:
        clock, at = self.caller.clock, self.caller.clock.now()
        call = ModelCall(
            provider=self.caller.card.provider, model=self.caller.card.model, purpose=self.request.purpose.value,
            outcome=ABANDONED, at=at,
        )  # fmt: skip
        begun, was_sent, is_maybe_billed = clock.monotonic_ms(), True, True
        finished: Finished | None = None
        try:
            for event in self.caller.model.complete(self.request, cancel=cancel):
                if isinstance(event, Finished):
                    finished = event
                    break
                self.pieces += 1
                yield event
            if finished is None:
                raise AnswerInvalidError(f"{call.model} stopped in the middle of its answer.")
            call = _account(call, self.caller.card, finished.usage, finished.request_id)
            call = attrs.evolve(call, outcome=ANSWERED, model=finished.model or call.model)
        except ProviderError as error:
            was_sent = error.details.get("sent") is not False and error.code not in _NEVER_SENT
            is_maybe_billed = self.is_maybe_billed(error)
            call = attrs.evolve(_account_of(error, call, self.caller.card), outcome=error.code)
            raise
        except Exception as error:
            call = attrs.evolve(call, outcome="plugin_failed")
            raise ProviderRejectedError(
                f"The plugin of {call.provider} failed with {type(error).__name__}.", code="plugin_failed"
            ) from error
        finally:
            call = attrs.evolve(call, duration_ms=max(0, clock.monotonic_ms() - begun))
            if was_sent:
                most = most_it_costs(self.caller.card, self.request) if is_maybe_billed else None
                self.caller.budget.spend(call, at_most=most)
                self.record(call)
        yield Answer(text=finished.text, call=call)


_NEVER_SENT = frozenset({"unsupported_by_model"})
_BAD_REQUEST = frozenset({400, 422})


def _is_schema_refused(error: ProviderError, request: ModelRequest) -> bool:
    """Whether it may be the schema that the provider did not accept: then the model is told it in words."""
    has_schema = request.schema is not None and not request.is_schema_told
    return has_schema and isinstance(error, ModelRequestError) and error.details.get("status") in _BAD_REQUEST


def _account(call: ModelCall, card: ModelCard, usage: Usage, request_id: str) -> ModelCall:
    """Account for an answer; a server of one's own may tell any figures."""
    tokens: dict[str, Any] = {name: _bounded(figure) for name, figure in attrs.asdict(usage).items()}
    tokens["cached_input_tokens"] = min(tokens["cached_input_tokens"], tokens["input_tokens"])
    return attrs.evolve(call, request_id=request_id, cost_micro_usd=card.cost(**tokens), **tokens)


def _bounded(figure: object) -> int:
    return min(max(0, figure), MOST_TOKENS) if isinstance(figure, int) else 0


def _account_of(error: ProviderError, call: ModelCall, card: ModelCard) -> ModelCall:
    """Account for a request that failed; ``details["usage"]`` holds the fields of ``Usage`` if it was billed."""
    usage = error.details.get("usage")
    request_id = str(error.details.get("request_id") or "")
    if usage:
        return _account(call, card, Usage(**usage), request_id)
    return attrs.evolve(call, request_id=request_id)


def _check_cancel(cancel: CancelToken | None) -> None:
    if cancel is not None and cancel.is_cancelled:
        raise AnswerCancelledError("The answer was cancelled.", details={"sent": False})


def most_it_costs(card: ModelCard, request: ModelRequest) -> int | None:
    """Return an upper estimate of what a request costs, in millionths of a US dollar; None without a price."""
    pictures = sum(len(turn.pictures) for turn in request.turns)
    letters = len(request.system) + sum(len(turn.text) for turn in request.turns) + len(str(request.schema or ""))
    return card.cost(
        input_tokens=letters // LETTERS_PER_TOKEN + pictures * PICTURE_TOKENS,
        cached_input_tokens=0,
        output_tokens=request.max_output_tokens,
    )
