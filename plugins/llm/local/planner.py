"""The local planner: the same instruction always gives the same plan, at once and without sending anything anywhere."""

import itertools
from collections.abc import Sequence

import attrs

from core.domain.editing.catalogue import find_operation
from core.domain.editing.merge import merge
from core.domain.editing.plan import Change, EditPlan, Output, Question, Unsupported, check_plan
from core.domain.editing.resolve import resolve
from core.domain.editing.scope import ImageFacts
from core.domain.orders import MAX_BRIEF, MAX_INSTRUCTION
from core.errors import InvalidInputError
from core.ports.planner import PlanRequest
from core.ports.profiles import ProfileCatalogue
from plugins.llm.local import clauses as clause_grammar
from plugins.llm.local import conditions, contents, cutting, mails, moods, outputs, tables
from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import SHARED, Draft, hull
from plugins.llm.local.finish import conflicts, frames, groups, implied, leftovers, presets, scopes, unsaid
from plugins.llm.local.items import Item
from plugins.llm.local.lexicon import load
from plugins.llm.local.places import find_places
from plugins.llm.local.scan import scan
from plugins.llm.local.text import tokenise
from plugins.llm.local.topics import (
    background,
    colours,
    delivery,
    keeping,
    light,
    naming,
    placing,
    repairs,
    shadow,
    size,
    wishes,
)

MAX_TITLE = 4
VALUES = frozenset(("size", "length", "percent", "colour", "format", "number", "where", "sign"))
MAX_WISH = MAX_INSTRUCTION + 1 + MAX_BRIEF  # the instruction, a line break, the brief
TOPICS = (keeping, colours, naming, shadow, background, placing, delivery, size, repairs, light, wishes)
CONDITION = "Nothing that is measured tells when this holds; name the pictures, or a size, a shape or a format."
NO_HISTORY = "There is no single earlier order that this can mean. Which order should be repeated?"


class LocalPlanner:
    """Reads an instruction with a lexicon of several languages and a small grammar.

    Args:
        profiles: marketplace profiles for wishes such as "Amazon-ready"; None leaves these unserved, with a warning.
    """

    name = "local"

    def __init__(self, profiles: ProfileCatalogue | None = None) -> None:
        self._profiles = profiles
        self._lexicon = load()

    def plan(self, request: PlanRequest) -> EditPlan:
        """Compile the instruction into a checked plan; every word of it ends somewhere in the plan.

        Raises:
            InvalidInputError: code ``too_long``, for more than an instruction and a brief may hold;
                ``invalid_scope``, for a sentence that names more than 500 pictures.
        """
        words = request.instruction
        if len(words) > MAX_WISH:
            raise InvalidInputError(f"At most {MAX_WISH} characters are read.", code="too_long")
        items, respelt = scan(tokenise(words), lexicon=self._lexicon, names=request.names)
        items = conditions.find_measured(find_places(_without_numbering(items)))
        _silence_headings(items)
        _silence_signature(items)
        _silence_addressee(items)
        lines, draft = mails.lines_of(words), Draft(words=words)
        mails.silence_headers(items, lines)
        draft.table = tables.find_table(words, lexicon=self._lexicon)
        if draft.table is not None:
            tables.cover(items, draft.table)
        clauses = clause_grammar.split(items, words)
        cutting.settle(clauses)
        clauses = wishes.refuse(clauses, draft)
        mails.date(clauses, lines)
        clauses = moods.settle(clauses, draft)
        conditions.select(clauses, draft)
        contents.select(clauses)
        outputs.assign(clauses, draft)
        for clause in clauses:
            _read(clause, draft)
            _own_up_to_blindness(clause, draft)
        groups.settle(clauses, draft)
        unsaid.ask(draft, clauses)
        self._finish(draft, request)
        for item in respelt:
            _note_spelling(draft, item)
        plan = _written(draft)
        if not (draft.steps or plan.constraints or plan.questions or plan.unsupported) and not leftovers.is_wordless(
            items
        ):
            draft.assume("The instruction names no edit; the pictures stay as they are.")
            plan = _written(draft)
        lost = leftovers.collect(items, words, causes=leftovers.causes(plan))
        return _checked(attrs.evolve(plan, unsupported=(*plan.unsupported, *lost)), request)

    def _finish(self, draft: Draft, request: PlanRequest) -> None:
        presets.expand(draft, self._profiles)
        frames.settle(draft)
        scopes.settle(draft, request)
        keeping.settle(draft)
        naming.use_table(draft)
        naming.settle(draft)
        implied.settle(draft)
        wishes.ask_vague(draft)
        if draft.is_repeat is not None and (request.previous is None or draft.is_other_order):
            draft.ask(Question(key="previous_order", about=NO_HISTORY, cause=draft.is_repeat))
        elif draft.is_repeat is not None:
            draft.assume("Repeats the plan of the previous order.", draft.is_repeat)
        conflicts.find(draft, request)
        _prefer_fill(draft)
        _prefer_stops(draft)
        _decline_impossible(draft)
        _drop_impossible_answers(draft)


