"""The plan as a JSON-ready document: stored, sent, saved as a recipe, and read back with every check."""

import enum
import functools
import types
import typing
from typing import Any

import attrs

from core.domain.editing.plan import EditPlan, check_plan
from core.domain.editing.scope import Scope
from core.errors import InvalidInputError

FORMAT = 1


def to_document(plan: EditPlan) -> dict[str, Any]:
    """Write a plan as plain lists and dictionaries; empty and default parts are left out."""
    return {"format": FORMAT, **_write(plan)}


def from_document(document: Any) -> EditPlan:
    """Read a plan and check every part of it.

    Raises:
        InvalidInputError: code ``invalid_plan`` naming the place, or the refusal of a step.
    """
    if not isinstance(document, dict) or document.get("format", FORMAT) != FORMAT:
        raise _bad("plan", f"an object of format {FORMAT} is needed")
    body = {k: v for k, v in document.items() if k != "format"}
    return check_plan(_read(EditPlan, body, "plan"))


def scope_from_document(document: Any) -> Scope:
    """Read which pictures are meant; an empty object means all.

    Raises:
        InvalidInputError: code ``invalid_plan`` or ``invalid_scope``.
    """
    read: Scope = _read(Scope, document, "scope")
    return read


def _write(value: Any) -> Any:
    if isinstance(value, Scope) and value.is_all:
        return {}
    if attrs.has(type(value)):
        fields = ((f.name, f.default, getattr(value, f.name)) for f in attrs.fields(type(value)))
        return {name: _write(v) for name, default, v in fields if v != default and v not in ({}, (), "")}
    if isinstance(value, tuple):
        return [_write(v) for v in value]
    return value.value if isinstance(value, enum.Enum) else value


def _read(kind: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return (
            None
            if value is None
            else _read(next(k for k in typing.get_args(kind) if k is not type(None)), value, where)
        )
    if origin is tuple:
        return _read_tuple(typing.get_args(kind), value, where)
    if origin is dict:
        return _read_dict(value, where)
    if attrs.has(kind):
        return _read_object(kind, value, where)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _read_enum(kind, value, where)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _bad(where, f"{kind.__name__} is needed")
    if kind is str and len(value) > 10_000:
        raise _bad(where, "the text is too long")
    return value


def _read_tuple(inner: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) > 1000:
        raise _bad(where, "a list of at most 1000 entries is needed")
    if inner[-1] is Ellipsis:
        return tuple(_read(inner[0], v, f"{where}[{i}]") for i, v in enumerate(value))
    if len(value) != len(inner):
        raise _bad(where, f"{len(inner)} entries are needed")
    return tuple(_read(k, v, f"{where}[{i}]") for i, (k, v) in enumerate(zip(inner, value, strict=True)))


def _read_dict(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or any(not isinstance(k, str) for k in value) or len(value) > 50:
        raise _bad(where, "an object with at most 50 keys is needed")
    return dict(value)


def _read_enum(kind: type[enum.Enum], value: Any, where: str) -> enum.Enum:
    try:
        return kind(value)
    except ValueError:
        raise _bad(where, f"one of {', '.join(str(k.value) for k in kind)} is needed") from None


def _read_object(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise _bad(where, "an object is needed")
    hints = _hints(kind)
    unknown = sorted(set(value) - set(hints))
    if unknown:
        raise _bad(f"{where}.{unknown[0]}", "there is no such field")
    missing = [f.name for f in attrs.fields(kind) if f.default is attrs.NOTHING and f.name not in value]
    if missing:
        raise _bad(f"{where}.{missing[0]}", "it is missing")
    return kind(**{name: _read(hints[name], v, f"{where}.{name}") for name, v in value.items()})


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _bad(where: str, what: str) -> InvalidInputError:
    return InvalidInputError(f"{where}: {what}.", code="invalid_plan", details={"where": where})
