"""Laying the plan of a language model over that of the local planner.

The local planner is the floor: what it understood, refused, ruled out or has to ask stays. The model fills what was not
understood, and may say more exactly what was: parameters and pictures of a step that both found in the same words.
So a model that invents, obeys a stranger's text or forgets half of the brief cannot do more than leave things open.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

import attrs

from core.domain.editing.catalogue import find_operation
from core.domain.editing.plan import (
    Assumption,
    Cause,
    Change,
    ChangeKind,
    Constraint,
    EditPlan,
    Option,
    Output,
    PlanWarning,
    Question,
    Step,
    Unsupported,
)
from core.usecases.language.plan_reading import Reading, WrittenStep
from core.usecases.language.quotes import Words, sentences

EXPLAINED = 0.5  # which part of some words must be accounted for, so that they count as understood
MAX_QUESTIONS = 5


def lay_over(local: EditPlan, reading: Reading, *, brief: str, planner: str) -> EditPlan:
    """Return the local plan with what the model understood beyond it.

    Args:
        reading: what the model wrote, checked part by part; every part quotes the brief.
        planner: who the plan says wrote it.
    """
    merger = _Merger(local=local, reading=reading, brief=brief)
    steps, unasked = merger.steps()
    constraints, doubts = merger.constraints(steps)
    questions, undone, asides = [*doubts, *merger.questions()], merger.undone(), merger.asides()
    said = [p.cause for p in steps if p.is_new] + [c.cause for c in constraints] + [u.cause for u in undone]
    explained = Words.of(brief, [*said, *(q.cause for q in questions), *asides])
    shared, outputs = _arranged(local, reading, steps)
    return EditPlan(
        steps=shared,
        outputs=outputs,
        constraints=(*local.constraints, *constraints),
        assumptions=(*merger.assumptions(steps), *map(_aside, asides)),
        questions=(*local.questions, *questions),
        warnings=(*local.warnings, *_unasked(unasked)),
        unsupported=(*merger.left(explained), *undone),
        explanation=local.explanation,
        planner=planner,
    )


@attrs.frozen(kw_only=True)
class _Placed:
    """A step with its output, and whether it comes from the model."""

    step: Step
    output: str | None
    is_new: bool = False

    @property
    def cause(self) -> Cause | None:
        return self.step.cause


@attrs.frozen(kw_only=True, slots=False)
class _Merger:
    local: EditPlan
    reading: Reading
    brief: str

    def words(self, *causes: Cause | None) -> Words:
        return Words.of(self.brief, causes)

    @cached_property
    def open_words(self) -> Words:
        """What the local planner did not understand: there alone the model may read something new."""
        return Words.of(self.brief, (u.cause for u in self.local.unsupported if _is_open(u)))

    @cached_property
    def refused_words(self) -> Words:
        """What is refused on principle, with the whole sentences: what is said around it is not read anew."""
        refused = [u.cause for u in self.local.unsupported if u.refused and u.cause is not None]
        return Words.of(self.brief, sentences(self.brief, refused))

    def is_about_open(self, cause: Cause | None) -> bool:
        return self.words(cause).touches(self.open_words) and not self.is_refused(cause)

    def is_refused(self, cause: Cause | None) -> bool:
        return self.words(cause).touches(self.refused_words)

    def steps(self) -> tuple[list[_Placed], list[WrittenStep]]:
        """Return the steps of both, and those of the model that nobody asked for."""
        kept = [_Placed(step=s, output=o) for s, o in _places(self.local)]
        unasked: list[WrittenStep] = []
        for op in dict.fromkeys(w.step.op for w in self.reading.steps):
            written = [w for w in self.reading.steps if w.step.op == op]
            allowed = [w for w in written if self._is_allowed(w)]
            own = [p for p in kept if p.step.op == op]
            touched = [p for p in own if any(self._is_same(p, w) for w in allowed)]
            finer = [w for w in allowed if any(self._is_same(p, w) for p in touched)]
            if touched and _is_faithful(touched, finer):
                kept = [p for p in kept if p not in touched] + [_finer(w, touched) for w in finer]
            new = [w for w in allowed if w not in finer and self.is_about_open(w.cause)]
            kept += [_Placed(step=w.step, output=w.output, is_new=True) for w in new if not _is_taken(w, own)]
            if not own and op not in self.answered_ops:
                unasked += [w for w in written if w not in new]
        return kept, unasked

    @cached_property
    def answered_ops(self) -> set[str]:
        """Operations about which the plan says something already."""
        ruled_out = {op for c in self.local.constraints for op in c.ops}
        return ruled_out | {c.op for q in self.local.questions for o in q.options for c in o.changes}

    def _is_allowed(self, written: WrittenStep) -> bool:
        op = written.step.op
        is_ruled_out = any(op in c.ops and c.scope.is_all and not c.region for c in self.local.constraints)
        is_asked = any(op == c.op for q in self.local.open_questions for o in q.options for c in o.changes)
        return not (is_ruled_out or is_asked)

    def _is_same(self, placed: _Placed, written: WrittenStep) -> bool:
        return self.words(placed.cause).touches(self.words(written.cause))

    def constraints(self, steps: Iterable[_Placed]) -> tuple[list[Constraint], list[Question]]:
        """Return what the model alone rules out, and what to ask where it rules out what the local planner does."""
        found, doubts = [], []
        for constraint in self.reading.constraints:
            own = self.words(constraint.cause)
            done = [p for p in steps if p.step.op in constraint.ops and constraint.scope.is_all]
            disputed = [p for p in done if self.words(p.cause).touches(own)]
            if disputed:
                doubts.append(_doubt(disputed[0], constraint))
            elif self.is_about_open(constraint.cause) and not done:
                found.append(constraint)
        return found, doubts

    def questions(self) -> list[Question]:
        return [q for q in self.reading.questions if self.is_about_open(q.cause)][:MAX_QUESTIONS]

    def undone(self) -> list[Unsupported]:
        return [u for u in self.reading.undone if self.is_about_open(u.cause)]

    def asides(self) -> list[Cause]:
        return [c for c in self.reading.asides if self.words(c).within(self.open_words)]

    def assumptions(self, steps: Collection[_Placed]) -> list[Assumption]:
        """Return those of the local planner that still hold: not about words that the model read more exactly, and
        not that nothing is asked for once there is a step.
        """
        finer = self.words(*(p.cause for p in steps if p.is_new))
        was_empty = bool(steps) and not any(True for _ in self.local.all_steps())
        return [
            a
            for a in self.local.assumptions
            if not (was_empty if a.cause is None else self.words(a.cause).within(finer))
        ]

    def left(self, explained: Words) -> list[Unsupported]:
        """Return what is still not understood, and what will not be done."""
        wishes = self.local.unsupported
        return [u for u in wishes if not _is_open(u) or self.words(u.cause).share_in(explained) < EXPLAINED]


def _is_open(wish: Unsupported) -> bool:
    return wish.op is None and not wish.refused


def _places(plan: EditPlan) -> Iterable[tuple[Step, str | None]]:
    yield from ((step, None) for step in plan.steps)
    yield from ((step, output.name) for output in plan.outputs for step in output.steps)


def _is_faithful(own: list[_Placed], finer: list[WrittenStep]) -> bool:
    """Whether the model keeps the figures, the pictures and the outputs that stand in the customer's words."""
    scopes, outputs = {w.step.scope for w in finer}, {(w.output or "").casefold() for w in finer}
    inherits = len(own) == 1
    return all(
        (p.step.scope.is_all or p.step.scope in scopes)
        and (inherits or (p.output or "").casefold() in outputs)
        and all(any(w.step.params.get(name) == value for w in finer) for name, value in _literal(p.step).items())
        for p in own
    )


