"""The sentences in which the assistant answers."""

from collections.abc import Iterable

from core.domain.conversations import MAX_TEXT, ChangeLine, Explanation, FailedList, Proposal, QuotedPrice
from core.domain.editing.plan import Question, Unsupported
from core.domain.images import ImageStatus

ABILITIES = (
    "I can say what the plan will do, what it costs, show a preview of a picture, list what failed and why, and"
    " propose changes such as “make the background light grey”, “no shadow” or “only IMG_4”."
    " Nothing changes before you confirm it."
)
CONFIRM_IT = (
    "Words alone change nothing: confirm the proposal itself, with its button, or at the command line with --apply."
)
NOT_UNDERSTOOD = "I did not understand that."
NO_WORDS = "The order has no instruction yet. Tell me what should be done with the pictures."
SAME = "The plan does that already; nothing would change."
PLANNING = "The plan is being written at this moment. Ask again when it is there."
UNDER_WAY = "The work is under way, so the plan cannot change now. Cancel the work first, or wait for the results."
ENDED = (
    "The work has ended, so the plan is closed. For another result, ask for a retouch of the pictures with these words;"
    " it starts from the originals again."
)
NO_PICTURES = "The order has no pictures yet."
OPEN_FIRST = "Answer the open questions of the plan first; a preview is possible then."


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def shortened(text: str) -> str:
    """Return a text that fits into a message."""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1].rstrip() + "…"


def explanation_text(found: Explanation) -> str:
    """Say what a plan does."""
    if not found.steps:
        return "The plan changes nothing: the pictures stay as they are."
    lines = [f"{counted(found.images, 'picture')}, {counted(len(found.steps), 'step')}:"]
    for step in found.steps:
        where = "" if step.pictures == "All pictures" else f" ({step.pictures})"
        output = f" [{step.output}]" if step.output is not None else ""
        extra = f", {counted(step.credits, 'credit')} more per picture" if step.credits else ""
        lines.append(f"- {step.sentence}{where}{output}{extra}")
    lines += [f"- {kept}" for kept in found.kept]
    lines += [f"Not done: {left}" for left in found.left_out]
    lines.append(_price(found.images, found.per_image, found.total))
    return shortened("\n".join(lines))


def _price(images: int, per_image: int, total: int) -> str:
    each = f"{counted(images, 'picture')} at {counted(per_image, 'credit')} each"
    return f"Price: {each}, {counted(total, 'credit')} in all."


def price_text(found: QuotedPrice) -> str:
    """Say what a plan costs."""
    text = _price(found.images, found.per_image, found.total)
    if found.available is None:
        return text
    if found.total > found.available:
        return f"{text} Only {counted(found.available, 'credit')} {_is(found.available)} available."
    return f"{text} {counted(found.available, 'credit')} {_is(found.available)} available."


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def failures_text(found: FailedList) -> str:
    """Say what failed and why."""
    failed = [p for p in found.pictures if p.status == ImageStatus.FAILED]
    flagged = [p for p in found.pictures if p.status != ImageStatus.FAILED]
    lines = [f"{counted(len(failed), 'picture')} failed:" if failed else "No picture failed."]
    lines += [f"- {p.name}: {p.reason}" for p in failed]
    if flagged:
        lines.append(f"{counted(len(flagged), 'picture')} should be looked at:")
        lines += [f"- {p.name}: {p.reason}" for p in flagged]
    return shortened("\n".join(lines))


def proposal_text(found: Proposal) -> str:
    """Say what would change."""
    lines = ["This would change the instruction:" if found.plan is None else "This would change the plan:"]
    lines += [f"- {change_words(change)}" for change in found.changes]
    if found.image_ids is not None:
        lines.append(f"- The plan runs on {found.images_after} of {counted(found.images_before, 'picture')}")
    if found.total_after != found.total_before:
        lines.append(f"Price: {found.total_before} → {counted(found.total_after, 'credit')}.")
    else:
        lines.append(f"The price stays at {counted(found.total_after, 'credit')}.")
    lines += [f"It leaves a question: {about}" for about in found.questions]
    lines.append("Confirm it to change the plan." if found.plan is not None else "Confirm it to change the words.")
    return shortened("\n".join(lines))


def change_words(change: ChangeLine) -> str:
    """Return one change in a line."""
    verb = {"added": "Added", "removed": "Removed", "changed": "Changed", "moved": "Moved", "answered": "Answered"}
    output = f" [{change.output}]" if change.output is not None else ""
    values = "; ".join(f"{v.label}: {v.old} → {v.new}" for v in change.values)
    about = f"{change.title}: {change.sentence}" if change.change == "answered" else change.sentence
    return f"{verb[change.change]}{output}: {about}" + (f" ({values})" if values else "")


def not_read_text(left: Iterable[Unsupported]) -> str:
    """Own up to wishes that are not part of a proposal."""
    return " ".join(f"Not part of it: {_left_out(u)}" for u in left)


def no_wish_text(asked: Iterable[Question], left: Iterable[Unsupported]) -> str:
    """Answer words in which nothing to do was found: with what they leave open, or with what was not understood."""
    lines = [q.about for q in asked] or [_left_out(u) for u in left]
    return shortened("\n".join([*lines, ABILITIES]))


def _left_out(unsupported: Unsupported) -> str:
    if unsupported.op is None and not unsupported.refused:
        return f"I did not understand “{unsupported.words}”."
    return f"“{unsupported.words}”: {unsupported.reason}"
