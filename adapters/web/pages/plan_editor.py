"""Changing a plan on its page: steps, outputs, recipes, marketplaces, earlier plans, and the free preview."""

from typing import Any

from flask import Response, make_response, request

from adapters.web.api.plans import preview_document
from adapters.web.pages.base import fragment, make_pages
from adapters.web.pages.plan_parts import board, board_response, changed
from adapters.web.plan_board import ORIGINS
from adapters.web.plan_forms import ScopeView, fields, scope_view, submitted, submitted_scope
from adapters.web.responses import Done
from adapters.web.schemas.plans import PreviewOut
from adapters.web.security import actor, application
from core.domain.editing.catalogue import OPERATIONS, find_operation
from core.domain.editing.edit_documents import edit_from_document
from core.domain.editing.edits import Place, add_step, change_step, set_scope, step_at
from core.domain.editing.operation import Operation, Stage
from core.domain.editing.plan import EditPlan, Step
from core.domain.editing.revision import Origin
from core.domain.editing.scope import ALL, Scope
from core.errors import InvalidInputError, LimitReachedError, NotFoundError, QuestionsOpenError
from core.usecases.plans.apply import ApplyProfile, ApplyRecipe
from core.usecases.plans.edit import Edit, EditPlanSteps
from core.usecases.plans.preview import Preview, PreviewPlan
from core.usecases.plans.revise import GetPlan
from core.usecases.plans.revisions import CompareRevisions, ListRevisions, RestoreRevision
from core.usecases.recipes.keep import SaveRecipe

blueprint = make_pages("plan_editor")
GROUPS = (
    ("Turn and crop", frozenset({Stage.ORIENT, Stage.TURN, Stage.STRAIGHTEN, Stage.FRAME})),
    ("Light and colour", frozenset({Stage.ADJUST, Stage.FINISH})),
    ("Product and background", frozenset({Stage.CUT_OUT, Stage.COMPOSE})),
    ("Size and place", frozenset({Stage.PLACE})),
    ("Text and logo", frozenset({Stage.OVERLAY})),
    ("File and check", frozenset({Stage.DELIVER})),
)
NUMBERS = ("index", "by")
TOLD = {
    "remove": "Step removed", "move": "Step moved", "add_output": "Output added", "remove_output": "Output removed",
    "rename_output": "Output changed", "lift": "This may be edited now",
}  # fmt: skip


class PagePreview(Done):
    """A free preview, or why there is none."""

    data: PreviewOut | None = None
    problem: str = ""


@blueprint.get("/orders/<id:order_id>/plan/operations")
def operations(order_id: str) -> str:
    """List what can be added to a plan, by kind of work."""
    shown = [(title, [o for o in OPERATIONS.values() if o.stage in stages]) for title, stages in GROUPS]
    return fragment("plan_operations", board=board(order_id), groups=shown, output=request.args.get("output", ""))


@blueprint.get("/orders/<id:order_id>/plan/step")
def step(order_id: str) -> str:
    """Show the form of a step, or of a new one."""
    form, shown = request.args, board(order_id)
    op, index, output = form.get("op"), form.get("index", type=int), form.get("output") or None
    if index is None:
        edited = Step(op=find_operation(op or "").key)
    else:
        edited = step_at(shown.proposal.revision.plan, Place(index=index, output=output))
    return _form(order_id, edited, index=index, output=output)


def _form(
    order_id: str, edited: Step, *, index: int | None, output: str | None, errors: dict[str, str] | None = None,
    problem: str = "", scope: ScopeView | None = None,
) -> str:  # fmt: skip
    shown = board(order_id)
    operation = find_operation(edited.op)
    return fragment(
        "plan_step_form", board=shown, operation=operation, index=index, output=output or "", problem=problem,
        fields=fields(operation, edited.params, errors=errors, choices=_choices(operation)),
        scope=scope or scope_view(edited.scope, [i.original_name for i in shown.images]),
    )  # fmt: skip


def _choices(operation: Operation) -> dict[str, tuple[tuple[str, str], ...]]:
    if operation.key != "check":
        return {}
    return {"profile": tuple((p.id, p.title) for p in application().profiles.list())}


@blueprint.post("/orders/<id:order_id>/plan/step")
def save_step(order_id: str) -> Response:
    """Store the form of a step: the plan again, or the form with what is wrong beside the fields."""
    form = request.form
    operation = find_operation(form.get("op", ""))
    index, output = form.get("index", type=int), form.get("output") or None
    params, errors = submitted(operation, form)
    problem, scope = "", None
    try:
        scope = submitted_scope(form)
        if not errors:
            edit = _edit(operation.key, params, scope=scope, index=index, output=output)
            use = application().use(EditPlanSteps)
            told = "Step changed" if index is not None else "Step added"
            return changed(
                order_id, lambda seen: use(actor=actor(), order_id=order_id, edits=[edit], revision=seen),
                told=told, can_undo=True,
            )  # fmt: skip
    except (InvalidInputError, NotFoundError) as error:
        problem = error.message
    edited = Step(op=operation.key, params=params, scope=scope or ALL)
    kept = ScopeView(
        kind=form.get("scope", "all"), files=frozenset(form.getlist("files")), names=form.get("names", ""),
        positions=form.get("positions", ""),
    )  # fmt: skip
    shown = _form(order_id, edited, index=index, output=output, errors=errors, problem=problem, scope=kept)
    response = make_response(shown, 422)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = f"#{form.get('form_id', '')[:60]}", "outerHTML"
    return response


