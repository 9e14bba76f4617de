"""Plans in plain words: steps, scopes, parameters and what was left out, for people who never saw the catalogue."""

from typing import Any

from core.domain.editing.catalogue import find_operation
from core.domain.editing.conditions import Condition
from core.domain.editing.parameters import Kind, Parameter
from core.domain.editing.phrases import FORMAT_NAMES, PHRASES, plain_number
from core.domain.editing.plan import Step
from core.domain.editing.scope import Scope
from core.domain.editing.tags import ATTRIBUTES

LABELS = {
    "ev": "Stops", "dpi": "Resolution", "bleed_mm": "Bleed", "icc": "Colour profile", "x": "From the left",
    "y": "From the top", "offset_x": "Shift right", "offset_y": "Shift down", "align_x": "Position across",
    "align_y": "Position upright", "fill_axis": "Fill counts on", "on_fail": "When a rule fails",
    "max_bytes": "Largest file", "min_long_edge": "Smallest longer side", "long_edge": "Longer side",
    "sku_pattern": "Shape of the original name", "asset": "Logo", "auto": "Measure by itself", "enlarge":
    "Enlarge small originals", "table": "Table of names", "rule": "Rule for the original",
    "bit_depth": "Bits per channel", "colour_space": "Colour model", "case": "Letter case",
}  # fmt: skip
CHOICES = {
    **FORMAT_NAMES, "ev": "By stops", "auto": "By measurement", "none": "None", "center": "Middle", "rgb": "RGB",
    "cmyk": "CMYK", "grey": "Grey scale", "lzw": "LZW", "zip": "ZIP", "px": "px", "mm": "mm", "cm": "cm", "in": "in",
    "%": "%", "horizontal": "Left to right", "vertical": "Top to bottom", "fit": "Fit inside",
    "fill": "Fill and cut", "exact": "Stretch", "subject": "The product", "angle": "By an angle",
    "point": "By a point", "90": "90° clockwise", "180": "180°", "270": "90° anticlockwise", "8": "8", "16": "16",
}  # fmt: skip


def step_sentence(step: Step) -> str:
    """Say what a valid step does, with its units; an operation without words of its own lists its parameters.

    Raises:
        InvalidInputError: code ``unknown_operation``.
    """
    operation = find_operation(step.op)
    phrase = PHRASES.get(step.op)
    if phrase is not None:
        return phrase(operation.filled(step.params))
    values = [parameter_words(operation.parameter(name), value) for name, value in step.params.items()]
    return f"{operation.title}: {', '.join(values)}" if values else operation.title


def parameter_label(parameter: Parameter) -> str:
    """Return the name of a parameter in plain words."""
    return LABELS.get(parameter.name, parameter.name.replace("_", " ").capitalize())


def choice_label(value: str) -> str:
    """Return one value of a choice in plain words."""
    known = CHOICES.get(value, value.replace("-", " "))
    return known if known in ("px", "mm", "cm", "in") else known[:1].upper() + known[1:]


def value_words(parameter: Parameter, value: Any) -> str:
    """Write a value with its unit."""
    if value is None:
        return "not set"
    if parameter.kind is Kind.FLAG:
        return "yes" if value else "no"
    if parameter.kind is Kind.CHOICE:
        return choice_label(value)
    if parameter.kind in (Kind.INTEGER, Kind.NUMBER):
        return f"{plain_number(value)} {parameter.unit}".rstrip()
    return str(value)


def parameter_words(parameter: Parameter, value: Any) -> str:
    """Write a parameter with its value, such as ``margin top 20 px``."""
    return f"{parameter_label(parameter).lower()} {value_words(parameter, value)}"


def scope_words(scope: Scope) -> str:
    """Say which pictures a scope is for."""
    if scope.is_all:
        return "All pictures"
    parts = [_listed(scope.files), *(f"{first} to {last}" for first, last in scope.ranges)]
    parts += [f"names like {pattern}" for pattern in scope.globs]
    parts += [_positions(first, last) for first, last in scope.indexes]
    parts += ["all other pictures"] if scope.rest else []
    text = " ".join(p for p in (", ".join(p for p in parts if p), *_narrowing(scope)) if p)
    # A file keeps the letter case of its name.
    return text if scope.files or scope.ranges else text[:1].upper() + text[1:]


def _narrowing(scope: Scope) -> list[str]:
    """Say what narrows a selection of names, or makes one of its own: content, role, product, measures, exceptions."""
    is_picked = bool(scope.files or scope.ranges or scope.globs or scope.indexes)
    nouns = [t for t in scope.tags if t not in ATTRIBUTES]
    traits = [t for t in scope.tags if t in ATTRIBUTES]
    shown = " or ".join(map(_plain, nouns)) + (f" ({', '.join(map(_plain, traits))})" if traits else "")
    said = [f"pictures that show {shown.strip()}" if shown else ""]
    said += [f"{' and '.join(map(_plain, scope.roles))} pictures" if scope.roles else ""]
    said += [f"of {_listed(scope.groups)}" if scope.groups else ""]
    said += [f"{_positions(first, last)} of each product" for first, last in scope.group_indexes]
    said += [f"where {' and '.join(map(condition_words, scope.conditions))}" if scope.conditions else ""]
    left_out = [_listed(scope.not_globs)] if scope.not_globs else []
    left_out += [f"those that show {' or '.join(map(_plain, scope.not_tags))}"] if scope.not_tags else []
    parts = [p for p in said if p]
    if left_out:
        parts.append(f"{'' if is_picked or parts else 'all '}but {' and '.join(left_out)}")
    return parts


def condition_words(condition: Condition) -> str:
    """Say what a condition compares."""
    unit = " px" if condition.property in ("width", "height", "long_edge", "short_edge") else ""
    sign = {"<": "under", "<=": "at most", ">": "over", ">=": "at least", "==": "", "!=": "not"}[condition.operator]
    return f"{_plain(condition.property)} is {sign} {condition.value}{unit}".replace("  ", " ")


def _plain(word: str) -> str:
    return word.replace("_", " ")


def _listed(names: tuple[str, ...]) -> str:
    if len(names) <= 3:
        return ", ".join(names)
    return f"{', '.join(names[:2])} and {len(names) - 2} more"


def _positions(first: int, last: int) -> str:
    if first == last:
        return _position(first)
    if first > 0 and last > 0:
        return f"pictures {first} to {last}"
    if first < 0 and last == -1:
        return f"the last {-first} pictures"
    return f"{_position(first)} to {_position(last)}"


def _position(number: int) -> str:
    if number < 0:
        return "the last picture" if number == -1 else f"picture {-number} from the end"
    return f"picture {number}"
