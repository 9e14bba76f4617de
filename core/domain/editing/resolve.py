"""From a plan for the whole order to the exact steps of one picture and one output."""

from collections.abc import Callable
from typing import Any

import attrs

from core.domain.editing.catalogue import find_operation
from core.domain.editing.conditions import read_condition
from core.domain.editing.operations.delivery import OPAQUE_FORMATS
from core.domain.editing.plan import EditPlan, Output, Step
from core.domain.editing.scope import ImageFacts, Scope
from core.errors import InvalidInputError


@attrs.frozen(kw_only=True)
class ResolvedStep:
    """One operation with every parameter written out."""

    op: str
    params: dict[str, Any]


@attrs.frozen(kw_only=True)
class OutputPlan:
    """All steps of one deliverable of one picture, in the order in which they run."""

    name: str
    folder: str
    steps: tuple[ResolvedStep, ...]

    def params(self, op: str) -> dict[str, Any] | None:
        """Parameters of an operation in this output, or None when it does not occur."""
        return next((s.params for s in self.steps if s.op == op), None)


@attrs.frozen(kw_only=True)
class ImagePlan:
    """What one picture becomes: its deliverables, each with all its steps."""

    outputs: tuple[OutputPlan, ...]


def resolve(plan: EditPlan, image: ImageFacts) -> ImagePlan:
    """Work out the steps of one picture.

    Of several steps of one operation that name the picture, the most specific scope wins, then an output's own
    step over a shared one, then the later one; repeatable operations all stay. Steps that a constraint rules out
    for the picture are left out. Steps run by stage.

    Raises:
        InvalidInputError: code ``contradictory_plan``, when the steps cannot all hold for an output.
    """
    matches = _matcher(plan, image)
    ruled_out = {op for c in plan.constraints if not c.region and matches(c.scope) for op in c.ops}

    def applies(step: Step) -> bool:
        return matches(step.scope) and step.op not in ruled_out and not _is_settled(step, image)

    def steps(output: Output) -> tuple[ResolvedStep, ...]:
        shared = [(0, s) for s in plan.steps if applies(s)]
        return _pick(shared + [(1, s) for s in output.steps if applies(s)])

    outputs = plan.outputs or (Output(name="main"),)
    return ImagePlan(outputs=tuple(_checked(OutputPlan(name=o.name, folder=o.folder, steps=steps(o))) for o in outputs))


def _matcher(plan: EditPlan, image: ImageFacts) -> Callable[[Scope], bool]:
    """Return whether a scope of the plan is about the picture; the rest is what no other part of the plan names."""
    scopes = [*(s.scope for s in plan.all_steps()), *(c.scope for c in plan.constraints)]
    scopes += [u.scope for u in plan.unsupported if not u.refused]
    has_rest = any(s.rest for s in scopes)
    is_named = has_rest and any(s.names(image) for s in scopes if not (s.is_all or s.rest))
    return lambda scope: scope.names(image) or (scope.rest and not is_named)


def _is_settled(step: Step, image: ImageFacts) -> bool:
    """Whether a step only checks the original, which passes; a check that fails stays, to be told of the picture."""
    rule = step.params.get("rule") if step.op == "check" else None
    if rule is None:
        return False
    held = read_condition(rule).holds(width=image.width, height=image.height, format=image.format)
    return held is not False


def _pick(candidates: list[tuple[int, Step]]) -> tuple[ResolvedStep, ...]:
    chosen: dict[object, tuple[tuple[tuple[int, int], int, int], Step]] = {}
    for order, (level, step) in enumerate(candidates):
        slot: object = order if find_operation(step.op).is_repeatable else step.op
        rank = (step.scope.specificity, level, order)
        if slot not in chosen or rank > chosen[slot][0]:
            chosen[slot] = (rank, step)
    ordered = sorted(chosen.values(), key=lambda c: (find_operation(c[1].op).stage, c[0][2]))
    return tuple(ResolvedStep(op=s.op, params=find_operation(s.op).filled(s.params)) for _, s in ordered)


def _checked(output: OutputPlan) -> OutputPlan:
    problem = _contradiction(output)
    if problem:
        raise InvalidInputError(
            f"Output {output.name}: {problem}.", code="contradictory_plan", details={"output": output.name}
        )
    return output


def _contradiction(output: OutputPlan) -> str | None:
    export = output.params("export") or {}
    background = output.params("background.set") or {}
    if export.get("format") in OPAQUE_FORMATS and background.get("mode") == "transparent":
        return f"{export['format'].upper()} cannot store a transparent background"
    return None
