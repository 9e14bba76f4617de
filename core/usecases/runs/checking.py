"""Checking rendered files against the marketplace profiles that their plan names."""

import datetime as dt
from typing import Any

import attrs

from core.domain.compliance import ComplianceReport, Measurements, Verdict, check
from core.domain.editing.conditions import read_condition
from core.domain.editing.naming import EXTENSIONS
from core.domain.editing.resolve import ImagePlan
from core.domain.editing.sentences import condition_words
from core.ports.image_engine import Flag, Rendered, RenderResult, Severity
from core.ports.profiles import ProfileCatalogue


@attrs.frozen(kw_only=True)
class Checked:
    """Reports by output, JSON-ready, and the flags that follow from hard failures."""

    reports: dict[str, tuple[dict[str, Any], ...]]
    flags: tuple[Flag, ...]


def check_files(profiles: ProfileCatalogue, plan: ImagePlan, result: RenderResult, *, on: dt.date) -> Checked:
    """Hold every file against the profiles of its output."""
    reports: dict[str, tuple[dict[str, Any], ...]] = {}
    flags: list[Flag] = []
    files = {file.output: file for file in result.files}
    for output in plan.outputs:
        for step in (s for s in output.steps if s.op == "check"):
            severity = Severity.NOTE if step.params["on_fail"] == "note" else Severity.REVIEW
            if step.params["rule"]:
                # One that holds was left out when the plan was resolved for the picture.
                flags.append(_unfit(step.params, output.name, severity))
                continue
            report = _report(profiles, files[output.name], profile=step.params["profile"], on=on)
            reports[output.name] = (*reports.get(output.name, ()), _plain(report))
            if report.verdict is Verdict.NOT_COMPLIANT:
                flags.append(_flag(report, output.name, severity))
    return Checked(reports=reports, flags=tuple(flags))


def _report(profiles: ProfileCatalogue, file: Rendered, *, profile: str, on: dt.date) -> ComplianceReport:
    known = {k: v for k, v in file.measures.items() if k in {f.name for f in attrs.fields(Measurements)}}
    measured = {"extension": EXTENSIONS[file.format], **known}
    return check(profiles.get(profile), Measurements.from_mapping(measured), on=on)


def _flag(report: ComplianceReport, output: str, severity: Severity) -> Flag:
    reasons = " ".join(r.message for r in report.failures)
    return Flag(code="not_compliant", message=f"{report.title}: {reasons}", severity=severity, output=output)


def _unfit(params: dict[str, Any], output: str, severity: Severity) -> Flag:
    back = " Send it back to the customer." if params["on_fail"] == "return" else ""
    told = condition_words(read_condition(params["rule"]))
    message = f"The original does not fulfil the rule that its {told}.{back}"
    return Flag(code="unfit_original", message=message, severity=severity, output=output)


def _plain(report: ComplianceReport) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, dt.date):
            return value.isoformat()
        return list(value) if isinstance(value, tuple | frozenset) else value

    results = [{k: plain(v) for k, v in attrs.asdict(r, recurse=False).items()} for r in report.results]
    return {
        "profile": report.profile_id,
        "title": report.title,
        "version": report.version.isoformat(),
        "on": report.on.isoformat(),
        "verdict": report.verdict.value,
        "unverified": report.unverified,
        "not_checked": report.not_checked,
        "results": results,
    }