def _literal(step: Step) -> Mapping[str, object]:
    """Return the parameters whose values stand in the words that caused the step."""
    said = step.cause.words.lower() if step.cause else ""
    return {name: value for name, value in step.params.items() if _is_figure(value) and f"{value}".lower() in said}


def _is_figure(value: object) -> bool:
    return not isinstance(value, bool) and (isinstance(value, int | float) or str(value).startswith("#"))


def _finer(written: WrittenStep, own: list[_Placed]) -> _Placed:
    output = own[0].output if len(own) == 1 else written.output
    return _Placed(step=written.step, output=output, is_new=True)


def _is_taken(written: WrittenStep, own: list[_Placed]) -> bool:
    """Whether the local planner already has such a step there: two could not hold at once."""
    if find_operation(written.step.op).is_repeatable:
        return False
    return any(p.step.scope == written.step.scope and p.output == written.output for p in own)


def _arranged(
    local: EditPlan, reading: Reading, steps: Iterable[_Placed]
) -> tuple[tuple[Step, ...], tuple[Output, ...]]:
    """Put every step where it belongs; an output of the model stays only when a step of its own needs it."""
    ordered = sorted(steps, key=lambda p: find_operation(p.step.op).stage)
    wanted = {p.output.casefold() for p in ordered if p.output}
    known = {o.name.casefold(): o for o in reading.outputs if o.name.casefold() in wanted}
    known |= {o.name.casefold(): o for o in local.outputs}
    outputs = tuple(
        attrs.evolve(o, steps=tuple(p.step for p in ordered if p.output and p.output.casefold() == name))
        for name, o in known.items()
    )
    shared = tuple(p.step for p in ordered if not p.output or p.output.casefold() not in known)
    return shared, outputs


def _doubt(placed: _Placed, constraint: Constraint) -> Question:
    op, cause = placed.step.op, constraint.cause
    title = find_operation(op).title
    return Question(
        key=f"ruled_out_{op.replace('.', '_')}",
        about=f"Do these words ask for this or rule it out: {title}?",
        options=(
            Option(key="do", label="Do it"),
            Option(
                key="leave",
                label="Leave it out",
                changes=(Change(kind=ChangeKind.REMOVE, op=op, output=placed.output),),
            ),
        ),
        cause=cause,
    )


def _aside(cause: Cause) -> Assumption:
    return Assumption(about="Read as a remark that asks for nothing.", cause=cause)


def _unasked(written: list[WrittenStep]) -> list[PlanWarning]:
    if not written:
        return []
    titles = ", ".join(dict.fromkeys(find_operation(w.step.op).title for w in written))
    return [PlanWarning(about=f"Left out, because the brief does not ask for it: {titles}.")]
