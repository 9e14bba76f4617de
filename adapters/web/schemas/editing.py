"""Schemas of edits, revisions and differences of plans."""

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from adapters.web.responses import Body, Number, View


class EditBody(Body):
    """One edit; ``index`` counts from 0 in the shared steps, or in those of ``output``."""

    do: Literal["add", "remove", "move", "set", "add_output", "remove_output", "rename_output", "lift"]
    op: str | None = Field(default=None, max_length=60, examples=["exposure"])
    index: Number | None = None
    output: str | None = Field(default=None, max_length=40)
    params: dict[str, Any] | None = None
    scope: dict[str, Any] | None = None
    by: int | None = Field(default=None, ge=-200, le=200)
    name: str | None = Field(default=None, max_length=40)
    new_name: str | None = Field(default=None, max_length=40)
    folder: str | None = Field(default=None, max_length=100)
    like: str | None = Field(default=None, max_length=40)


class EditsBody(Body):
    """Edits of a plan, all or none; ``revision`` is the one that was edited, and another current one refuses them."""

    edits: list[EditBody] = Field(
        min_length=1, max_length=50, examples=[[{"do": "add", "op": "exposure", "params": {"ev": 0.2}}]]
    )
    revision: Number | None = None


class RevisionBody(Body):
    """The revision that was seen as current; another one refuses the change."""

    revision: Number | None = None


class PicturesBody(RevisionBody):
    """The pictures that stay; null keeps the first ones, as many as the balance pays for."""

    image_ids: list[str] | None = Field(default=None, max_length=100)


class ProfileBody(RevisionBody):
    """A marketplace profile, laid over all outputs or made an output of its own."""

    profile: str = Field(max_length=60, examples=["amazon_main"])
    as_output: bool = False


class RecipeBody(RevisionBody):
    """A recipe by its name or id."""

    recipe: str = Field(max_length=80, examples=["Web shop"])


class DiffQuery(Body):
    """The later revision of the two; the current one when left out."""

    against: Number | None = None


class RevisionOut(View):
    """One state of a plan."""

    number: int
    origin: str = Field(examples=["hand"])
    plan: dict[str, Any]
    created_at: dt.datetime


class ValueChangeOut(View):
    """One value that changed."""

    label: str
    old: str
    new: str


class DifferenceOut(View):
    """One difference in plain words; ``output`` is null for the shared steps."""

    kind: str = Field(examples=["changed"])
    title: str
    sentence: str
    output: str | None
    values: list[ValueChangeOut]


class ComparisonOut(View):
    """What changed from one revision to another."""

    old: int
    new: int
    differences: list[DifferenceOut]