def _own_up_to_blindness(clause: Clause, draft: Draft) -> None:
    """Say so when a wish for some kind of product was taken for all pictures, because nobody looked at them."""
    nouns = [i for i in clause.items if i.kind == "tagged"]
    did_something = any(i.is_used and i.kind != "tagged" for i in clause.items)
    if nouns and clause.where is None and clause.polarity is Polarity.DO and did_something:
        cause = clause.cause(nouns)
        draft.assume(
            f"“{cause.words}” means all pictures: what they show is not looked at; name files to choose.", cause
        )


def _without_numbering(items: Sequence[Item]) -> list[Item]:
    """Leave out the numbers of list points (``1.`` at the start of a line)."""
    kept: list[Item] = []
    for place, item in enumerate(items):
        starts = place == 0 or items[place - 1].named("sign", "\n")
        ends = place + 1 < len(items) and items[place + 1].named("sign", ".", ")")
        closes = place + 1 < len(items) and items[place + 1].named("sign", ")")
        opened = place > 0 and items[place - 1].named("sign", "(")
        is_letter = item.end - item.start == 1 and closes and item.kind in ("unknown", "filler", "token", "slot")
        if (item.kind == "number" and starts and ends) or (is_letter and starts):
            item.kind, item.key = "filler", ""
        elif item.kind == "number" and closes and not opened and item.value in range(1, 21):
            item.kind, item.key = "split", "point"
        kept.append(item)
    return kept


def _silence_headings(items: Sequence[Item]) -> None:
    """Take the acts in the title above a list for its name: ``Clean-up`` over three points asks for nothing itself."""
    line: list[Item] = []
    for place, item in enumerate(items):
        if not item.named("sign", "\n"):
            line.append(item)
            continue
        following = items[place + 1] if place + 1 < len(items) else None
        is_title = 0 < len(line) <= MAX_TITLE and not any(i.kind in VALUES for i in line)
        if is_title and following is not None and following.named("sign", "-", "*", "\n"):
            for title in (i for i in line if i.kind in ("act", "wish", "verb", "vague")):
                title.kind, title.key = "filler", "title"
        line = []


def _silence_signature(items: Sequence[Item]) -> None:
    """Take unknown words after ``kind regards`` for names; whatever else means something is still read."""
    closings = [i for i, item in enumerate(items) if item.named("filler", "closing")]
    signature = items[closings[-1] :] if closings else ()
    named = [i for i in signature if i.kind not in ("sign", "filler", "link")]
    # "Best regards, Anouk de Wit": a colour beside a name and nothing else is part of it.
    is_name = len(named) <= MAX_TITLE and all(i.kind in ("unknown", "tagged", "colour") for i in named)
    is_name = is_name and any(i.kind == "unknown" for i in named) and not any(i.value == "code" for i in named)
    for part in named if is_name else (i for i in signature if i.kind == "unknown"):
        part.kind, part.key = "filler", "signature"


def _silence_addressee(items: Sequence[Item]) -> None:
    """Take up to two unknown words right after a greeting that opens a line for a name: ``Hi Tom Baker, …``."""
    for at, item in enumerate(items):
        if item.named("filler", "greeting") and (at == 0 or items[at - 1].named("sign", "\n")):
            for unknown in itertools.takewhile(lambda i: i.kind == "unknown", items[at + 1 : at + 3]):
                unknown.kind, unknown.key = "filler", "name"


def _read(clause: Clause, draft: Draft) -> None:
    draft.has_new_topic, draft.age = False, clause.age
    if cancelled := clause.all("act", "cancel"):
        # Taken back are the things that are named beside it, and whatever an older mail said of them.
        draft.take_back(clause, cancelled)
        return
    if _is_conditional(clause, draft):
        return
    _note(clause, draft)
    for topic in TOPICS:
        topic.read(clause, draft)
    draft.before = clause
    is_new_sentence = clause.joiner in (".", "\n", ";", "")
    if is_new_sentence and not draft.has_new_topic and clause.polarity is Polarity.DO:
        draft.topic = ""


def _note(clause: Clause, draft: Draft) -> None:
    """Keep what is decided at the end: repeats, audits, vague wishes, platforms, and what the pictures show."""
    if clause.has("where", "rest") and clause.use("act", "repeat"):
        draft.assume("What else was agreed stays.", clause.cause())
    if clause.has("thing", "names", "size", "background", "format"):
        _usual(clause, draft)
    for repeat in clause.use("act", "repeat"):
        numbers = [i for i in clause.all("number") if i.first == repeat.last]
        cause = clause.cause([i.use() for i in (repeat, *numbers)])
        draft.is_repeat = hull(draft.is_repeat, cause, draft.words)
        draft.is_other_order = draft.is_other_order or bool(numbers)
    if (
        clause.has("act", "audit")
        and not clause.has("platform")
        and clause.has("thing", "background", "size", "colours")
    ):
        reason = "i2i checks against marketplaces and the size of originals; it cannot check this."
        draft.decline(clause, clause.items, op="check", reason=reason)
    for audit in clause.use("act", "audit"):
        draft.is_audit = hull(draft.is_audit, clause.cause([audit]), draft.words)
    is_wish = clause.polarity not in (Polarity.NOT, Polarity.KEEP)
    for vague in clause.use("vague") if is_wish else ():
        draft.vague = hull(draft.vague, clause.cause([vague]), draft.words)
    for named in clause.use("platform"):
        for output in clause.outputs or (SHARED,):
            draft.platforms.append((named.key, output, clause.scope, clause.cause([named])))
    for noun in (i for i in clause.items if i.kind == "tagged"):
        draft.subject = (clause.sentence, noun.key)


