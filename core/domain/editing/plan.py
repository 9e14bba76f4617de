"""The edit plan: typed steps with the words that caused them, outputs, questions and everything left undone."""

import enum
from collections.abc import Iterable
from typing import Any

import attrs

from core.domain.editing.catalogue import find_operation
from core.domain.editing.provided import check_wish, is_provided
from core.domain.editing.scope import ALL, Scope
from core.errors import InvalidInputError

MAX_STEPS = 200
MAX_OUTPUTS = 20
MAX_NAMES = 5000


@attrs.frozen(kw_only=True)
class Cause:
    """The words of the instruction that caused something: character offsets and the words themselves."""

    start: int
    end: int
    words: str


@attrs.frozen(kw_only=True)
class Step:
    """One operation with its parameters, on the pictures of its scope.

    Args:
        op: key of the catalogue.
        params: canonical parameters; those not named take the operation's defaults.
        scope: which pictures; all by default.
        cause: the words that asked for it; None when it was added by hand or follows from another step.
    """

    op: str
    params: dict[str, Any] = attrs.field(factory=dict)
    scope: Scope = ALL
    cause: Cause | None = None

    def checked(self) -> "Step":
        """Return the step with canonical parameters.

        Raises:
            InvalidInputError: unknown operation or bad parameters.
        """
        return attrs.evolve(self, params=find_operation(self.op).clean(self.params))


@attrs.frozen(kw_only=True)
class Output:
    """One named deliverable per picture: its steps follow (and override) the shared ones.

    Args:
        name: letters, digits, dash and underscore.
        steps: what only this deliverable gets.
        folder: relative folder in the delivery; empty for none.
    """

    name: str
    steps: tuple[Step, ...] = ()
    folder: str = ""


class ChangeKind(enum.StrEnum):
    """What an answer does to the plan."""

    SET = "set"
    REMOVE = "remove"


@attrs.frozen(kw_only=True)
class Change:
    """One edit that an answer makes: set a step of an operation, or remove it, in an output or in the shared steps."""

    kind: ChangeKind
    op: str
    params: dict[str, Any] = attrs.field(factory=dict)
    output: str | None = None


@attrs.frozen(kw_only=True)
class Option:
    """One possible answer, and what it changes."""

    key: str
    label: str
    changes: tuple[Change, ...] = ()


