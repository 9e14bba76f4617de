"""Giving up on an answer from another thread ends it at once, and the provider notices."""

import queue
import threading
from collections.abc import Callable, Iterator

import pytest

from core.ports.language_model import AnswerCancelledError, Event, LanguageModel, ModelTimeoutError, TextDelta
from core.usecases.language.cancelling import Cancellation
from i2i.testing import ask
from plugins.language_models.lines import Cut, Line
from tests.plugins.llm.conftest import MakeModel
from tests.support.provider_stub import Answer, Desk, Hold, Silence


class Reader:
    """Reads an answer in a thread of its own."""

    def __init__(self, events: Iterator[Event]) -> None:
        self.events: queue.Queue[Event | BaseException] = queue.Queue()
        self._thread = threading.Thread(target=self._read, args=(events,), daemon=True)
        self._thread.start()

    def _read(self, events: Iterator[Event]) -> None:
        try:
            for event in events:
                self.events.put(event)
        except BaseException as error:  # noqa: BLE001 - the test wants to see it
            self.events.put(error)

    def next(self) -> Event | BaseException:
        """Wait for the next event, or for the error that ended it."""
        return self.events.get(timeout=10)


@pytest.mark.parametrize("has_streaming", [True, False])
def test_while_the_provider_is_silent(make_model: MakeModel, desk: Desk, has_streaming: bool) -> None:
    hold, token = Hold(), Cancellation()
    desk.script(Silence(hold=hold))
    reader = Reader(make_model(has_streaming=has_streaming).complete(ask("Hello"), cancel=token))
    hold.wait_until_reached()
    token.cancel()
    error = reader.next()
    assert isinstance(error, AnswerCancelledError)
    assert error.details["maybe_billed"]
    hold.wait_until_reached()
    assert hold.was_dropped


def test_in_the_middle_of_a_stream(model: LanguageModel, desk: Desk) -> None:
    hold, token = Hold(), Cancellation()
    desk.script(Answer(pieces=("one ", "two "), hold=hold))
    reader = Reader(model.complete(ask("Hello"), cancel=token))
    assert reader.next() == TextDelta(text="one ")
    hold.wait_until_reached()
    token.cancel()
    assert isinstance(reader.next(), AnswerCancelledError)
    hold.wait_until_reached()
    assert hold.was_dropped


def test_before_anything_is_sent(model: LanguageModel, desk: Desk) -> None:
    token = Cancellation()
    token.cancel()
    with pytest.raises(AnswerCancelledError) as caught:
        list(model.complete(ask("Hello"), cancel=token))
    assert caught.value.details["sent"] is False
    assert desk.log == []


def test_one_answer_is_cancelled_and_another_goes_on(model: LanguageModel, desk: Desk) -> None:
    held, other, token = Hold(), Hold(), Cancellation()
    desk.script(Answer(pieces=("one ", "two "), hold=held), Answer(pieces=("uno ", "due "), hold=other))
    first = Reader(model.complete(ask("Hello"), cancel=token))
    assert first.next() == TextDelta(text="one ")
    second = Reader(model.complete(ask("Ciao"), cancel=Cancellation()))
    assert second.next() == TextDelta(text="uno ")
    token.cancel()
    assert isinstance(first.next(), AnswerCancelledError)
    other.release()
    assert second.next() == TextDelta(text="due ")


def test_whoever_stops_listening_closes_the_connection(model: LanguageModel, desk: Desk) -> None:
    hold = Hold()
    desk.script(Answer(pieces=("one ", "two "), hold=hold))
    events = model.complete(ask("Hello"))
    assert next(events) == TextDelta(text="one ")
    hold.wait_until_reached()
    events.close()  # type: ignore[attr-defined]
    hold.wait_until_reached()
    assert hold.was_dropped


def test_closing_a_model_ends_what_it_is_doing(model: LanguageModel, desk: Desk) -> None:
    hold = Hold()
    desk.script(Silence(hold=hold))
    reader = Reader(model.complete(ask("Hello")))
    hold.wait_until_reached()
    model.close()
    assert isinstance(reader.next(), AnswerCancelledError)


def test_a_token_that_is_used_later_does_no_harm(model: LanguageModel, desk: Desk) -> None:
    token = Cancellation()
    desk.answer("ok")
    assert list(model.complete(ask("Hello"), cancel=token))
    token.cancel()


@pytest.mark.parametrize("key", ["openai"], indirect=True)
def test_a_line_that_is_not_cut_would_be_caught(
    model: LanguageModel, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plants the fault: only the mark is set, the connection stays open."""

    def mark_only(self: Line, why: Cut) -> None:
        self.cut_for = why

    whole: Callable[[Line, Cut], None] = Line.cut
    monkeypatch.setattr(Line, "cut", mark_only)
    hold, token = Hold(), Cancellation()
    desk.script(Silence(hold=hold))
    reader = Reader(model.complete(ask("Hello"), cancel=token))
    hold.wait_until_reached()
    token.cancel()
    with pytest.raises(queue.Empty):
        reader.events.get(timeout=0.3)
    monkeypatch.setattr(Line, "cut", whole)
    model.close()
    assert not isinstance(reader.next(), ModelTimeoutError)
