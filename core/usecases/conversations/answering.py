"""What the assistant answers by itself: the same words about the same order always get the same answer."""

from collections.abc import Callable

import attrs

from core.domain.conversations import Block, PreviewWish, Proposal
from core.domain.editing.answers import answer
from core.domain.editing.document import to_document
from core.domain.editing.foresight import foresee
from core.domain.editing.plan import EditPlan, Option, Question, check_plan
from core.domain.images import OrderImage
from core.domain.orders import ENDED, MAX_INSTRUCTION, OrderStatus
from core.errors import I2IError, InvalidInputError, ProviderError
from core.ports.planner import Planner
from core.ports.unit_of_work import NewReading
from core.usecases.conversations import describing, wording
from core.usecases.conversations.phrasebook import Intent
from core.usecases.conversations.proposing import (
    continue_plan,
    is_wish,
    joined_words,
    propose_plan,
    propose_words,
)
from core.usecases.conversations.reading import (
    Reading,
    is_about_names_alone,
    is_yes,
    named_pictures,
    read_message,
    same_words,
)
from core.usecases.conversations.situations import Situation
from core.usecases.plans.proposal import PlanChecker


@attrs.frozen(kw_only=True)
class Draft:
    """An answer: the words, and what stands under them."""

    text: str
    blocks: tuple[Block, ...] = ()

    @property
    def proposal(self) -> Proposal | None:
        """What it proposes, if anything."""
        return next((b for b in self.blocks if isinstance(b, Proposal)), None)

    def and_then(self, other: "Draft | None") -> "Draft":
        """Return both answers as one."""
        if other is None:
            return self
        return Draft(text=wording.shortened(f"{self.text}\n{other.text}"), blocks=(*self.blocks, *other.blocks))


