"""Schemas of pictures."""

import datetime as dt
from typing import Any, Self

from pydantic import Field, ModelWrapValidatorHandler, model_validator

from adapters.web.addresses import thumbnail_url
from adapters.web.responses import Body, Number, View
from core.domain.images import ImageStatus, OrderImage


class FailureOut(View):
    """Why a picture could not be made."""

    code: str
    message: str


class ImageOut(View):
    """A picture of an order."""

    id: str
    position: int
    original_name: str
    status: ImageStatus
    format: str
    bytes: int
    width: int
    height: int
    sha256: str
    latest_version: int = Field(description="0 while there is only the original.")
    approved_version: int | None
    failure: FailureOut | None
    note: str
    tags: list[str] = Field(description="What it shows, as people or a language model said.")
    thumbnail_url: str = Field(default="", description="320 px; 1024, 2048 and 8192 are offered too.")

    @model_validator(mode="wrap")
    @classmethod
    def add_addresses(cls, image: Any, build: ModelWrapValidatorHandler[Self]) -> Self:
        """Add where the picture is shown."""
        view = build(image)
        if isinstance(image, OrderImage):
            view.thumbnail_url = thumbnail_url(image)
        return view


class FlagOut(View):
    """A reason to look at a picture."""

    code: str
    message: str
    severity: str
    measured: float | None
    limit: float | None
    output: str


class FileOut(View):
    """A finished file."""

    output: str
    format: str
    width: int
    height: int
    bytes: int
    sha256: str
    measures: dict[str, Any]
    compliance: list[dict[str, Any]]


class VersionOut(View):
    """An immutable result."""

    number: int
    base_version: int
    plan_revision: int
    files: list[FileOut]
    flags: list[FlagOut]
    confidence: float | None
    engine: str
    duration_ms: int
    credits: int
    created_at: dt.datetime


class ImageIds(Body):
    """Some pictures of the order."""

    image_ids: list[str] = Field(max_length=100, description="Ids of pictures.")


class Tags(Body):
    """What a picture shows, in words of the list of tags; it replaces what was said before."""

    tags: list[str] = Field(max_length=40, examples=[["shoe", "facing_left"]])


class Tagging(ImageIds):
    """What several pictures show: tags to add, tags to remove."""

    add: list[str] = Field(default=[], max_length=40, examples=[["shoe"]])
    remove: list[str] = Field(default=[], max_length=40, examples=[["bag"]])


class Approval(ImageIds):
    """Pictures to approve, in their newest or in the named version."""

    version: Number | None = None


class OneApproval(Body):
    """The version to approve; the newest when left out."""

    version: Number | None = None


class Flagging(ImageIds):
    """Pictures to retouch, and what is wrong with them."""

    note: str = Field(default="", examples=["The shadow is too hard"])


class OneFlagging(Body):
    """What is wrong with the picture."""

    note: str = Field(default="", examples=["The shadow is too hard"])


class RefusalOut(View):
    """A file that was not taken, and why."""

    name: str
    code: str = Field(examples=["unsupported_type"])
    message: str
    details: dict[str, Any]


class AddedOut(View):
    """What became of uploaded files."""

    images: list[ImageOut]
    refused: list[RefusalOut]
