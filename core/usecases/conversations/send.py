"""Talk with the assistant about an order: store a message, answer it, and stop an answer."""

import datetime as dt
from collections.abc import Generator, Iterator
from contextlib import closing

import attrs

from core.domain.conversations import (
    Author,
    Block,
    Conversation,
    ConversationKind,
    Message,
    MessageState,
    check_room,
    clean_message,
)
from core.domain.model_calls import ModelCall
from core.domain.orders import Order
from core.errors import ConflictError
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.id_generator import IdGenerator
from core.ports.language_model import Turn
from core.ports.price_catalogue import PriceCatalogue
from core.ports.unit_of_work import NewReading, NewWork, UnitOfWork
from core.usecases.conversations.answering import Answerer
from core.usecases.conversations.facts import facts_about
from core.usecases.conversations.running import RunningAnswers
from core.usecases.conversations.situations import Situation, look_at
from core.usecases.conversations.voice import Piece, Spoken, Voice, Wanted, turns_of
from core.usecases.journal import Journal
from core.usecases.language.cancelling import Cancellation
from core.usecases.orders.access import writable_order

LOOK_MS = 1000  # how often an answer under way looks whether another process was asked to stop it


@attrs.frozen(kw_only=True)
class Exchange:
    """A message and its answer, which may still be under way."""

    question: Message
    answer: Message


@attrs.frozen(kw_only=True)
class _Task:
    """What is to be answered; ``calls`` gathers the requests to a model that this takes."""

    exchange: Exchange
    situation: Situation
    earlier: tuple[Turn, ...]
    calls: list[ModelCall]


@attrs.frozen(kw_only=True)
class _Outcome:
    """What came of it."""

    text: str = ""
    blocks: tuple[Block, ...] = ()
    state: MessageState = MessageState.DONE
    by: str = ""