@attrs.frozen(kw_only=True)
class Answerer:
    """Reads a message and writes the answer. Proposals are made here alone, whoever words the answer afterwards.

    Args:
        planner: reads wishes; the local one takes its place when it fails.
    """

    new_reading: NewReading
    planner: Planner
    local_planner: Planner
    checker: PlanChecker

    def reply(self, situation: Situation, text: str) -> Draft:
        """Return the answer to a message about an order; words that a planner refuses are answered with its reason."""
        try:
            return self._reply(situation, text)
        except InvalidInputError as refused:
            return Draft(text=wording.shortened(refused.message))

    def _reply(self, situation: Situation, text: str) -> Draft:
        given = self._given_answer(situation, text)
        if given is not None:
            return given
        if is_yes(text):
            return Draft(text=wording.CONFIRM_IT)
        reading = read_message(text)
        asked = self._asked(situation, reading, text)
        if reading.intents & {Intent.EXPLAIN, Intent.FAILED} and asked is not None:
            return asked
        wished = self._wished(situation, reading)
        if wished is not None and wished.proposal is not None:
            shown = self._preview(situation, text, plan=wished.proposal) if Intent.PREVIEW in reading.intents else None
            return wished.and_then(shown)
        return asked or wished or Draft(text=f"{wording.NOT_UNDERSTOOD} {wording.ABILITIES}")

    def _asked(self, situation: Situation, reading: Reading, text: str) -> Draft | None:
        """Answer what a message asks about the order as it is."""
        answers: dict[Intent, Callable[[], Draft]] = {
            Intent.HELP: lambda: Draft(text=wording.ABILITIES),
            Intent.EXPLAIN: lambda: self._explain(situation),
            Intent.QUOTE: lambda: self._price(situation),
            Intent.FAILED: lambda: self._failures(situation),
            Intent.PREVIEW: lambda: self._preview(situation, text),
        }
        found: Draft | None = None
        for make in (make for intent, make in answers.items() if intent in reading.intents):
            found = make() if found is None else found.and_then(make())
        return found

    def _explain(self, situation: Situation) -> Draft:
        plan = self._present_plan(situation)
        if plan is None:
            return Draft(text=wording.NO_WORDS)
        order, count = situation.order, len(situation.chosen)
        found = describing.explain(plan, situation.prices, revision=order.plan_revision, images=count)
        asked = describing.questions(plan, revision=order.plan_revision) if situation.plan is not None else ()
        return Draft(text=wording.explanation_text(found), blocks=(found, *asked))

    def _price(self, situation: Situation) -> Draft:
        plan = self._present_plan(situation)
        if plan is None:
            return Draft(text=wording.NO_WORDS)
        found = describing.price(situation, plan)
        return Draft(text=wording.price_text(found), blocks=(found,))

    def _failures(self, situation: Situation) -> Draft:
        found = describing.failures(situation)
        return Draft(text=wording.failures_text(found), blocks=(found,) if found.pictures else ())

    def _preview(self, situation: Situation, text: str, *, plan: Proposal | None = None) -> Draft:
        if not situation.chosen:
            return Draft(text=wording.NO_PICTURES)
        image = next(iter(named_pictures(text, situation.chosen)), situation.chosen[0])
        shown = plan.plan if plan is not None else None
        if plan is None:
            present = self._present_plan(situation)
            if present is None:
                return Draft(text=wording.NO_WORDS)
            if present.open_questions:
                return Draft(
                    text=wording.OPEN_FIRST,
                    blocks=describing.questions(present, revision=situation.order.plan_revision),
                )
            shown = to_document(present) if situation.plan is None else None
        elif plan.questions:
            return Draft(text=wording.OPEN_FIRST)
        wish = PreviewWish(image_id=image.id, name=image.original_name, plan=shown)
        return Draft(text=f"A free preview of {image.original_name}:", blocks=(wish,))

    def _present_plan(self, situation: Situation) -> EditPlan | None:
        """Return the plan of an order, or what the words of a draft are taken to mean; None without words."""
        if situation.plan is not None:
            return situation.plan
        if not situation.order.wish:
            return None
        return foresee(self.local_planner.plan(situation.request), situation.originals)

    def _wished(self, situation: Situation, reading: Reading) -> Draft | None:
        """Answer a wish with a proposal, or say why there is none; None when the words are no wish."""
        chosen = self._choice_of_pictures(situation, reading)
        if chosen is not None:
            return chosen
        if not reading.has_rest:
            return None
        change = self._read(situation, reading.rest)
        if not is_wish(change):
            return Draft(text=wording.no_wish_text(change.questions, change.unsupported))
        status = situation.order.status
        closed = {OrderStatus.PLANNING: wording.PLANNING, OrderStatus.PROCESSING: wording.UNDER_WAY}
        closed |= dict.fromkeys(ENDED, wording.ENDED)
        if status in closed:
            return Draft(text=closed[status])
        is_draft = status is OrderStatus.DRAFT
        made = self._add_words(situation, reading.rest) if is_draft else self._lay_over(situation, change)
        not_read = wording.not_read_text(change.unsupported)
        return attrs.evolve(made, text=wording.shortened(f"{made.text}\n{not_read}")) if not_read else made

    def _read(self, situation: Situation, wish: str) -> EditPlan:
        request = attrs.evolve(situation.request, instruction=wish)
        try:
            return self.planner.plan(request)
        except ProviderError:
            return self.local_planner.plan(request)

    def _lay_over(self, situation: Situation, change: EditPlan) -> Draft:
        plan = situation.plan or EditPlan()
        return self._proposed(situation, lambda: continue_plan(plan, change))

    def _proposed(
        self, situation: Situation, make: Callable[[], EditPlan], *, image_ids: tuple[str, ...] | None = None
    ) -> Draft:
        try:
            plan = make()
            with self.new_reading() as work:
                self.checker.check(work, situation.order, plan, situation.chosen)
        except I2IError as refused:
            return Draft(text=f"That cannot be part of this plan: {refused.message}")
        found = propose_plan(situation, plan, image_ids=image_ids)
        return Draft(text=wording.proposal_text(found), blocks=(found,)) if found else Draft(text=wording.SAME)

    def _add_words(self, situation: Situation, wish: str) -> Draft:
        order = situation.order
        if len(joined_words(order.instruction, wish)) > MAX_INSTRUCTION:
            return Draft(text=f"The instruction would be longer than {MAX_INSTRUCTION} characters.")
        request = situation.request
        wider = attrs.evolve(order, instruction=joined_words(order.instruction, wish))
        before = self.local_planner.plan(request) if order.wish else EditPlan()
        after = self.local_planner.plan(attrs.evolve(request, instruction=wider.wish))
        found = propose_words(situation, wish=wish, before=before, after=after)
        return Draft(text=wording.proposal_text(found), blocks=(found,))

    def _choice_of_pictures(self, situation: Situation, reading: Reading) -> Draft | None:
        """Propose to work on some of the pictures alone, where a message names them and nothing else."""
        named = named_pictures(reading.bare, situation.images)
        wants = reading.intents & {Intent.ONLY, Intent.LEAVE_OUT}
        if not named or not wants or not is_about_names_alone(reading.bare, named):
            return None
        if situation.order.status is not OrderStatus.AWAITING_CONFIRMATION or situation.plan is None:
            return Draft(text="Pictures can be left out once there is a plan, and before it is confirmed.")
        plan, kept = situation.plan, _kept(situation, named, is_only=Intent.ONLY in wants)
        if not kept:
            return Draft(text="At least one picture must stay.")
        return self._proposed(situation, lambda: plan, image_ids=tuple(i.id for i in kept))

    def _given_answer(self, situation: Situation, text: str) -> Draft | None:
        """Take a message that is one of the possible answers to a question of the plan for that answer."""
        plan = situation.plan
        if plan is None or situation.order.status is not OrderStatus.AWAITING_CONFIRMATION:
            return None
        found = _answer_in(plan, text)
        if found is None:
            return None
        question, option = found
        return self._proposed(
            situation, lambda: check_plan(answer(plan, question=question.key, option=option.key))
        )  # fmt: skip


def _kept(situation: Situation, named: tuple[OrderImage, ...], *, is_only: bool) -> list[OrderImage]:
    ids = {i.id for i in named}
    if is_only:
        return list(named)
    return [i for i in situation.chosen if i.id not in ids]


def _answer_in(plan: EditPlan, text: str) -> tuple[Question, Option] | None:
    waiting = [q for q in plan.questions if q.answer is None and q.options]
    for question in waiting:
        for option in question.options:
            if same_words(option.label, text) or same_words(option.key, text):
                return question, option
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
    if len(waiting) == 1 and 1 <= number <= len(waiting[0].options):
        return waiting[0], waiting[0].options[number - 1]
    return None