def _edit(op: str, params: dict[str, Any], *, scope: Scope | None, index: int | None, output: str | None) -> Edit:
    given = {k: v for k, v in params.items() if v is not None}

    def edit(plan: EditPlan) -> EditPlan:
        if index is None:
            return add_step(plan, step=Step(op=op, params=given, scope=scope or ALL), output=output)
        place = Place(index=index, output=output)
        if step_at(plan, place).op != op:
            raise NotFoundError("The plan has no such step.", details={"what": "step", "index": index})
        plan = change_step(plan, place=place, params=params)
        return plan if scope is None else set_scope(plan, place=place, scope=scope)

    return edit


@blueprint.post("/orders/<id:order_id>/plan/edit")
def edit(order_id: str) -> Response:
    """Make a single edit: remove or move a step, add, rename or remove an output, allow what was ruled out."""
    document = {k: v for k, v in request.form.items() if v != "" or k == "folder"}
    numbers = {name: request.form.get(name, type=int) for name in NUMBERS if name in document}
    made = edit_from_document({"do": "move", **document, **numbers})
    use = application().use(EditPlanSteps)
    return changed(
        order_id, lambda seen: use(actor=actor(), order_id=order_id, edits=[made], revision=seen),
        told=TOLD.get(document.get("do", "move"), "Plan changed"), can_undo=True,
    )  # fmt: skip


@blueprint.post("/orders/<id:order_id>/plan/preview")
@blueprint.output(PagePreview)
def preview(order_id: str) -> dict[str, Any]:
    """Render one picture with the plan, or with the form of a step; what prevents that is told, not refused."""
    try:
        return preview_document(_previewed(order_id))
    except (InvalidInputError, QuestionsOpenError, LimitReachedError) as error:
        return {"data": None, "problem": error.message}


def _previewed(order_id: str) -> Preview:
    form = request.form
    plan = application().use(GetPlan)(actor=actor(), order_id=order_id).revision.plan
    if form.get("op"):
        operation = find_operation(form["op"])
        params, errors = submitted(operation, form)
        if errors:
            raise InvalidInputError("Some values do not fit yet.", code="invalid_step")
        index, output = form.get("index", type=int), form.get("output") or None
        plan = _edit(operation.key, params, scope=submitted_scope(form), index=index, output=output)(plan)
    return application().use(PreviewPlan)(
        actor=actor(), order_id=order_id, image_id=form.get("image", ""), plan=plan
    )  # fmt: skip


@blueprint.get("/orders/<id:order_id>/plan/revisions")
def revisions(order_id: str) -> str:
    """Show all plans of the order, and what changed from one of them to the current one."""
    found = application().use(ListRevisions)(actor=actor(), order_id=order_id)
    seen = request.args.get("number", type=int) or (found[1].number if len(found) > 1 else None)
    compare = application().use(CompareRevisions)
    differences = compare(actor=actor(), order_id=order_id, old=seen).differences if seen else ()
    return fragment(
        "plan_revisions", order_id=order_id, revisions=found, seen=seen, differences=differences, origins=ORIGINS
    )  # fmt: skip


@blueprint.get("/orders/<id:order_id>/plan/replacing")
def replacing(order_id: str) -> str:
    """Show which changes by hand would be replaced by planning again."""
    found = application().use(ListRevisions)(actor=actor(), order_id=order_id)
    planned = next((r.number for r in found if r.origin is Origin.PLANNER), None)
    compare = application().use(CompareRevisions)
    differences = compare(actor=actor(), order_id=order_id, old=planned).differences if planned else ()
    return fragment("plan_replacing", differences=differences)


@blueprint.post("/orders/<id:order_id>/plan/restore")
def restore(order_id: str) -> Response:
    """Bring an earlier plan back."""
    number, use = request.form.get("number", 0, type=int), application().use(RestoreRevision)
    return changed(
        order_id, lambda seen: use(actor=actor(), order_id=order_id, number=number, revision=seen),
        told=f"Plan {number} is back", can_undo=not request.form.get("final"),
    )  # fmt: skip


@blueprint.post("/orders/<id:order_id>/plan/profile")
def profile(order_id: str) -> Response:
    """Lay the wishes of a marketplace over the plan."""
    name, as_output = request.form.get("profile", ""), request.form.get("as_output") == "yes"
    use = application().use(ApplyProfile)
    return changed(
        order_id,
        lambda seen: use(actor=actor(), order_id=order_id, profile=name, as_output=as_output, revision=seen),
        told="Marketplace added", can_undo=True,
    )  # fmt: skip


@blueprint.post("/orders/<id:order_id>/plan/recipe")
def recipe(order_id: str) -> Response:
    """Replace the plan by a recipe."""
    name, use = request.form.get("recipe", ""), application().use(ApplyRecipe)
    return changed(
        order_id, lambda seen: use(actor=actor(), order_id=order_id, recipe=name, revision=seen),
        told="Recipe applied", can_undo=True,
    )  # fmt: skip


@blueprint.post("/orders/<id:order_id>/plan/save")
def save(order_id: str) -> Response:
    """Save the plan as a recipe."""
    application().use(SaveRecipe)(actor=actor(), name=request.form.get("name", ""), order_id=order_id)
    return board_response(order_id, told="Saved as a recipe")
