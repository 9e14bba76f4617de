"""Holding the measurements of one finished picture against the rules of a profile."""

import datetime as dt
from typing import Any

from core.domain.compliance import wording
from core.domain.compliance.measurements import Measurements
from core.domain.compliance.measures import MEASURES, Value
from core.domain.compliance.profiles import MarketplaceProfile
from core.domain.compliance.report import ComplianceReport, RuleResult, Status
from core.domain.compliance.rules import Operator, Rule, Severity


def check(profile: MarketplaceProfile, measurements: Measurements, *, on: dt.date) -> ComplianceReport:
    """Check one finished picture against a profile as it stands on a day.

    Rules that a later value has replaced by that day are left out; announced ones are reported and decide nothing.
    """
    return ComplianceReport(
        profile_id=profile.id,
        title=profile.title,
        version=profile.version,
        on=on,
        results=tuple(_judge(rule, measurements, on) for rule in profile.rules if not rule.is_over(on)),
        unverified=profile.is_unverified,
    )


def meets(rule: Rule, value: Value) -> bool:
    """Whether a measured value keeps to the limit of a measurable rule; limits themselves are within."""
    limit: Any = rule.value
    slack = rule.tolerance
    if rule.operator is Operator.ONE_OF:
        return value in limit
    if isinstance(value, bool | str):
        return bool(value == limit)
    match rule.operator:
        case Operator.MIN:
            return bool(value >= limit)
        case Operator.MAX:
            return bool(value <= limit)
        case Operator.BETWEEN:
            return bool(limit[0] - slack <= value <= limit[1] + slack)
        case Operator.EQUALS:
            return bool(abs(value - limit) <= slack)
    return False


def _judge(rule: Rule, measurements: Measurements, on: dt.date) -> RuleResult:
    value = None if rule.operator is Operator.MANUAL else MEASURES[rule.measure or ""].read(measurements)
    status, message = _status(rule, value), _message(rule, value, measurements)
    if rule.is_future(on):
        message = f"Not in force before {rule.effective_from}{_outlook(status)}: {message}"
        status = Status.NOT_YET_EFFECTIVE
    return RuleResult(
        rule_id=rule.id,
        status=status,
        measured=value,
        limit=rule.value,
        unit=rule.unit,
        severity=rule.severity,
        message=message,
        source=rule.source,
        trust=rule.trust,
    )


def _status(rule: Rule, value: Value | None) -> Status:
    if value is None:
        return Status.NOT_CHECKED
    if meets(rule, value):
        return Status.PASS
    return Status.FAIL if rule.severity is Severity.HARD else Status.ADVICE


def _message(rule: Rule, value: Value | None, measurements: Measurements) -> str:
    if rule.operator is Operator.MANUAL:
        return wording.manual(rule)
    return wording.unmeasured(rule) if value is None else wording.compared(rule, value, measurements)


def _outlook(status: Status) -> str:
    if status is Status.NOT_CHECKED:
        return ""
    return ", this picture would meet it" if status is Status.PASS else ", this picture would not meet it"
