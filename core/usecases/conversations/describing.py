"""Plans, prices and failures as blocks of a message."""

from core.domain.conversations import (
    AskedQuestion,
    ChangeLine,
    Choice,
    Explanation,
    FailedList,
    FailedPicture,
    PriceLine,
    QuotedPrice,
    StepLine,
    ValueLine,
)
from core.domain.credits.prices import PriceList
from core.domain.editing.catalogue import OPERATIONS, find_operation
from core.domain.editing.diff import Difference
from core.domain.editing.plan import Constraint, EditPlan, Step
from core.domain.editing.sentences import scope_words, step_sentence
from core.domain.images import ImageStatus, ImageVersion, OrderImage
from core.usecases.conversations.situations import Situation
from core.usecases.plans.pricing import price_per_image, quote_plan


def explain(plan: EditPlan, prices: PriceList, *, revision: int, images: int) -> Explanation:
    """Say what a plan does, in the order in which it runs, and what it costs."""
    places = [(None, plan.steps), *((o.name, o.steps) for o in plan.outputs)]
    return Explanation(
        revision=revision,
        steps=tuple(_line(step, prices, output) for output, steps in places for step in _running(steps)),
        kept=tuple(map(_kept, plan.constraints)),
        left_out=tuple(f"“{u.words}”: {u.reason}" for u in plan.unsupported),
        images=images,
        per_image=price_per_image(prices, plan),
        total=quote_plan(prices, plan, images=images).total,
    )


def _running(steps: tuple[Step, ...]) -> list[Step]:
    return sorted(steps, key=lambda s: find_operation(s.op).stage)


def _line(step: Step, prices: PriceList, output: str | None) -> StepLine:
    key = find_operation(step.op).price_key
    more = prices.credits.get(key, 0) if key is not None else 0
    return StepLine(
        sentence=step_sentence(step), pictures=scope_words(step.scope), credits=more, output=output
    )  # fmt: skip


def _kept(constraint: Constraint) -> str:
    titles = ", ".join(find_operation(op).title.lower() if op in OPERATIONS else op for op in constraint.ops)
    where = "" if constraint.scope.is_all else f" on {scope_words(constraint.scope)}"
    return f"Left as it is{where}: {titles}"


def price(situation: Situation, plan: EditPlan) -> QuotedPrice:
    """Return what a plan costs for the pictures of an order."""
    quote = situation.quote(plan)
    return QuotedPrice(
        price_version=quote.price_version, images=len(situation.chosen), per_image=situation.per_image(plan),
        lines=tuple(
            PriceLine(operation=x.operation, quantity=x.quantity, unit_price=x.unit_price, total=x.total)
            for x in quote.lines
        ),
        total=quote.total, available=situation.available,
    )  # fmt: skip


def changes(differences: tuple[Difference, ...]) -> tuple[ChangeLine, ...]:
    """Return differences of two plans as they are shown in a proposal."""
    return tuple(
        ChangeLine(
            change=d.kind.value, title=d.title, sentence=d.sentence, output=d.output,
            values=tuple(ValueLine(label=v.label, old=v.old, new=v.new) for v in d.values),
        )
        for d in differences
    )  # fmt: skip


def kept_changes(old: EditPlan, new: EditPlan) -> tuple[ChangeLine, ...]:
    """Return what a plan newly leaves alone, and what it no longer does."""
    before, after = (list(dict.fromkeys(map(_kept, plan.constraints))) for plan in (old, new))
    found = [("added", words) for words in after if words not in before]
    found += [("removed", words) for words in before if words not in after]
    return tuple(ChangeLine(change=kind, title="Left as it is", sentence=words) for kind, words in found)


def questions(plan: EditPlan, *, revision: int) -> tuple[AskedQuestion, ...]:
    """Return the questions of a plan that nobody has answered yet."""
    return tuple(
        AskedQuestion(
            revision=revision, key=q.key, about=q.about, is_blocking=q.blocking,
            options=tuple(Choice(key=o.key, label=o.label) for o in q.options),
        )
        for q in plan.questions
        if q.answer is None
    )  # fmt: skip


def failures(situation: Situation) -> FailedList:
    """Return the pictures that failed, then those that should be looked at, each with the reason."""
    failed = [i for i in situation.images if i.status is ImageStatus.FAILED]
    flagged = [i for i in situation.images if i.status is ImageStatus.NEEDS_RETOUCH]
    return FailedList(pictures=tuple(_picture(i, situation.versions.get(i.id)) for i in (*failed, *flagged)))


def _picture(image: OrderImage, version: ImageVersion | None) -> FailedPicture:
    if image.failure is not None:
        code, reason = image.failure.code, image.failure.message
    else:
        flags = version.flags if version is not None else ()
        code = flags[0].code if flags else "needs_retouch"
        reason = " ".join(filter(None, (image.note, *(f.message for f in flags)))) or "It should be looked at."
    return FailedPicture(
        image_id=image.id, name=image.original_name, status=image.status.value, code=code, reason=reason
    )  # fmt: skip
