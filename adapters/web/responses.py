"""The shape of every answer: ``success``, ``data``, and the fields that older clients expect at the top level."""

import datetime as dt
import math
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

T = TypeVar("T")
MAX_DEPTH = 50
MAX_NUMBER = 2**53


class View(BaseModel):
    """A schema that is filled from the attributes of a frozen view."""

    model_config = ConfigDict(from_attributes=True, alias_generator=to_camel, populate_by_name=True)


class Envelope(View, Generic[T]):
    """An answer with its data."""

    success: Literal[True] = True
    data: T


class Done(View):
    """An answer without data."""

    success: Literal[True] = True


class Problem(View):
    """A refusal: a sentence for people, a stable code for programs."""

    success: Literal[False]
    error: str
    code: str
    details: dict[str, Any]
    request_id: str


def storable(value: Any, depth: int = 0) -> None:
    """Refuse what no database keeps: NUL, half characters, NaN, huge numbers, and endless nesting.

    Raises:
        ValueError: in the words that the client sees.
    """
    if depth > MAX_DEPTH:
        raise ValueError("it is nested too deeply")
    if isinstance(value, str) and ("\0" in value or any("\ud800" <= c <= "\udfff" for c in value)):
        raise ValueError("a text holds characters that are none")
    if isinstance(value, float | int) and not (math.isfinite(value) and abs(value) <= MAX_NUMBER):
        raise ValueError("a number is out of range")
    parts = (*value.keys(), *value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        storable(part, depth + 1)


class Body(BaseModel):
    """Input of a request; unknown fields are refused rather than ignored."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def check_storable(cls, value: Any) -> Any:
        """Refuse what no database keeps, wherever it stands."""
        storable(value)
        return value


def _in_utc(moment: dt.datetime) -> dt.datetime:
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("the time is out of range") from None


Moment = Annotated[dt.datetime, AfterValidator(_in_utc)]
"""A point in time; without a zone it is taken as UTC."""

Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""A number of a version, a revision or an event."""