@attrs.frozen(kw_only=True)
class SendMessage:
    """Ask the assistant about an order, or tell it what to change; nothing changes before a proposal is confirmed."""

    new_work: NewWork
    new_reading: NewReading
    clock: Clock
    ids: IdGenerator
    prices: PriceCatalogue
    journal: Journal
    answerer: Answerer
    voice: Voice
    running_answers: RunningAnswers
    answer_time: dt.timedelta

    def __call__(self, *, actor: Actor, order_id: str, text: str) -> Exchange:
        """Return the message with its answer.

        Raises:
            InvalidInputError: code ``empty_message`` or ``text_too_long``.
            LimitReachedError: code ``conversation_full``.
            ConflictError: code ``answer_under_way``.
            NotFoundError: no such order.
        """
        last: Exchange | None = None
        for event in self.stream(actor=actor, order_id=order_id, text=text):
            if isinstance(event, Exchange):
                last = event
        assert last is not None
        return last

    def stream(self, *, actor: Actor, order_id: str, text: str) -> Iterator[Exchange | Piece]:
        """Store the message at once, and give the answer in pieces between its beginning and its end.

        Closing the iterator stops the answer. Errors are those of a call, and come before anything is given.
        """
        task = self._begin(actor, order_id, clean_message(text))
        return self._events(actor, task)

    def _begin(self, actor: Actor, order_id: str, words: str) -> _Task:
        now = self.clock.now()
        with self.new_work() as work:
            order = writable_order(work, actor, order_id)
            talk = work.conversations.of_order(order_id) or self._open(work, order)
            known = work.conversations.messages(talk.id)
            check_room(known, now, self.answer_time)
            number = known[-1].sequence if known else 0
            question = Message(
                id=self.ids.new(), conversation_id=talk.id, sequence=number + 1, author=Author.USER, text=words,
                created_at=now,
            )  # fmt: skip
            answer = Message(
                id=self.ids.new(), conversation_id=talk.id, sequence=number + 2, author=Author.ASSISTANT, text="",
                created_at=now, state=MessageState.STREAMING, by=self.voice.name,
            )  # fmt: skip
            work.conversations.add_message(question)
            work.conversations.add_message(answer)
            self.journal.tell(work, "MessageSent", order_id=order_id, message=question.id)
            situation = look_at(work, order, self.prices.current(now.date()))
            work.commit()
        calls: list[ModelCall] = []
        asked = attrs.evolve(situation, request=attrs.evolve(situation.request, record=calls.append))
        exchange = Exchange(question=question, answer=answer)
        return _Task(exchange=exchange, situation=asked, earlier=turns_of(known), calls=calls)

    def _open(self, work: UnitOfWork, order: Order) -> Conversation:
        talk = Conversation(
            id=self.ids.new(), kind=ConversationKind.INSTRUCTION, owner_id=order.owner_id, order_id=order.id,
            created_at=self.clock.now(),
        )  # fmt: skip
        work.conversations.add(talk)
        return talk

    def _events(self, actor: Actor, task: _Task) -> Iterator[Exchange | Piece]:
        said: list[str] = []
        # A generator that fails leaves no answer behind that seems to be under way.
        outcome = _Outcome(state=MessageState.FAILED, text="The answer could not be written.")
        with self.running_answers.running(task.exchange.answer.id) as cancel:
            try:
                yield task.exchange
                outcome = yield from self._write(task, said, cancel)
            except GeneratorExit:
                outcome = _Outcome(state=MessageState.STOPPED, text="".join(said).strip())
                raise
            finally:
                answer = self._finish(actor, task, outcome)
        yield attrs.evolve(task.exchange, answer=answer)

    def _write(self, task: _Task, said: list[str], cancel: Cancellation) -> Generator[Piece, None, _Outcome]:
        """Give the pieces of an answer, and return what came of it."""
        exchange, situation = task.exchange, task.situation
        draft = self.answerer.reply(situation, exchange.question.text)
        wanted = Wanted(
            draft=draft, words=exchange.question.text, facts=facts_about(situation), earlier=task.earlier,
            record=task.calls.append,
        )  # fmt: skip
        spoken, looked = Spoken(text=draft.text), self.clock.monotonic_ms()
        # Closed at once where nobody listens any more, so that its request is accounted for.
        with closing(self.voice.say(wanted, cancel=cancel)) as parts:  # type: ignore[type-var]  # a generator
            for part in parts:
                if isinstance(part, Spoken):
                    spoken = part
                    break
                said.append(part.text)
                yield part
                if self.clock.monotonic_ms() - looked >= LOOK_MS:
                    looked = self.clock.monotonic_ms()
                    self._look(exchange.answer.id, cancel)
        if spoken.is_stopped:
            return _Outcome(text=spoken.text, by=spoken.by, state=MessageState.STOPPED)
        return _Outcome(text=spoken.text, by=spoken.by, blocks=(*spoken.remarks, *draft.blocks))

    def _look(self, message_id: str, cancel: Cancellation) -> None:
        with self.new_reading() as work:
            if work.conversations.get_message(message_id).state is MessageState.STOPPED:
                cancel.cancel()

    def _finish(self, actor: Actor, task: _Task, outcome: _Outcome) -> Message:
        """Store what came of an answer; one that was stopped meanwhile stays stopped, without anything to confirm."""
        order_id = task.situation.order.id
        with self.new_work() as work:
            work.orders.get(order_id, for_update=True)
            now = work.conversations.get_message(task.exchange.answer.id)
            is_stopped = now.state is MessageState.STOPPED
            answer = attrs.evolve(
                now, text=outcome.text, by=outcome.by or now.by, state=now.state if is_stopped else outcome.state,
                blocks=() if is_stopped else outcome.blocks,
            )  # fmt: skip
            work.conversations.save_message(answer)
            for call in task.calls:
                self.journal.note_call(work, call, order_id=order_id, actor=actor)
            self.journal.tell(work, "AssistantAnswered", order_id=order_id, message=answer.id, state=answer.state.value)
            work.commit()
        return answer


@attrs.frozen(kw_only=True)
class StopAnswer:
    """Stop an answer of the assistant that is under way."""

    new_work: NewWork
    clock: Clock
    running_answers: RunningAnswers
    answer_time: dt.timedelta

    def __call__(self, *, actor: Actor, order_id: str) -> Message:
        """Return the stopped message; what was said by then is added when its writer notices.

        Raises:
            NotFoundError: no such order.
            ConflictError: code ``nothing_to_stop``.
        """
        with self.new_work() as work:
            writable_order(work, actor, order_id)
            talk = work.conversations.of_order(order_id)
            messages = work.conversations.messages(talk.id) if talk is not None else ()
            if not messages or not messages[-1].is_under_way(self.clock.now(), self.answer_time):
                raise ConflictError("No answer is under way.", code="nothing_to_stop")
            stopped = attrs.evolve(messages[-1], state=MessageState.STOPPED)
            work.conversations.save_message(stopped)
            work.commit()
        self.running_answers.stop(stopped.id)
        return stopped
