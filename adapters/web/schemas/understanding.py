"""Schemas of what an instruction is taken to mean."""

from typing import Any, Literal

from pydantic import Field

from adapters.web.responses import Body, View
from core.domain.editing.fates import FateKind


class UnderstandBody(Body):
    """Words to be read; with ``orderId`` they are about its pictures, else about ``names``."""

    instruction: str = Field(default="", max_length=20_000, examples=["White background, 2000x2000 JPEG"])
    brief: str | None = Field(default=None, max_length=200_000)
    order_id: str | None = None
    images: int | None = Field(default=None, description="Pictures to be priced, 0 to 100.")
    names: list[str] = Field(default=[], max_length=100)
    formats: list[str] = Field(default=[], max_length=100)


class WordsOut(View):
    """Words that caused something, and where they stand in the text that was sent."""

    source: Literal["instruction", "brief"]
    start: int
    end: int
    words: str
    page: int | None = Field(description="Page of the brief, where it has pages.")
    line: int | None = Field(description="Line on that page; null for words of the instruction.")
    place: str = Field(examples=["brief.pdf, page 2, line 7"], description="Page and line in words.")


class StepOut(View):
    """A step in plain words; ``index`` is its place among the steps of its group in the plan."""

    index: int
    op: str = Field(examples=["background.remove"])
    title: str
    sentence: str = Field(examples=["Cut out the product"])
    scope: str = Field(examples=["All pictures"])
    cause: WordsOut | None


class GroupOut(View):
    """Steps that all outputs share (``output`` is null), or those of one output."""

    output: str | None
    folder: str
    steps: list[StepOut]


class NoteOut(View):
    """Something that was assumed, kept or should be known."""

    about: str
    cause: WordsOut | None


class OptionOut(View):
    """A possible answer."""

    key: str
    label: str
    is_chosen: bool


class QuestionOut(View):
    """A question that the words leave; a blocking one must be answered before anything is spent."""

    key: str
    about: str
    is_blocking: bool
    is_open: bool
    options: list[OptionOut]
    cause: WordsOut | None


class LeftOutOut(View):
    """A wish that will not be carried out."""

    words: str
    reason: str
    scope: str
    is_refused: bool
    wish: str
    needs_provider: bool
    cause: WordsOut | None


class ReadingOut(View):
    """A plan in plain words."""

    groups: list[GroupOut]
    questions: list[QuestionOut]
    assumptions: list[NoteOut]
    warnings: list[NoteOut]
    kept: list[NoteOut]
    left_out: list[LeftOutOut]
    planner: str


class FateOut(WordsOut):
    """Words and what became of them; ``refs`` are places in the plan, the first of which gave the kind."""

    kind: FateKind
    refs: list[str] = Field(examples=[["steps/0", "outputs/1/steps/2"]])


class UnderstandingOut(View):
    """What some words are taken to mean, and what that costs; ``available`` is null for an unmetered account."""

    plan: dict[str, Any]
    reading: ReadingOut
    fates: list[FateOut] = Field(description="Every word of the texts, clause by clause, with what became of it.")
    images: int
    per_image: int
    total: int
    available: int | None
    is_affordable: bool
    price_version: str
