"""Editing plans step by step, and their revisions."""

from typing import Any

from adapters.web.api.base import described, make_blueprint
from adapters.web.api.plans import ProposalAnswer, view
from adapters.web.responses import Envelope
from adapters.web.schemas.editing import (
    ComparisonOut,
    DiffQuery,
    EditsBody,
    PicturesBody,
    ProfileBody,
    RecipeBody,
    RevisionBody,
    RevisionOut,
)
from adapters.web.security import actor, application
from core.domain.editing.document import to_document
from core.domain.editing.edit_documents import edit_from_document
from core.kernel.actor import Scope
from core.usecases.plans.apply import ApplyProfile, ApplyRecipe
from core.usecases.plans.edit import ChoosePlannedPictures, EditPlanSteps
from core.usecases.plans.revisions import CompareRevisions, ListRevisions, RestoreRevision

blueprint = make_blueprint("editing", tag="Plan editing", about="Single edits of a plan, and all its earlier states.")
CHANGES = described(404, 409, 422, scope=Scope.ORDERS_WRITE)


class RevisionsAnswer(Envelope[list[RevisionOut]]):
    """Revisions of a plan, newest first."""


class ComparisonAnswer(Envelope[ComparisonOut]):
    """Differences in plain words."""


@blueprint.post("/orders/<id:order_id>/plan/edits")
@blueprint.input(EditsBody)
@blueprint.output(ProposalAnswer)
@blueprint.doc(**CHANGES)
def edit_steps(order_id: str, json_data: EditsBody) -> dict[str, Any]:
    """Change steps and outputs of the plan, all of the edits or none."""
    edits = [edit_from_document(e.model_dump()) for e in json_data.edits]
    edit = application().use(EditPlanSteps)
    return {"data": view(edit(actor=actor(), order_id=order_id, edits=edits, revision=json_data.revision))}


@blueprint.get("/orders/<id:order_id>/plan/revisions")
@blueprint.output(RevisionsAnswer)
@blueprint.doc(**described(404, scope=Scope.ORDERS_READ))
def list_revisions(order_id: str) -> dict[str, Any]:
    """List all revisions of an order's plan, newest first."""
    found = application().use(ListRevisions)(actor=actor(), order_id=order_id)
    return {
        "data": [
            {"number": r.number, "origin": r.origin.value, "plan": to_document(r.plan), "created_at": r.created_at}
            for r in found
        ]
    }


@blueprint.get("/orders/<id:order_id>/plan/revisions/<int:number>/diff")
@blueprint.input(DiffQuery, location="query")
@blueprint.output(ComparisonAnswer)
@blueprint.doc(**described(404, 422, scope=Scope.ORDERS_READ))
def compare_revisions(order_id: str, number: int, query_data: DiffQuery) -> dict[str, Any]:
    """Say in plain words what differs between two revisions of a plan."""
    compare = application().use(CompareRevisions)
    found = compare(actor=actor(), order_id=order_id, old=number, new=query_data.against)
    return {"data": {"old": found.old.number, "new": found.new.number, "differences": found.differences}}


@blueprint.post("/orders/<id:order_id>/plan/revisions/<int:number>/restore")
@blueprint.input(RevisionBody)
@blueprint.output(ProposalAnswer)
@blueprint.doc(**CHANGES)
def restore_revision(order_id: str, number: int, json_data: RevisionBody) -> dict[str, Any]:
    """Bring an earlier plan back, as a new revision."""
    restore = application().use(RestoreRevision)
    return {"data": view(restore(actor=actor(), order_id=order_id, number=number, revision=json_data.revision))}


@blueprint.post("/orders/<id:order_id>/plan/pictures")
@blueprint.input(PicturesBody)
@blueprint.output(ProposalAnswer)
@blueprint.doc(**described(402, 404, 409, 422, scope=Scope.ORDERS_WRITE))
def choose_pictures(order_id: str, json_data: PicturesBody) -> dict[str, Any]:
    """Leave pictures out of a planned order, for instance those that the balance does not cover."""
    choose = application().use(ChoosePlannedPictures)
    return {"data": view(choose(actor=actor(), order_id=order_id, **json_data.model_dump()))}


@blueprint.post("/orders/<id:order_id>/plan/profile")
@blueprint.input(ProfileBody)
@blueprint.output(ProposalAnswer)
@blueprint.doc(**CHANGES)
def apply_profile(order_id: str, json_data: ProfileBody) -> dict[str, Any]:
    """Add what a marketplace asks for to a plan: to all outputs, or as an output of its own."""
    apply = application().use(ApplyProfile)
    return {"data": view(apply(actor=actor(), order_id=order_id, **json_data.model_dump()))}


@blueprint.post("/orders/<id:order_id>/plan/recipe")
@blueprint.input(RecipeBody)
@blueprint.output(ProposalAnswer)
@blueprint.doc(**CHANGES)
def apply_recipe(order_id: str, json_data: RecipeBody) -> dict[str, Any]:
    """Replace the plan by a saved one."""
    apply = application().use(ApplyRecipe)
    return {"data": view(apply(actor=actor(), order_id=order_id, **json_data.model_dump()))}