@attrs.frozen(kw_only=True)
class Question:
    """Something the instruction leaves open.

    Args:
        key: stable within the plan.
        about: the question, one sentence.
        options: possible answers; empty when the instruction itself must be changed.
        blocking: nothing is spent before the answer; otherwise ``default`` is used visibly.
        default: key of the option that holds until answered.
        answer: key of the chosen option.
    """

    key: str
    about: str
    options: tuple[Option, ...] = ()
    blocking: bool = True
    default: str | None = None
    answer: str | None = None
    cause: Cause | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still stops the order."""
        return self.blocking and self.answer is None


@attrs.frozen(kw_only=True)
class Assumption:
    """Something decided for the customer, visible and reversible."""

    about: str
    cause: Cause | None = None


@attrs.frozen(kw_only=True)
class PlanWarning:
    """Something the customer should know before confirming."""

    about: str
    cause: Cause | None = None


@attrs.frozen(kw_only=True)
class Unsupported:
    """A wish that will not be carried out.

    Args:
        words: the customer's words.
        reason: why not, and what to do instead.
        op: the wished operation; None when it was not understood.
        params: what is known of the wish, as a provider or a retoucher would need it: short plain values.
        scope: the pictures it was meant for.
        output: the deliverable it was meant for; None for all.
        refused: True when it is refused on principle (account actions, invented views), not for lack of an engine.
    """

    words: str
    reason: str
    op: str | None = None
    params: dict[str, Any] = attrs.field(factory=dict)
    scope: Scope = ALL
    output: str | None = None
    refused: bool = False
    cause: Cause | None = None

    @property
    def needs_provider(self) -> bool:
        """Whether it is edited work that a provider or a retoucher could do; it is not priced."""
        return is_provided(self.op) and not self.refused


@attrs.frozen(kw_only=True)
class Constraint:
    """Operations that must not touch the pictures of a scope; later steps and revisions are checked against it.

    Args:
        ops: keys of the catalogue, or of wishes that need a provider.
        scope: the pictures it protects.
        region: the part of each picture that it protects (``skin``, ``knit structure``); empty for the whole picture.
            Operations on the whole picture are not held back for a part of it; who retouches is told.
    """

    ops: tuple[str, ...]
    scope: Scope = ALL
    region: str = ""
    cause: Cause | None = None


@attrs.frozen(kw_only=True)
class EditPlan:
    """What will be done to every picture, what is still open and what will not be done.

    Args:
        steps: shared by all outputs, run and billed once per picture.
        outputs: named deliverables; none means one deliverable named ``main``.
        planner: key of the planner that wrote it, or ``hand`` or ``recipe``.
    """

    steps: tuple[Step, ...] = ()
    outputs: tuple[Output, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    questions: tuple[Question, ...] = ()
    warnings: tuple[PlanWarning, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    explanation: str = ""
    planner: str = "hand"

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the deliverables, at least one."""
        return tuple(o.name for o in self.outputs) or ("main",)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Questions that must be answered before anything is spent."""
        return tuple(q for q in self.questions if q.is_open)

    def all_steps(self) -> Iterable[Step]:
        """Shared steps, then those of each output."""
        yield from self.steps
        for output in self.outputs:
            yield from output.steps


def check_plan(plan: EditPlan) -> EditPlan:
    """Return the plan with every step canonical.

    Raises:
        InvalidInputError: a bad step, answer, output name or folder, too many of them, or a forbidden operation.
    """
    if sum(1 for _ in plan.all_steps()) > MAX_STEPS or len(plan.outputs) > MAX_OUTPUTS:
        raise InvalidInputError(
            f"A plan holds at most {MAX_STEPS} steps and {MAX_OUTPUTS} outputs.", code="plan_too_long"
        )
    scopes = [s.scope for s in plan.all_steps()] + [c.scope for c in plan.constraints]
    scopes += [wish.scope for wish in plan.unsupported]
    if sum(scope.size for scope in scopes) > MAX_NAMES:
        raise InvalidInputError(f"The scopes of a plan hold at most {MAX_NAMES} names.", code="plan_too_long")
    names = [o.name.casefold() for o in plan.outputs]
    if len(set(names)) != len(names):
        raise InvalidInputError("Two outputs have the same name.", code="duplicate_output")
    checked = attrs.evolve(
        plan,
        steps=tuple(s.checked() for s in plan.steps),
        outputs=tuple(_checked_output(o) for o in plan.outputs),
    )
    _check_constraints(checked)
    for wish in checked.unsupported:
        check_wish(wish.params)
    _check_changes(checked)
    return checked


def _checked_output(output: Output) -> Output:
    if not output.name or len(output.name) > 40 or not output.name.replace("-", "").replace("_", "").isalnum():
        raise InvalidInputError(
            f"{output.name!r} cannot name an output; use up to 40 letters, digits, dashes.", code="invalid_output_name"
        )
    parts = output.folder.split("/") if output.folder else []
    if len(output.folder) > 100 or any(p in ("", ".", "..") or not p.isprintable() or "\\" in p for p in parts):
        raise InvalidInputError(
            f"{output.folder!r} is not a relative folder.", code="invalid_folder", details={"output": output.name}
        )
    return attrs.evolve(output, steps=tuple(s.checked() for s in output.steps))


def _check_constraints(plan: EditPlan) -> None:
    for constraint in plan.constraints:
        for step in plan.all_steps():
            if step.op in constraint.ops and constraint.scope.is_all and not constraint.region:
                raise InvalidInputError(
                    f"{step.op} was ruled out by the instruction.", code="forbidden_step", details={"op": step.op}
                )


def _check_changes(plan: EditPlan) -> None:
    """Refuse answers that would set what an operation does not have; the whole step is checked when one is given."""
    changes = (c for q in plan.questions for option in q.options for c in option.changes)
    for change in changes:
        operation = find_operation(change.op)
        for name, value in change.params.items():
            if value is not None:
                operation.parameter(name).clean(value)
