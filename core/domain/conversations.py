"""Conversations with the assistant about an order: numbered messages with typed blocks that a person may act on."""

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import attrs

from core.errors import ConflictError, InvalidInputError, LimitReachedError

MAX_MESSAGES = 200
MAX_TEXT = 4000
LOCAL = "local"
# Breaks, the wide space of Japanese, and the joiners without which some scripts are misspelt.
KEPT = "\n\t\u3000\u200c\u200d"


class ConversationKind(enum.StrEnum):
    """Who talks with whom, and about what."""

    INSTRUCTION = "instruction"


class Author(enum.StrEnum):
    """Who wrote a message."""

    USER = "user"
    ASSISTANT = "assistant"


class MessageState(enum.StrEnum):
    """Where a message stands; done, failed and stopped are final."""

    RECEIVED = "received"
    STREAMING = "streaming"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


UNFINISHED = frozenset({MessageState.RECEIVED, MessageState.STREAMING})


def _parts(kind: type) -> Any:
    return attrs.field(default=(), metadata={"part": kind})


@attrs.frozen(kw_only=True)
class Remark:
    """A remark beside the answer, such as that a service did not reply."""

    kind: ClassVar[str] = "text"
    text: str


@attrs.frozen(kw_only=True)
class StepLine:
    """One step in words.

    Args:
        pictures: which ones it is for.
        credits: what it costs for one picture beyond the price of the edit itself.
        output: the deliverable that alone gets it; None for all of them.
    """

    sentence: str
    pictures: str
    credits: int = 0
    output: str | None = None


@attrs.frozen(kw_only=True)
class Explanation:
    """What a plan does, in words and with its price.

    Args:
        revision: the plan that is explained; 0 for one that is not stored.
        kept: what it leaves alone.
        left_out: wishes that it does not carry out, with the reasons.
        per_image, total: credits of one picture and of all of them.
    """

    kind: ClassVar[str] = "explanation"
    revision: int
    steps: tuple[StepLine, ...] = _parts(StepLine)
    kept: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    images: int
    per_image: int
    total: int


@attrs.frozen(kw_only=True)
class ValueLine:
    """One value that would change."""

    label: str
    old: str
    new: str


@attrs.frozen(kw_only=True)
class ChangeLine:
    """One change in words; ``change`` is added, removed, changed, moved or answered."""

    change: str
    title: str
    sentence: str
    output: str | None = None
    values: tuple[ValueLine, ...] = _parts(ValueLine)


@attrs.frozen(kw_only=True)
class Proposal:
    """A change that the customer may confirm; nothing of it happens before.

    Args:
        base_revision: the plan it was made for; 0 for an order that has no plan yet.
        plan: the whole new plan as a document; None when the words of a draft are to change instead.
        base_instruction, instruction: the words of a draft, before and after.
        image_ids: the pictures that stay in the order; None for all that are in it now.
        changes: the difference in words.
        questions: what the new plan still asks before anything is spent.
        images_before, images_after: pictures that the plan runs on.
        total_before, total_after: credits of all pictures.
        applied_revision: the plan that came of it; None until somebody confirms, 0 for changed words.
    """

    kind: ClassVar[str] = "proposal"
    base_revision: int
    plan: dict[str, Any] | None = None
    base_instruction: str = ""
    instruction: str | None = None
    image_ids: tuple[str, ...] | None = None
    changes: tuple[ChangeLine, ...] = _parts(ChangeLine)
    questions: tuple[str, ...] = ()
    images_before: int
    images_after: int
    total_before: int
    total_after: int
    applied_revision: int | None = None

    @property
    def is_applied(self) -> bool:
        """Whether the customer has confirmed it."""
        return self.applied_revision is not None

    def is_stale(self, *, revision: int, instruction: str) -> bool:
        """Whether the order moved on since, to another plan or to other words."""
        if self.is_applied:
            return False
        moved = self.plan is None and instruction != self.base_instruction
        return moved or revision != self.base_revision


@attrs.frozen(kw_only=True)
class Choice:
    """A possible answer to a question."""

    key: str
    label: str


@attrs.frozen(kw_only=True)
class AskedQuestion:
    """A question of the plan, which can be answered in the conversation."""

    kind: ClassVar[str] = "question"
    revision: int
    key: str
    about: str
    is_blocking: bool
    options: tuple[Choice, ...] = _parts(Choice)


@attrs.frozen(kw_only=True)
class PriceLine:
    """One operation of a price."""

    operation: str
    quantity: int
    unit_price: int
    total: int


@attrs.frozen(kw_only=True)
class QuotedPrice:
    """What the plan costs; ``available`` is None for an unmetered account."""

    kind: ClassVar[str] = "quote"
    price_version: str
    images: int
    per_image: int
    lines: tuple[PriceLine, ...] = _parts(PriceLine)
    total: int
    available: int | None = None


