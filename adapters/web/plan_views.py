"""Plans as pages and answers show them: plain sentences, the words behind them, shared steps and outputs apart."""

from bisect import bisect_left
from collections.abc import Callable, Iterable

import attrs

from core.domain.briefs import on_one_line
from core.domain.editing.catalogue import OPERATIONS, find_operation
from core.domain.editing.phrases import plain_number
from core.domain.editing.plan import Cause, Constraint, EditPlan, Step
from core.domain.editing.provided import wish_sentence
from core.domain.editing.scope import Scope
from core.domain.editing.sentences import scope_words, step_sentence
from core.domain.orders import Order
from core.usecases.plans.places import Places, places_of
from core.usecases.plans.understand import Understanding


@attrs.frozen(kw_only=True)
class WordsView:
    """Words that caused something.

    Args:
        source: ``instruction`` or ``brief``.
        start, end: offsets in that text as it was sent.
        page, line: where they stand in the brief; None where they do not, and where the brief has no pages.
        place: the same in words, ``brief.pdf, page 2, line 7``.
    """

    source: str
    start: int
    end: int
    words: str
    page: int | None = None
    line: int | None = None
    place: str = ""


@attrs.frozen(kw_only=True)
class StepView:
    """A step in plain words; ``index`` is its place in the stored list, which its group shows in running order."""

    index: int
    op: str
    title: str
    sentence: str
    scope: str
    is_for_all: bool
    cause: WordsView | None
    can_move_up: bool = False
    can_move_down: bool = False


@attrs.frozen(kw_only=True)
class GroupView:
    """Steps of one place: the shared ones (``output`` is None) or those of one output."""

    output: str | None
    folder: str
    steps: tuple[StepView, ...]


@attrs.frozen(kw_only=True)
class PartView:
    """A part of a plan; ``ref`` is its place in the document of the plan."""

    ref: str = ""

    @property
    def anchor(self) -> str:
        """Id of the part of a page that shows it."""
        return self.ref.replace("/", "-")


@attrs.frozen(kw_only=True)
class NoteView(PartView):
    """Something said about the plan, with the words behind it."""

    about: str
    cause: WordsView | None = None


@attrs.frozen(kw_only=True)
class OptionView:
    """A possible answer."""

    key: str
    label: str
    is_chosen: bool


@attrs.frozen(kw_only=True)
class QuestionView(PartView):
    """A question with its options; without options the instruction itself must be changed."""

    key: str
    about: str
    is_blocking: bool
    is_open: bool
    options: tuple[OptionView, ...]
    cause: WordsView | None
    is_answered: bool = False


@attrs.frozen(kw_only=True)
class LeftOutView(PartView):
    """A wish that will not be carried out, and why; ``wish`` says what a provider would have to do."""

    words: str
    reason: str
    scope: str
    is_refused: bool
    wish: str
    needs_provider: bool
    cause: WordsView | None


@attrs.frozen(kw_only=True)
class PlanView:
    """A whole plan in plain words."""

    groups: tuple[GroupView, ...]
    questions: tuple[QuestionView, ...]
    assumptions: tuple[NoteView, ...]
    warnings: tuple[NoteView, ...]
    kept: tuple[NoteView, ...]
    left_out: tuple[LeftOutView, ...]
    planner: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not any(g.steps for g in self.groups)


def words_view(cause: Cause, place: tuple[str, int, int], places: Places | None) -> WordsView:
    """Return words with the line of the brief that they stand on."""
    source, start, end = place
    view = WordsView(source=source, start=start, end=end, words=on_one_line(cause.words))
    cited = places.citation(cause) if places is not None else None
    if places is None or cited is None:
        return view
    return attrs.evolve(view, page=cited.page, line=cited.line, place=cited.within(places.name))


Locate = Callable[[Cause], tuple[str, int, int] | None]


