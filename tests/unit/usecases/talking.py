"""What tests of the conversation share: a studio whose planner reads words, and the gestures of talking."""

from pathlib import Path
from typing import Any

import attrs

from core.domain.conversations import Message, Proposal
from core.domain.orders import Order
from core.kernel.actor import Actor
from core.ports.language_model import CancelToken
from core.usecases.conversations.apply import Applied, ApplyProposal
from core.usecases.conversations.send import SendMessage
from core.usecases.language.breaker import Breaker
from core.usecases.language.budget import Budget
from core.usecases.language.calling import Caller
from plugins.llm.local.planner import LocalPlanner
from tests.studio import Studio
from tests.support.scripted_model import CARD, Line, ScriptedModel

WORDS = "White background with a soft shadow, 2000x2000 JPEG"
CARD_NAME = f"{CARD.provider}/{CARD.model}"
NAMES = ("IMG_3.jpg", "IMG_4.jpg", "IMG_5.jpg")


def talking_studio(folder: Path, *lines: Line) -> Studio:
    """Return a studio in which words are read; with lines there is a language model that says them."""
    studio = Studio(folder, planner=LocalPlanner())  # type: ignore[arg-type]  # a planner all the same
    if lines:
        studio.app.__dict__["caller"] = caller_of(studio, ScriptedModel(lines=list(lines)))
    return studio


def _at_once(_seconds: float, _cancel: CancelToken | None) -> None:
    """Wait for nothing."""


def caller_of(studio: Studio, model: ScriptedModel) -> Caller:
    """Return a caller that waits for nothing."""
    clock = studio.clock
    return Caller(
        model=model, clock=clock, pause=_at_once, breaker=Breaker(clock=clock),
        budget=Budget(clock=clock, dollars=0.0),
    )  # fmt: skip


def model_of(studio: Studio) -> ScriptedModel:
    """Return the model of a studio."""
    found: ScriptedModel = studio.app.caller.model  # type: ignore[union-attr, assignment]
    return found


@attrs.frozen
class Talk:
    """A customer who talks about an order."""

    studio: Studio
    actor: Actor
    order: Order

    def say(self, text: str) -> Message:
        """Send a message and return the answer."""
        return self.studio.use(SendMessage)(actor=self.actor, order_id=self.order.id, text=text).answer

    def propose(self, text: str) -> tuple[Message, Proposal]:
        """Send a wish and return the answer with its proposal."""
        answer = self.say(text)
        return answer, answer.proposal()

    def confirm(self, answer: Message) -> Applied:
        """Confirm what was proposed."""
        return self.studio.use(ApplyProposal)(actor=self.actor, order_id=self.order.id, message_id=answer.id)

    def now(self) -> Order:
        """Return the order as it is now."""
        return self.studio.order(self.order.id)


def planned(studio: Studio, *names: str, words: str = WORDS, **changes: Any) -> Talk:
    """Return a talk about a planned order."""
    actor = studio.customer()
    return Talk(studio, actor, studio.planned(actor, *(names or NAMES), instruction=words, **changes).order)


def kinds(answer: Message) -> list[str]:
    """Return the kinds of the blocks of a message."""
    return [block.kind for block in answer.blocks]
