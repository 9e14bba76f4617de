"""Steps for some kind of product beside the same step for all, and pictures that nobody has looked at."""

from core.domain.editing.catalogue import find_operation
from core.domain.editing.plan import Option, Question
from core.domain.editing.scope import ALL, Scope
from core.domain.editing.tags import ATTRIBUTES
from core.ports.planner import PlanRequest
from plugins.llm.local.draft import Draft

UNSEEN = (
    "Some steps are for what a picture shows, and pictures without tags are left out of them."
    " Tag the pictures, or name the files in the instruction."
)


def settle(draft: Draft, request: PlanRequest) -> None:
    """Let a step for all spare the products that have a step of their own, and ask for tags where there are none."""
    if draft.step("background.remove"):
        # What is cut out everywhere is cut out for every product.
        for step in [s for s in draft.having("background.remove") if s.scope.is_by_content]:
            draft.drop(step)
    for step in draft.steps:
        if step.scope == ALL and not find_operation(step.op).is_repeatable:
            own = _products(draft, step.op, step.output)
            if own:
                step.scope = Scope(not_tags=own)
    _ask_tags(draft, request)


def _products(draft: Draft, op: str, output: int) -> tuple[str, ...]:
    """Return the products that alone tell the pictures of other steps of an operation."""
    scopes = [s.scope for s in draft.steps if (s.op, s.output) == (op, output)]
    scopes += [w.scope for w in draft.unsupported if w.op == op and w.output is None]
    named = [s for s in scopes if s.tags and s == Scope(tags=s.tags) and not set(s.tags) & ATTRIBUTES]
    return tuple(dict.fromkeys(tag for scope in named for tag in scope.tags))


def _ask_tags(draft: Draft, request: PlanRequest) -> None:
    scopes = [(s.scope, s.cause) for s in draft.steps] + [(c.scope, c.cause) for c in draft.constraints]
    scopes += [(w.scope, w.cause) for w in draft.unsupported]
    asked = [cause for scope, cause in scopes if scope.is_by_content]
    if not asked or any(request.tags):
        return
    wait = Option(key="wait", label="Leave pictures without tags as they are in these steps")
    draft.ask(Question(key="tags", about=UNSEEN, options=(wait,), blocking=False, default="wait", cause=asked[0]))
