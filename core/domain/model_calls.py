"""What one request to a language model took and cost, for the action log."""

import datetime as dt
from typing import Any

import attrs

ANSWERED = "answered"
ABANDONED = "abandoned"  # whoever listened to the stream went away
MICRO_USD = 1_000_000


@attrs.frozen(kw_only=True)
class ModelCall:
    """One request to a model, whatever became of it; a second try is a call of its own.

    Args:
        provider: key of the plugin.
        model: id of the model that answered, as the provider named it.
        purpose: plan, vision, chat, summary or check.
        outcome: ``answered``, ``abandoned`` or the code of the error.
        input_tokens, cached_input_tokens, output_tokens: zero when the provider told nothing.
        cost_micro_usd: millionths of a US dollar by the model's price; None when it is not known.
        request_id: the provider's, to ask them about it.
    """

    provider: str
    model: str
    purpose: str
    outcome: str
    at: dt.datetime
    duration_ms: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    cost_micro_usd: int | None = None
    request_id: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether there was a whole answer."""
        return self.outcome == ANSWERED

    @property
    def sentence(self) -> str:
        """One line for the history of an order."""
        did = _DONE.get(self.purpose, "answered") if self.is_answered else "did not answer"
        cost = "" if self.cost_micro_usd is None else f", {show_cost(self.cost_micro_usd)}"
        counted = f"{self.input_tokens} tokens in, {self.output_tokens} out{cost}"
        return f"{self.provider} {self.model} {did}: {counted if self.is_answered else self.outcome}."

    @property
    def facts(self) -> dict[str, Any]:
        """The figures, JSON-ready; no words of anybody."""
        left_out = {"at", "model", "duration_ms"}  # the entry of the log has them
        return {name: value for name, value in attrs.asdict(self).items() if name not in left_out}


_DONE = {
    "plan": "read the instruction",
    "vision": "looked at pictures",
    "chat": "answered in the conversation",
    "summary": "wrote the summary",
    "check": "answered a test",
}


def show_cost(micro_usd: int) -> str:
    """Return a cost in US dollars, exact to the millionth, without needless zeros."""
    whole, rest = divmod(micro_usd, MICRO_USD)
    digits = f"{rest:06d}".rstrip("0")
    return f"${whole}.{digits.ljust(2, '0')}"


def total_cost(calls: "tuple[ModelCall, ...]") -> int | None:
    """Return the cost of several calls in millionths of a US dollar; None when one of them is not known."""
    costs = [call.cost_micro_usd for call in calls]
    known = [cost for cost in costs if cost is not None]
    return sum(known) if len(known) == len(costs) else None
