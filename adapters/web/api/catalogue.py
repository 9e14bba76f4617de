"""What there is to choose from: operations and marketplace profiles."""

from typing import Any

from pydantic import Field

from adapters.web.api.base import described, make_blueprint
from adapters.web.responses import Envelope, View
from adapters.web.security import application
from core.domain.compliance import MarketplaceProfile, requirement
from core.domain.editing.catalogue import OPERATIONS, json_schema
from core.domain.editing.tags import ATTRIBUTES, NOUNS

blueprint = make_blueprint("catalogue", tag="Catalogue", about="What a plan may hold, and what marketplaces demand.")


class OperationOut(View):
    """An operation of the catalogue with the JSON Schema of its parameters; operations run by stage."""

    key: str = Field(examples=["background.remove"])
    summary: str
    stage: int
    price_key: str | None
    parameters: dict[str, Any]


class OperationsAnswer(Envelope[list[OperationOut]]):
    """All operations, and the JSON Schema of a step."""

    step: dict[str, Any]


class TagsOut(View):
    """Words for what a picture shows; a thing includes its kinds, so a sneaker is a shoe."""

    things: list[str] = Field(examples=[["bag", "shoe", "sneaker"]])
    traits: list[str] = Field(examples=[["facing_left", "on_model"]])


class TagsAnswer(Envelope[TagsOut]):
    """All tags."""


class RuleOut(View):
    """One rule of a profile."""

    id: str
    severity: str
    requirement: str
    source: str
    trust: str


class ProfileOut(View):
    """A marketplace profile."""

    id: str
    title: str
    operator: str
    version: str
    is_unverified: bool
    aliases: list[str]
    preset: dict[str, Any]
    rules: list[RuleOut]


class ProfileAnswer(Envelope[ProfileOut]):
    """One profile."""


class ProfilesAnswer(Envelope[list[ProfileOut]]):
    """All profiles by id."""


@blueprint.get("/tags")
@blueprint.output(TagsAnswer)
@blueprint.doc(**described())
def list_tags() -> dict[str, Any]:
    """List the tags that say what a picture shows."""
    return {"data": {"things": sorted(NOUNS), "traits": sorted(ATTRIBUTES)}}


@blueprint.get("/operations")
@blueprint.output(OperationsAnswer)
@blueprint.doc(**described())
def list_operations() -> dict[str, Any]:
    """List every operation that a plan may hold."""
    operations = [
        {
            "key": o.key,
            "summary": o.summary,
            "stage": int(o.stage),
            "price_key": o.price_key,
            "parameters": o.json_schema(),
        }
        for o in OPERATIONS.values()
    ]
    return {"data": operations, "step": json_schema()}


def _view(profile: MarketplaceProfile) -> dict[str, Any]:
    rules = [
        {"id": r.id, "severity": r.severity, "requirement": requirement(r), "source": r.source, "trust": r.trust}
        for r in profile.rules
    ]
    return {
        "id": profile.id, "title": profile.title, "operator": profile.operator, "rules": rules,
        "version": profile.version.isoformat(), "is_unverified": profile.is_unverified,
        "aliases": list(profile.aliases), "preset": profile.preset.as_mapping(),
    }  # fmt: skip


@blueprint.get("/profiles")
@blueprint.output(ProfilesAnswer)
@blueprint.doc(**described())
def list_profiles() -> dict[str, Any]:
    """List the marketplace profiles."""
    return {"data": [_view(p) for p in application().profiles.list()]}


@blueprint.get("/profiles/<word:profile>")
@blueprint.output(ProfileAnswer)
@blueprint.doc(**described(404))
def get_profile(profile: str) -> dict[str, Any]:
    """Show a marketplace profile by its id or an alias."""
    return {"data": _view(application().profiles.get(profile))}