@attrs.frozen(kw_only=True)
class PreviewWish:
    """A free preview of one picture, which whoever shows the message may ask for.

    Args:
        plan: a proposed plan as a document; None for that of the order.
    """

    kind: ClassVar[str] = "preview"
    image_id: str
    name: str
    plan: dict[str, Any] | None = None


@attrs.frozen(kw_only=True)
class FailedPicture:
    """A picture that could not be made, or should be looked at, and why."""

    image_id: str
    name: str
    status: str
    code: str
    reason: str


@attrs.frozen(kw_only=True)
class FailedList:
    """Pictures that failed or should be looked at."""

    kind: ClassVar[str] = "failed_list"
    pictures: tuple[FailedPicture, ...] = _parts(FailedPicture)


Block = Remark | Explanation | Proposal | AskedQuestion | QuotedPrice | PreviewWish | FailedList
BLOCKS: dict[str, type[Block]] = {
    block.kind: block for block in (Remark, Explanation, Proposal, AskedQuestion, QuotedPrice, PreviewWish, FailedList)
}


def write_blocks(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Return blocks as documents."""
    return [{"kind": block.kind, **attrs.asdict(block)} for block in blocks]


def read_blocks(documents: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Return the blocks that ``write_blocks`` wrote."""
    return tuple(_read(BLOCKS[document["kind"]], document) for document in documents)


def _read(kind: Any, document: Mapping[str, Any]) -> Any:
    values = {}
    for field in attrs.fields(kind):
        value, part = document[field.name], field.metadata.get("part")
        if isinstance(value, list):
            value = tuple(_read(part, v) if part else v for v in value)
        values[field.name] = value
    return kind(**values)


@attrs.frozen(kw_only=True)
class Conversation:
    """A thread of messages; of the kind ``instruction`` there is one for each order."""

    id: str
    kind: ConversationKind
    owner_id: str
    order_id: str
    created_at: dt.datetime


@attrs.frozen(kw_only=True)
class Message:
    """One message.

    Args:
        sequence: 1, 2, 3 … in its conversation.
        by: who answered: ``local``, or provider and model; empty for messages of people.
    """

    id: str
    conversation_id: str
    sequence: int
    author: Author
    text: str
    created_at: dt.datetime
    blocks: tuple[Block, ...] = ()
    state: MessageState = MessageState.DONE
    by: str = ""

    def is_under_way(self, now: dt.datetime, answer_time: dt.timedelta) -> bool:
        """Whether somebody is still writing it; what nobody has finished in time belongs to a process that died."""
        return self.state in UNFINISHED and now - self.created_at < answer_time

    def seen_at(self, now: dt.datetime, answer_time: dt.timedelta) -> "Message":
        """Return the message as it is shown: an answer whose writer died has failed."""
        if self.state in UNFINISHED and not self.is_under_way(now, answer_time):
            return attrs.evolve(self, state=MessageState.FAILED)
        return self

    def proposal(self) -> Proposal:
        """Return what it proposes.

        Raises:
            InvalidInputError: code ``no_proposal``.
        """
        for block in self.blocks:
            if isinstance(block, Proposal):
                return block
        raise InvalidInputError("This message proposes nothing.", code="no_proposal")

    def applied(self, revision: int) -> "Message":
        """Return the message with its proposal confirmed."""
        done = tuple(attrs.evolve(b, applied_revision=revision) if isinstance(b, Proposal) else b for b in self.blocks)
        return attrs.evolve(self, blocks=done)


def check_room(messages: tuple[Message, ...], now: dt.datetime, answer_time: dt.timedelta) -> None:
    """Refuse a further question and its answer.

    Args:
        answer_time: longest time that an answer takes.

    Raises:
        LimitReachedError: code ``conversation_full``.
        ConflictError: code ``answer_under_way``, while the last question is still being answered.
    """
    if len(messages) + 2 > MAX_MESSAGES:
        raise LimitReachedError(
            f"A conversation holds {MAX_MESSAGES} messages. Change the plan by hand from here.",
            code="conversation_full",
            details={"max": MAX_MESSAGES},
        )
    if messages and messages[-1].is_under_way(now, answer_time):
        raise ConflictError("The last message is still being answered; wait or stop it.", code="answer_under_way")


def plain(text: str) -> str:
    """Return a text without the signs that some store does not keep or some screen obeys; other spaces become one."""
    return "".join(c if c.isprintable() or c in KEPT else " " * c.isspace() for c in text)


def clean_message(text: str) -> str:
    """Return the words of a message.

    Raises:
        InvalidInputError: code ``empty_message`` or ``text_too_long``.
    """
    words = plain(text.replace("\r\n", "\n")).strip()
    if not words:
        raise InvalidInputError("Write something first.", code="empty_message")
    if len(words) > MAX_TEXT:
        raise InvalidInputError(
            f"The message has {len(words)} characters; at most {MAX_TEXT} are read.",
            code="text_too_long",
            details={"length": len(words), "max": MAX_TEXT},
        )
    return words
