"""What a language model is told of an order: its words, its plan, its price and its pictures, within bounds."""

from collections import Counter

from core.usecases.conversations import describing, wording
from core.usecases.conversations.situations import Situation

MOST_WORDS = 2000
MOST_NAMES = 20


def facts_about(situation: Situation) -> str:
    """Return what is known of an order in plain lines; no ids, addresses or names of people."""
    order, count = situation.order, len(situation.chosen)
    lines = [f"Order: {order.status.value.replace('_', ' ')}, {wording.counted(count, 'picture')}"]
    names = [i.original_name for i in situation.chosen]
    lines.append(f"Files: {', '.join(names[:MOST_NAMES])}{' …' if len(names) > MOST_NAMES else ''}")
    if order.wish:
        lines.append(f"Instruction: {order.wish[:MOST_WORDS]}")
    if situation.plan is not None:
        found = describing.explain(situation.plan, situation.prices, revision=order.plan_revision, images=count)
        lines.append(f"Plan {order.plan_revision}: {wording.explanation_text(found)}")
        if situation.available is not None:
            lines.append(f"Available: {wording.counted(situation.available, 'credit')}")
        lines += [f"Open question: {q.about}" for q in situation.plan.open_questions]
    states = Counter(i.status.value.replace("_", " ") for i in situation.images)
    lines.append("States: " + ", ".join(f"{number} {state}" for state, number in sorted(states.items())))
    if order.summary:
        lines.append(f"Summary: {order.summary}")
    return "\n".join(lines)
