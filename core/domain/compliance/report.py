"""The outcome of a check: one result per rule and a verdict that never claims more than was measured."""

import datetime as dt
import enum

import attrs

from core.domain.compliance.measures import Value
from core.domain.compliance.rules import Limit, Severity, Trust


class Status(enum.StrEnum):
    """Outcome of one rule; ``advice`` is a recommendation that the picture does not follow."""

    PASS = "pass"  # noqa: S105 - the outcome of a rule, not a password
    FAIL = "fail"
    ADVICE = "advice"
    NOT_CHECKED = "not_checked"
    NOT_YET_EFFECTIVE = "not_yet_effective"


class Verdict(enum.StrEnum):
    """Outcome of a profile."""

    COMPLIANT = "compliant"
    NOT_COMPLIANT = "not_compliant"
    UNKNOWN = "unknown"


VERDICT_WORDS = {
    Verdict.COMPLIANT: "No hard failure",
    Verdict.NOT_COMPLIANT: "Not compliant",
    Verdict.UNKNOWN: "Not known to be compliant",
}


@attrs.frozen(kw_only=True)
class RuleResult:
    """What one rule says about one picture.

    Args:
        measured: the value held against the limit; None when it was not measured.
        limit: the value of the rule; None for a rule that only a person can judge.
        message: a sentence with the measured value and the limit.
    """

    rule_id: str
    status: Status
    measured: Value | None
    limit: Limit | None
    unit: str
    severity: Severity
    message: str
    source: str
    trust: Trust


@attrs.frozen(kw_only=True)
class ComplianceReport:
    """What a profile says about one picture on one day.

    Args:
        version: edition of the profile; on: the day for which the rules were applied.
        unverified: the profile contains values that are unverified or on which the sources disagree.
    """

    profile_id: str
    title: str
    version: dt.date
    on: dt.date
    results: tuple[RuleResult, ...]
    unverified: bool

    @property
    def verdict(self) -> Verdict:
        """Compliant takes every measurable hard rule measured and met, at least one of them, and none failed.

        Rules that only a person can judge do not hinder it; ``not_checked`` counts them.
        """
        hard = [result for result in self.results if result.severity is Severity.HARD]
        if any(result.status is Status.FAIL for result in hard):
            return Verdict.NOT_COMPLIANT
        unmeasured = any(result.status is Status.NOT_CHECKED and result.limit is not None for result in hard)
        if unmeasured or not any(result.status is Status.PASS for result in hard):
            return Verdict.UNKNOWN
        return Verdict.COMPLIANT

    @property
    def not_checked(self) -> int:
        """How many rules nothing is known about."""
        return self.count(Status.NOT_CHECKED)

    @property
    def failures(self) -> tuple[RuleResult, ...]:
        """The hard rules that the picture breaks."""
        return tuple(result for result in self.results if result.status is Status.FAIL)

    def count(self, status: Status) -> int:
        """How many rules ended with a status."""
        return sum(result.status is status for result in self.results)

    @property
    def summary(self) -> str:
        """The verdict in words with the number of rules behind it."""
        counts = (
            f"{self.count(Status.PASS)} passed",
            f"{self.count(Status.FAIL)} failed",
            f"{self.count(Status.ADVICE)} advised otherwise",
            f"{self.not_checked} not checked",
        )
        later = self.count(Status.NOT_YET_EFFECTIVE)
        parts = (*counts, f"{later} not yet in force") if later else counts
        caution = " The profile contains unverified values." if self.unverified else ""
        return f"{VERDICT_WORDS[self.verdict]} for {self.title} (rules of {self.version}): {', '.join(parts)}.{caution}"