def _usual(clause: Clause, draft: Draft) -> None:
    """Read ``names as usual`` and ``the usual size``: one thing is as always, not the whole order."""
    for usual in clause.use("act", "repeat"):
        if clause.has("thing", "size") and not clause.has("size") and not clause.has("length"):
            wishes.ask_size(clause, draft, [usual, *clause.use("thing", "size"), *clause.use("act", "resize")])


def _is_conditional(clause: Clause, draft: Draft) -> bool:
    """Decline what depends on a condition, and what follows from it in the same sentence, except prohibitions."""
    if clause.find("cond"):
        draft.conditional = clause.sentence
    elif draft.conditional != clause.sentence or clause.polarity is Polarity.NOT:
        return False
    draft.decline(clause, clause.items, op="check" if clause.has("length") else None, reason=CONDITION)
    return True


def _prefer_fill(draft: Draft) -> None:
    """Take the fill where margins are given as well: both would set the size of the product."""
    for step in draft.having("subject.place"):
        margins = [name for name in step.params if name.startswith("margin_")]
        if "fill" in step.params and margins:
            for name in (*margins, "unit"):
                step.params.pop(name, None)
            draft.assume(
                "The product is sized by its share of the canvas; the margin beside it is left out.", step.cause
            )


def _prefer_stops(draft: Draft) -> None:
    """Take the stops that are named before a measured brightness."""
    for step in draft.having("exposure"):
        if "ev" in step.params:
            step.params.pop("mode", None)


def _decline_impossible(draft: Draft) -> None:
    """Take out steps whose values no engine can take, such as 50000 px, and say so."""
    for step in list(draft.steps):
        try:
            step.finished().checked()
        except InvalidInputError as error:
            draft.drop(step)
            words = step.cause.words if step.cause else ""
            draft.unsupported.append(
                Unsupported(words=words, reason=str(error), op=step.op, scope=step.scope, cause=step.cause)
            )


def _drop_impossible_answers(draft: Draft) -> None:
    """Take out answers that no engine could carry out, and questions that these leave without a choice."""
    kept: list[Question] = []
    for question in draft.questions:
        options = tuple(o for o in question.options if all(_is_possible(c) for c in o.changes))
        if len(options) > 1 or options == question.options:
            kept.append(attrs.evolve(question, options=options))
    draft.questions[:] = kept


def _is_possible(change: Change) -> bool:
    operation = find_operation(change.op)
    try:
        for name, value in change.params.items():
            if value is not None:
                operation.parameter(name).clean(value)
    except InvalidInputError:
        return False
    return True


def _note_spelling(draft: Draft, item: Item) -> None:
    for written, read in item.value:
        draft.assume(f"“{written}” is read as “{read}”.")


def _written(draft: Draft) -> EditPlan:
    made = tuple(
        Output(
            name=output.name,
            folder=output.folder,
            steps=tuple(s.finished() for s in draft.steps if s.output == number),
        )
        for number, output in enumerate(draft.outputs)
    )
    shared = sorted((s for s in draft.steps if s.output == SHARED), key=lambda s: find_operation(s.op).stage)
    return EditPlan(
        steps=tuple(s.finished() for s in shared),
        outputs=made,
        constraints=tuple(draft.constraints),
        assumptions=tuple(draft.assumptions),
        questions=tuple(draft.questions),
        warnings=tuple(draft.warnings),
        unsupported=tuple(draft.unsupported),
        planner=LocalPlanner.name,
    )


def _checked(plan: EditPlan, request: PlanRequest) -> EditPlan:
    """Check the plan as an order would; what still contradicts itself becomes a blocking question."""
    if request.previous is not None and any("previous order" in a.about for a in plan.assumptions):
        plan = merge(request.previous, plan)
    plan = check_plan(plan)
    names = request.names or ("image.jpg",)
    try:
        for position, name in enumerate(names, 1):
            resolve(plan, ImageFacts(name=name, position=position, count=len(names)))
    except InvalidInputError as error:
        if not plan.open_questions:
            asked = Question(key="contradiction", about=f"The instruction contradicts itself: {error}")
            plan = attrs.evolve(plan, questions=(*plan.questions, asked))
    return plan