def plan_view(plan: EditPlan, locate: Locate, places: Places | None = None) -> PlanView:
    """Return a plan in plain words.

    Args:
        locate: where words of the plan stand: source, start, end; None for words that are not to be shown.
        places: the texts, for pages and lines of the brief; None where there are none.
    """

    def words(cause: Cause | None) -> WordsView | None:
        place = locate(cause) if cause is not None else None
        return words_view(cause, place, places) if cause is not None and place is not None else None

    shared = GroupView(output=None, folder="", steps=_steps(plan.steps, words))
    outputs = tuple(GroupView(output=o.name, folder=o.folder, steps=_steps(o.steps, words)) for o in plan.outputs)
    return PlanView(
        groups=(shared, *outputs),
        questions=tuple(
            QuestionView(
                key=q.key, about=q.about, is_blocking=q.blocking, is_open=q.is_open, cause=words(q.cause),
                is_answered=q.answer is not None, ref=f"questions/{i}",
                options=tuple(
                    OptionView(key=o.key, label=o.label, is_chosen=o.key == (q.answer or q.default)) for o in q.options
                ),
            )
            for i, q in enumerate(plan.questions)
        ),
        assumptions=_notes("assumptions", ((a.about, words(a.cause)) for a in plan.assumptions)),
        warnings=_notes("warnings", ((w.about, words(w.cause)) for w in plan.warnings)),
        kept=_notes("constraints", ((_kept(c), words(c.cause)) for c in plan.constraints)),
        left_out=tuple(
            LeftOutView(
                words=u.words, reason=u.reason, scope=scope_label(u.scope), is_refused=u.refused,
                wish=wish_sentence(u.op or "", u.params) if u.needs_provider else "", cause=words(u.cause),
                needs_provider=u.needs_provider, ref=f"unsupported/{i}",
            )
            for i, u in enumerate(plan.unsupported)
        ),
        planner=plan.planner,
    )  # fmt: skip


def _notes(name: str, notes: Iterable[tuple[str, WordsView | None]]) -> tuple[NoteView, ...]:
    return tuple(NoteView(about=a, cause=cause, ref=f"{name}/{i}") for i, (a, cause) in enumerate(notes))


def _steps(steps: tuple[Step, ...], words: Callable[[Cause | None], WordsView | None]) -> tuple[StepView, ...]:
    stages = [find_operation(s.op).stage for s in steps]
    order = sorted(range(len(steps)), key=lambda i: (stages[i], i))
    views = []
    for place, index in enumerate(order):
        step, stage = steps[index], stages[index]
        views.append(
            StepView(
                index=index, op=step.op, title=find_operation(step.op).title, sentence=step_sentence(step),
                scope=scope_words(step.scope), is_for_all=step.scope.is_all, cause=words(step.cause),
                can_move_up=place > 0 and stages[order[place - 1]] == stage,
                can_move_down=place + 1 < len(order) and stages[order[place + 1]] == stage,
            )
        )  # fmt: skip
    return tuple(views)


def _kept(constraint: Constraint) -> str:
    titles = ", ".join(find_operation(op).title.lower() if op in OPERATIONS else op for op in constraint.ops)
    where = "" if constraint.scope.is_all else f" on {scope_words(constraint.scope)}"
    what = f"{constraint.region} (no {titles})" if constraint.region else titles
    return f"Left as it is{where}: {what}"


def scope_label(scope: Scope) -> str:
    """Return which pictures are meant; empty for all of them."""
    return "" if scope.is_all else scope_words(scope)


def understanding_view(understanding: Understanding) -> PlanView:
    """Return the plan of an understanding; offsets count the characters of the texts that were sent."""
    return plan_view(understanding.plan, understanding.places.place_of, understanding.places)


def order_view(order: Order, plan: EditPlan) -> PlanView:
    """Return a plan of an order; words that no longer stand in its texts are left out."""
    places = places_of(order)
    return plan_view(plan, lambda cause: places.place_of(cause) if places.holds(cause) else None, places)


def browser_view(understanding: Understanding, instruction: str) -> PlanView:
    """Return the plan of an understanding with offsets in the units in which scripts of a browser count."""
    units = browser_units(instruction)

    def locate(cause: Cause) -> tuple[str, int, int]:
        source, start, end = understanding.places.place_of(cause)
        return (source, units(start), units(end)) if source == "instruction" else (source, start, end)

    return plan_view(understanding.plan, locate, understanding.places)


def browser_units(text: str) -> Callable[[int], int]:
    """Return what turns an offset in a text into UTF-16 units."""
    wide = [place for place, character in enumerate(text) if character > "\uffff"]
    return lambda offset: offset + bisect_left(wide, offset)


def credits_words(count: int) -> str:
    """Write an amount of credits."""
    return f"{plain_number(count)} {'credit' if count == 1 else 'credits'}"
