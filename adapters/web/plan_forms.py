"""The form of one step: fields from the catalogue, and what a submitted form says."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import attrs
from werkzeug.datastructures import MultiDict

from core.domain.editing.operation import Operation
from core.domain.editing.parameters import Kind, Parameter
from core.domain.editing.phrases import plain_number
from core.domain.editing.scope import ALL, Scope
from core.domain.editing.sentences import choice_label, parameter_label, value_words
from core.errors import InvalidInputError

PREFIX = "p."
WIDEST_SLIDER = 1000.0
FEW = 4
PROFILES = ("srgb", "adobe-rgb", "display-p3")
SUGGESTED = {"icc": PROFILES, "aspect": ("1:1", "4:5", "3:4", "2:3", "16:9")}
PAIR = re.compile(r"(-?\d{1,4})(?:\s*(?:-|–|to|\.\.)\s*(-?\d{1,4}))?")


@attrs.frozen(kw_only=True)
class FieldView:
    """One control of the form.

    Args:
        control: number, choice, select, colour, text or flag.
        value: as text; empty when not set.
        placeholder: the default in words; empty when there is none.
        low, high, step: for numbers; ``has_slider`` where the span is small enough for one.
        options: pairs of value and label.
    """

    name: str
    label: str
    hint: str
    control: str
    value: str
    placeholder: str
    unit: str = ""
    low: str = ""
    high: str = ""
    step: str = ""
    has_slider: bool = False
    options: tuple[tuple[str, str], ...] = ()
    is_required: bool = False
    error: str = ""


def fields(
    operation: Operation, params: Mapping[str, Any], *, errors: Mapping[str, str] | None = None,
    choices: Mapping[str, tuple[tuple[str, str], ...]] | None = None,
) -> tuple[FieldView, ...]:  # fmt: skip
    """Return the controls of an operation with the values of a step.

    Args:
        params: values as the plan or a refused form has them.
        errors: parameter -> what is wrong with it.
        choices: parameter -> values to choose from, where the catalogue only says that it is a text.
    """
    return tuple(
        _field(p, params.get(p.name), error=(errors or {}).get(p.name, ""), options=(choices or {}).get(p.name))
        for p in operation.parameters
    )


def _field(
    parameter: Parameter, value: Any, *, error: str, options: tuple[tuple[str, str], ...] | None
) -> FieldView:  # fmt: skip
    control = {Kind.COLOUR: "colour", Kind.TEXT: "text", Kind.FLAG: "flag"}.get(parameter.kind, "number")
    if parameter.kind is Kind.CHOICE:
        control = "choice" if len(parameter.choices) <= FEW else "select"
        options = tuple((c, choice_label(c)) for c in parameter.choices)
    elif options is not None:
        control = "select"
    else:
        options = tuple((s, s) for s in SUGGESTED.get(parameter.name, ()))
    low, high = parameter.minimum, parameter.maximum
    is_narrow = low is not None and high is not None and high - low <= WIDEST_SLIDER
    shown = parameter.default if value is None and control in ("choice", "select", "colour", "flag") else value
    return FieldView(
        name=parameter.name, label=parameter_label(parameter), hint=parameter.doc, control=control,
        value=_text(shown), unit=parameter.unit, error=error, options=options, is_required=parameter.required,
        placeholder=f"{value_words(parameter, parameter.default)}" if parameter.default is not None else "",
        low=_bound(low), high=_bound(high), step=_step(parameter), has_slider=control == "number" and is_narrow,
    )  # fmt: skip


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _bound(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _step(parameter: Parameter) -> str:
    if parameter.kind is Kind.INTEGER:
        return "1"
    span = (parameter.maximum or 0) - (parameter.minimum or 0)
    return "0.05" if span <= 10 else "0.1" if span <= 50 else "0.5" if span <= WIDEST_SLIDER else "any"


def submitted(operation: Operation, form: MultiDict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the parameters of a form, None for those that are not set, and what is wrong, by parameter."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for parameter in operation.parameters:
        text = form.get(PREFIX + parameter.name, "").strip()
        try:
            values[parameter.name] = _value(parameter, text)
        except InvalidInputError as error:
            values[parameter.name] = text
            errors[parameter.name] = _said(parameter, error)
    return values, errors


def _value(parameter: Parameter, text: str) -> Any:
    if parameter.kind is Kind.FLAG:
        return True if text == "yes" else None
    if not text:
        return None
    if parameter.kind in (Kind.INTEGER, Kind.NUMBER):
        try:
            return parameter.clean(float(text.replace(",", ".")))
        except (ValueError, OverflowError):
            raise parameter.refuse(text, "a number is needed") from None
    value = parameter.clean(text)
    return None if value == parameter.default else value


def _said(parameter: Parameter, error: InvalidInputError) -> str:
    allowed = error.message.partition("; ")[2] or error.message
    bounds = (parameter.minimum, parameter.maximum)
    if parameter.kind in (Kind.INTEGER, Kind.NUMBER) and None not in bounds and "allowed is" in allowed:
        low, high = (plain_number(b) for b in bounds if b is not None)
        return f"Between {low} and {high} {parameter.unit}".rstrip() + "."
    return allowed[:1].upper() + allowed[1:]


@attrs.frozen(kw_only=True)
class ScopeView:
    """Which pictures a step is for, as the form shows it.

    Args:
        kind: all, files, names, positions, rest, or mixed for what the form cannot show in parts.
        files: chosen names; names and positions: as they are typed.
    """

    kind: str = "all"
    files: frozenset[str] = frozenset()
    names: str = ""
    positions: str = ""
    error: str = ""


def scope_view(scope: Scope, names: Iterable[str]) -> ScopeView:
    """Return how the form shows a scope.

    Args:
        names: file names of the order's pictures.
    """
    if scope.is_all:
        return ScopeView()
    given = [part for part in attrs.fields(Scope) if getattr(scope, part.name)]
    kinds = {"files": "files", "globs": "names", "indexes": "positions", "rest": "rest"}
    kind = kinds.get(given[0].name, "mixed") if len(given) == 1 else "mixed"
    wanted = {f.casefold() for f in scope.files}
    chosen = {n for n in names if n.casefold() in wanted or n.rpartition(".")[0].casefold() in wanted}
    positions = ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in scope.indexes)
    return ScopeView(kind=kind, files=frozenset(chosen), names=", ".join(scope.globs), positions=positions)


def submitted_scope(form: MultiDict[str, str]) -> Scope | None:
    """Return the pictures that a form names; None leaves them as they are.

    Raises:
        InvalidInputError: code ``invalid_scope``.
    """
    kind = form.get("scope", "all")
    if kind == "all":
        return ALL
    if kind == "rest":
        return Scope(rest=True)
    if kind == "files":
        return Scope(files=_some(tuple(form.getlist("files")), "Choose at least one picture."))
    if kind == "names":
        patterns = tuple(p.strip() for p in form.get("names", "").split(",") if p.strip())
        return Scope(globs=_some(patterns, "Write a pattern such as IMG_12*."))
    if kind == "positions":
        return Scope(indexes=_positions(form.get("positions", "")))
    return None


def _some(given: tuple[str, ...], otherwise: str) -> tuple[str, ...]:
    if not given:
        raise InvalidInputError(otherwise, code="invalid_scope")
    return given


def _positions(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for part in (p.strip() for p in text.split(",") if p.strip()):
        match = PAIR.fullmatch(part)
        if match is None or "0" in match.groups():
            raise InvalidInputError("Write positions such as 1 to 5, 12.", code="invalid_scope")
        found.append((int(match[1]), int(match[2] or match[1])))
    if not found:
        raise InvalidInputError("Write positions such as 1 to 5, 12.", code="invalid_scope")
    return tuple(found)
