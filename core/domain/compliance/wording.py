"""Sentences about rules and measured values."""

from core.domain.compliance.measurements import Measurements
from core.domain.compliance.measures import MEASURES, Kind, Measure, Value
from core.domain.compliance.rules import Operator, Rule, Severity, Trust

TRUST_WORDS = {
    Trust.OPERATOR: "operator's own page",
    Trust.DEVELOPER: "operator's developer page",
    Trust.SECOND_HAND: "second-hand source",
    Trust.DISPUTED: "second-hand sources that disagree",
    Trust.UNVERIFIED: "unverified",
    Trust.HOUSE: "our own practice, no operator's rule",
}
DECIMALS = {"share": 1, "ratio": 3, "dpi": 1}
MOST_DECIMALS = 12
BACKGROUND = ("background_white_share", "background_plain_share")


def compared(rule: Rule, value: Value, measurements: Measurements) -> str:
    """Say what was measured and what the limit is, e.g. "Longest side 800 px; at least 1000 px is required"."""
    measure = MEASURES[rule.measure or ""]
    return (
        f"{_found(rule, measure, value)}{_worst_place(measure, measurements)}; {requirement(rule)} {provenance(rule)}"
    )


def unmeasured(rule: Rule) -> str:
    """Say that a measurable rule was not checked and what it asks for."""
    measure = MEASURES[rule.measure or ""]
    label = measure.label[0].lower() + measure.label[1:]
    return f"Not checked, {label} was not measured: {requirement(rule)} {provenance(rule)}"


def manual(rule: Rule) -> str:
    """Say what a person has to look at."""
    return f"Not checked, a person has to judge: {rule.statement} {provenance(rule)}"


def requirement(rule: Rule) -> str:
    """Say what a rule asks for, e.g. "at least 1000 px is required for zoom"."""
    if rule.operator is Operator.MANUAL:
        return rule.statement
    measure = MEASURES[rule.measure or ""]
    is_needed = rule.severity is Severity.HARD or bool(rule.purpose)
    needed = "is allowed" if rule.operator is Operator.MAX else "is required"
    verb = needed if is_needed else "is advised"
    return " ".join(part for part in (_limit(rule, measure), verb, rule.purpose) if part)


def provenance(rule: Rule) -> str:
    """Say how the rule became known and when it was read."""
    if rule.trust is Trust.HOUSE:
        return f"({TRUST_WORDS[rule.trust]})"
    return f"({TRUST_WORDS[rule.trust]}, read {rule.checked_on.isoformat()})"


def _found(rule: Rule, measure: Measure, value: Value) -> str:
    if measure.kind is Kind.FLAG:
        return f"Found {measure.words[bool(value)]}"
    if isinstance(value, str):
        return f"{measure.label} {value or 'none'}"
    return f"{measure.label} {_apart(measure, value, _numbers(rule))}"


def _limit(rule: Rule, measure: Measure) -> str:
    value = rule.value
    if isinstance(value, bool):
        return measure.words[value]
    if isinstance(value, str):
        return value
    if rule.operator is Operator.ONE_OF:
        options = [str(option) for option in value] if isinstance(value, tuple) else []
        return options[0] if len(options) == 1 else f"one of {', '.join(options)}"
    shown = [_show(measure, number, MOST_DECIMALS) for number in _numbers(rule)]
    slack = f" ± {_show(measure, rule.tolerance, MOST_DECIMALS)}" if rule.tolerance else ""
    words = {Operator.MIN: "at least {}", Operator.MAX: "at most {}", Operator.BETWEEN: "{} to {}"}
    return words.get(rule.operator, "exactly {}" if not slack else "{}").format(*shown) + slack


def _numbers(rule: Rule) -> tuple[float, ...]:
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    return tuple(value for value in values if isinstance(value, int | float))


def _apart(measure: Measure, value: float, limits: tuple[float, ...]) -> str:
    """Show a value with as many decimals as it takes not to look like a limit that it misses."""
    close = {_show(measure, limit, MOST_DECIMALS) for limit in limits if limit != value}
    text = ""
    for decimals in range(DECIMALS.get(measure.unit, 0), MOST_DECIMALS + 1):
        text = _show(measure, value, decimals)
        if text not in close:
            break
    return text


def _show(measure: Measure, value: float, decimals: int) -> str:
    if measure.unit == "share":
        return f"{_rounded(value * 100, decimals)} %"
    number = f"{value:,}" if measure.unit in ("bytes", "pixels") else _rounded(value, decimals)
    unit = "" if measure.unit == "ratio" else measure.unit
    return f"{number} {unit}".rstrip()


def _rounded(value: float, decimals: int) -> str:
    if isinstance(value, int):
        return str(value)
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _worst_place(measure: Measure, measurements: Measurements) -> str:
    colour, place = measurements.background_worst_colour, measurements.background_worst_at
    if measure.name not in BACKGROUND or colour is None or colour == (255, 255, 255):
        return ""
    where = "" if place is None else f" at x={place[0]}, y={place[1]}"
    return f" (worst colour {','.join(map(str, colour))}{where})"
