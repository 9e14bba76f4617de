"""Talk with the assistant about an order: store a message, answer it, and stop an answer."""

from collections.abc import Iterator

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
from core.usecases.conversations.voice import Piece, Voice, turns_of
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
    """What is to be answered."""

    exchange: Exchange
    situation: Situation
    earlier: tuple[Turn, ...]


@attrs.frozen(kw_only=True)
class _Outcome:
    """What came of it."""

    text: str = ""
    blocks: tuple[Block, ...] = ()
    state: MessageState = MessageState.DONE
    by: str = ""
    calls: tuple[ModelCall, ...] = ()


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
            check_room(known, now)
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
        exchange = Exchange(question=question, answer=answer)
        return _Task(exchange=exchange, situation=situation, earlier=turns_of(known))

    def _open(self, work: UnitOfWork, order: Order) -> Conversation:
        talk = Conversation(
            id=self.ids.new(), kind=ConversationKind.INSTRUCTION, owner_id=order.owner_id, order_id=order.id,
            created_at=self.clock.now(),
        )  # fmt: skip
        work.conversations.add(talk)
        return talk

    def _events(self, actor: Actor, task: _Task) -> Iterator[Exchange | Piece]:
        exchange, said = task.exchange, ""
        # A generator that is closed, or that fails, leaves no answer behind that seems to be under way.
        outcome = _Outcome(state=MessageState.FAILED, by=exchange.answer.by, text="The answer could not be written.")
        with self.running_answers.running(exchange.answer.id) as cancel:
            try:
                yield exchange
                draft = self.answerer.reply(task.situation, exchange.question.text)
                words = self.voice.say(
                    draft, words=exchange.question.text, facts=facts_about(task.situation), earlier=task.earlier,
                    cancel=cancel,
                )  # fmt: skip
                looked = self.clock.monotonic_ms()
                while True:
                    try:
                        piece = next(words)
                    except StopIteration as end:
                        spoken = end.value
                        break
                    said += piece.text
                    yield piece
                    if self.clock.monotonic_ms() - looked >= LOOK_MS:
                        looked = self.clock.monotonic_ms()
                        self._look(exchange.answer.id, cancel)
                outcome = _Outcome(
                    text=spoken.text, by=spoken.by, calls=spoken.calls,
                    state=MessageState.STOPPED if spoken.is_stopped else MessageState.DONE,
                    blocks=() if spoken.is_stopped else (*spoken.remarks, *draft.blocks),
                )  # fmt: skip
            except GeneratorExit:
                cancel.cancel()
                outcome = attrs.evolve(outcome, state=MessageState.STOPPED, text=said.strip())
                raise
            finally:
                answer = self._finish(actor, task, outcome)
        yield attrs.evolve(exchange, answer=answer)

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
                now, text=outcome.text, by=outcome.by, state=now.state if is_stopped else outcome.state,
                blocks=() if is_stopped else outcome.blocks,
            )  # fmt: skip
            work.conversations.save_message(answer)
            for call in outcome.calls:
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
            if not messages or not messages[-1].is_under_way(self.clock.now()):
                raise ConflictError("No answer is under way.", code="nothing_to_stop")
            stopped = attrs.evolve(messages[-1], state=MessageState.STOPPED)
            work.conversations.save_message(stopped)
            work.commit()
        self.running_answers.stop(stopped.id)
        return stopped
