"""Talk with the assistant before there is an order: what would a brief do?"""

from collections.abc import Iterator, Sequence

import attrs

from core.domain.conversations import Author, Block, clean_message
from core.kernel.actor import Actor
from core.ports.clock import Clock
from core.ports.language_model import Speaker
from core.ports.price_catalogue import PriceCatalogue
from core.usecases.conversations import describing, wording
from core.usecases.conversations.answering import Draft
from core.usecases.conversations.phrasebook import Intent
from core.usecases.conversations.proposing import is_wish
from core.usecases.conversations.reading import read_message
from core.usecases.conversations.voice import Piece, Voice, Wanted, alternating
from core.usecases.language.cancelling import Cancellation
from core.usecases.plans.understand import UnderstandInstruction

MAX_HISTORY = 50


@attrs.frozen(kw_only=True)
class Reply:
    """An answer that belongs to no order and is not stored."""

    text: str
    blocks: tuple[Block, ...]
    by: str


@attrs.frozen(kw_only=True)
class ChatFreely:
    """Ask the assistant without an order: it says what some words would do to a picture, and what that costs."""

    understand: UnderstandInstruction
    clock: Clock
    prices: PriceCatalogue
    voice: Voice

    def __call__(self, *, actor: Actor, text: str, history: Sequence[tuple[Author, str]] = ()) -> Reply:
        """Return the answer.

        Args:
            history: earlier turns of the conversation, which the client keeps.

        Raises:
            InvalidInputError: code ``empty_message`` or ``text_too_long``.
        """
        *_, reply = self.stream(actor=actor, text=text, history=history)
        assert isinstance(reply, Reply)
        return reply

    def stream(
        self, *, actor: Actor, text: str, history: Sequence[tuple[Author, str]] = (),
        cancel: Cancellation | None = None,
    ) -> Iterator[Piece | Reply]:  # fmt: skip
        """Give the answer in pieces, and at the end as a whole; errors come before anything is given.

        Args:
            cancel: ends the answer where it is.
        """
        words = clean_message(text)
        draft = self._draft(actor, words)
        speakers = {Author.USER: Speaker.USER, Author.ASSISTANT: Speaker.ASSISTANT}
        earlier = alternating((speakers[who], said) for who, said in history[-MAX_HISTORY:])

        def events() -> Iterator[Piece | Reply]:
            facts = "There is no order yet; prices are those of one picture."
            wanted = Wanted(draft=draft, words=words, facts=facts, earlier=earlier, record=lambda _call: None)
            for part in self.voice.say(wanted, cancel=cancel):
                if isinstance(part, Piece):
                    yield part
                else:
                    yield Reply(text=part.text, blocks=(*part.remarks, *draft.blocks), by=part.by)

        return events()

    def _draft(self, actor: Actor, words: str) -> Draft:
        reading = read_message(words)
        if Intent.HELP in reading.intents or not reading.has_rest:
            return Draft(text=wording.ABILITIES)
        plan = self.understand(actor=actor, instruction=reading.rest, images=1).plan
        if not is_wish(plan):
            asked = " ".join(q.about for q in plan.questions)
            return Draft(text=asked or f"{wording.NOT_UNDERSTOOD} {wording.ABILITIES}")
        found = describing.explain(plan, self.prices.current(self.clock.now().date()), revision=0, images=1)
        text = "\n".join([wording.explanation_text(found), *(f"Open question: {q.about}" for q in plan.open_questions)])
        return Draft(text=wording.shortened(text), blocks=(found,))
