"""What differs between two plans, in plain words."""

import enum
from collections.abc import Sequence

import attrs

from core.domain.editing.catalogue import find_operation
from core.domain.editing.operation import Operation
from core.domain.editing.plan import EditPlan, Output, Question, Step
from core.domain.editing.sentences import parameter_label, scope_words, step_sentence, value_words


class DifferenceKind(enum.StrEnum):
    """What happened to a part of a plan."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    ANSWERED = "answered"


@attrs.frozen(kw_only=True)
class ValueChange:
    """One value that changed, with both values in plain words."""

    label: str
    old: str
    new: str


@attrs.frozen(kw_only=True)
class Difference:
    """One difference.

    Args:
        output: name of the output it is about; None for the shared steps and for the plan as a whole.
        title: a few words for what it is about.
        sentence: the new state in plain words; for what was removed, the old one.
        values: values that changed, for a changed part.
    """

    kind: DifferenceKind
    title: str
    sentence: str
    output: str | None = None
    values: tuple[ValueChange, ...] = ()


def compare(old: EditPlan, new: EditPlan) -> tuple[Difference, ...]:
    """Return what changes from the old plan to the new one: shared steps, outputs, then answers."""
    found = _steps(old.steps, new.steps, output=None)
    renamed = _renamed(old.outputs, new.outputs)
    before = {renamed.get(o.name, o.name): o for o in old.outputs}
    after = {o.name: o for o in new.outputs}
    for name in (n for n in before if n not in after):
        found.append(_output(DifferenceKind.REMOVED, before[name]))
    for name, output in after.items():
        if name in before:
            found += _frame(before[name], output) + _steps(before[name].steps, output.steps, output=name)
        else:
            found += [_output(DifferenceKind.ADDED, output), *_steps((), output.steps, output=name)]
    return (*found, *_answers(old.questions, new.questions))


def _steps(old: Sequence[Step], new: Sequence[Step], *, output: str | None) -> list[Difference]:
    pairs = _pairs(old, new)
    found = [_step(DifferenceKind.REMOVED, s, output) for i, s in enumerate(old) if i not in pairs]
    taken = {j: i for i, j in pairs.items()}
    for j, step in enumerate(new):
        values = _values(old[taken[j]], step) if j in taken else ()
        if j not in taken:
            found.append(_step(DifferenceKind.ADDED, step, output))
        elif values:
            found.append(_step(DifferenceKind.CHANGED, step, output, values))
        elif _has_moved(j, taken):
            found.append(_step(DifferenceKind.MOVED, step, output))
    return found


def _pairs(old: Sequence[Step], new: Sequence[Step]) -> dict[int, int]:
    """Match old steps with new ones: equal ones first, then those of one operation and scope, then of one operation."""
    pairs: dict[int, int] = {}
    keys = (lambda s: (s.op, s.scope, s.params), lambda s: (s.op, s.scope), lambda s: s.op)
    for key in keys:
        for i, step in enumerate(old):
            free = (j for j, other in enumerate(new) if j not in pairs.values() and key(other) == key(step))
            match = next(free, None) if i not in pairs else None
            if match is not None:
                pairs[i] = match
    return pairs


def _has_moved(place: int, taken: dict[int, int]) -> bool:
    """Whether a step stands before one that it followed."""
    return any(later > place and taken[later] < taken[place] for later in taken)


def _values(old: Step, new: Step) -> tuple[ValueChange, ...]:
    operation: Operation = find_operation(new.op)
    before, after = operation.filled(old.params), operation.filled(new.params)
    changed = [
        ValueChange(label=parameter_label(p), old=value_words(p, before[p.name]), new=value_words(p, after[p.name]))
        for p in operation.parameters
        if before[p.name] != after[p.name]
    ]
    if old.scope != new.scope:
        changed.append(ValueChange(label="Pictures", old=scope_words(old.scope), new=scope_words(new.scope)))
    return tuple(changed)


def _step(
    kind: DifferenceKind, step: Step, output: str | None, values: tuple[ValueChange, ...] = ()
) -> Difference:  # fmt: skip
    where = "" if step.scope.is_all else f" ({scope_words(step.scope)})"
    return Difference(
        kind=kind, title=find_operation(step.op).title, sentence=step_sentence(step) + where, output=output,
        values=values,
    )  # fmt: skip


def _output(kind: DifferenceKind, output: Output) -> Difference:
    return Difference(kind=kind, title="Output", sentence=f"Output {output.name}", output=output.name)


def _frame(old: Output, new: Output) -> list[Difference]:
    changed = [
        ValueChange(label=label, old=before or "none", new=after or "none")
        for label, before, after in (("Name", old.name, new.name), ("Folder", old.folder, new.folder))
        if before != after
    ]
    if not changed:
        return []
    return [
        Difference(
            kind=DifferenceKind.CHANGED, title="Output", sentence=f"Output {new.name}", output=new.name,
            values=tuple(changed),
        )
    ]  # fmt: skip


def _renamed(old: Sequence[Output], new: Sequence[Output]) -> dict[str, str]:
    """Take an output that vanished for renamed when one with the same steps, or in the same place, is new."""
    gone = [o for o in old if o.name not in {n.name for n in new}]
    fresh = [n for n in new if n.name not in {o.name for o in old}]
    found: dict[str, str] = {}
    for output in gone:
        match = next((n for n in fresh if n.steps == output.steps and n.name not in found.values()), None)
        if match is not None:
            found[output.name] = match.name
    return found


def _answers(old: Sequence[Question], new: Sequence[Question]) -> list[Difference]:
    before = {q.key: q.answer for q in old}
    found = []
    for question in new:
        if question.answer is not None and before.get(question.key) != question.answer:
            label = next((o.label for o in question.options if o.key == question.answer), question.answer)
            found.append(Difference(kind=DifferenceKind.ANSWERED, title=question.about, sentence=label))
    return found
