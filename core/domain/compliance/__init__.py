"""Whether a finished picture keeps to the dated rules of a marketplace, and what nobody checked."""

from core.domain.compliance.checking import check, meets
from core.domain.compliance.measurements import FIELDS, Measurements
from core.domain.compliance.measures import MEASURES, Kind, Measure, Value
from core.domain.compliance.profiles import PRESET_KEYS, MarketplaceProfile, Preset
from core.domain.compliance.report import ComplianceReport, RuleResult, Status, Verdict
from core.domain.compliance.rules import Limit, Operator, Rule, Severity, Trust
from core.domain.compliance.wording import requirement

__all__ = [
    "FIELDS",
    "MEASURES",
    "PRESET_KEYS",
    "ComplianceReport",
    "Kind",
    "Limit",
    "MarketplaceProfile",
    "Measure",
    "Measurements",
    "Operator",
    "Preset",
    "Rule",
    "RuleResult",
    "Severity",
    "Status",
    "Trust",
    "Value",
    "Verdict",
    "check",
    "meets",
    "requirement",
]
