"""The conversation with the assistant as its panel shows it."""

from collections.abc import Mapping
from typing import Any

import attrs

from adapters.web.conversation_views import block_view
from core.domain.conversations import LOCAL, Message, MessageState
from core.domain.editing.catalogue import OPERATIONS
from core.domain.editing.plan import EditPlan
from core.domain.orders import Order
from core.usecases.conversations.read import Thread

SUGGESTIONS = ("What will this do?", "What does it cost?", "Show me on one picture")
# Lines of a local answer that a block below it shows again.
_REPEATED = ("- ", "Not done: ", "Price: ", "The price stays at ", "Confirm it to ", "It leaves a question: ")
_LISTS = frozenset({"explanation", "proposal", "quote", "failed_list"})


@attrs.frozen(kw_only=True)
class MessageView:
    """A message of the panel.

    Args:
        lead: its words, without those that a block says again.
        by: who answered, in plain words; empty for messages of people.
        proposal: ``open``, ``applied`` or ``stale`` where it proposes something.
    """

    message: Message
    lead: str
    by: str
    blocks: tuple[Mapping[str, Any], ...]
    proposal: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether its words are still being written."""
        return self.message.state in {MessageState.STREAMING, MessageState.RECEIVED}


@attrs.frozen(kw_only=True)
class PanelView:
    """The conversation about an order; ``by`` says who answers, in plain words."""

    order: Order
    messages: tuple[MessageView, ...]
    by: str
    is_local: bool
    left: int

    @property
    def is_under_way(self) -> bool:
        """Whether an answer is still being written."""
        return bool(self.messages) and self.messages[-1].is_under_way


def panel_view(thread: Thread, plan: EditPlan | None, labels: Mapping[str, str]) -> PanelView:
    """Return what the panel shows.

    Args:
        plan: the current plan, whose questions can be answered here; None where there is none.
        labels: what people call the providers of language models, by their keys.
    """
    return PanelView(
        order=thread.order, messages=tuple(_message(m, thread.order, plan, labels) for m in thread.messages),
        by=author(thread.by, labels), is_local=thread.by == LOCAL, left=thread.left,
    )  # fmt: skip


def author(by: str, labels: Mapping[str, str]) -> str:
    """Say who wrote something: ``Local planner``, or provider and model."""
    if by == LOCAL:
        return "Local planner"
    provider, _, model = by.partition("/")
    return " ".join(part for part in (labels.get(provider, provider), model) if part)


def operation_title(key: str) -> str:
    """Return what a line of a price is called."""
    return OPERATIONS[key].title if key in OPERATIONS else key.replace("_", " ").replace(".", " ").capitalize()


def _message(message: Message, order: Order, plan: EditPlan | None, labels: Mapping[str, str]) -> MessageView:
    blocks = tuple(_block(block_view(b, order), plan) for b in message.blocks)
    proposed = next((b["state"] for b in blocks if b["kind"] == "proposal"), "")
    is_repeated = message.by == LOCAL and any(b["kind"] in _LISTS for b in blocks)
    lines = [x for x in message.text.splitlines() if not (is_repeated and x.startswith(_REPEATED))]
    return MessageView(
        message=message, lead="\n".join(lines), by=author(message.by, labels) if message.by else "", blocks=blocks,
        proposal=proposed,
    )  # fmt: skip


def _block(block: dict[str, Any], plan: EditPlan | None) -> Mapping[str, Any]:
    if block["kind"] == "proposal":
        return {**block, "changes": [{**change, "kind": change["change"]} for change in block["changes"]]}
    if block["kind"] == "question":
        asked = next((q for q in plan.questions if q.key == block["key"]), None) if plan is not None else None
        known = {o.key for o in asked.options} if asked is not None else set()
        options = [o for o in block["options"] if o["key"] in known]
        return {**block, "options": options, "answer": asked.answer if asked is not None else None}
    return block
