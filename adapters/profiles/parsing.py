"""From the text of a TOML file to a marketplace profile; the bundled files are its examples."""

import datetime as dt
import tomllib
from collections.abc import Callable
from typing import Any, TypeVar

from adapters.profiles.fields import Table
from core.domain.compliance import PRESET_KEYS, MarketplaceProfile, Operator, Preset, Rule, Severity, Trust
from core.errors import InvalidInputError
from core.ports.profiles import ProfileFileError

Built = TypeVar("Built")
SHARED_KEYS = ("id", "severity", "source", "trust", "note", "checked_on", "effective_from", "effective_until")
RULE_KEYS = (*SHARED_KEYS, "measure", "operator", "value", "unit", "tolerance", "purpose")
MANUAL_KEYS = (*SHARED_KEYS, "statement")
PROFILE_KEYS = (
    "id",
    "title",
    "operator",
    "version",
    "checked_on",
    "effective_from",
    "aliases",
    "note",
    "preset",
    "rules",
    "not_checkable",
)


def parse_profile(text: str, *, file: str, house: tuple[Rule, ...] = ()) -> MarketplaceProfile:
    """Read one profile.

    Args:
        file: name of the file for messages; its stem has to be the id of the profile.
        house: rules of our own practice to add, except those whose id the profile has itself.

    Raises:
        ProfileFileError: the text is not TOML, or a field is missing, unknown or cannot be used.
    """
    top = read_table(text, file=file)
    top.allow(*PROFILE_KEYS)
    rules = read_rules(top)
    own = {rule.id for rule in rules}
    profile_id = top.text("id")
    if f"{profile_id}.toml" != file:
        top.refuse("id", f"is {profile_id!r}, but the file is not named {profile_id}.toml")
    return _build(
        top,
        MarketplaceProfile,
        id=profile_id,
        title=top.text("title"),
        operator=top.text("operator"),
        version=top.date("version"),
        checked_on=top.date("checked_on"),
        effective_from=top.date("effective_from", None),
        aliases=top.texts("aliases"),
        note=top.text("note", ""),
        preset=_preset(top.table("preset")),
        rules=(*rules, *(rule for rule in house if rule.id not in own)) if rules else (),
    )


def read_table(text: str, *, file: str) -> Table:
    """Parse TOML; the error names the line."""
    try:
        return Table(file, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ProfileFileError(f"is not valid TOML: {error}", file=file) from error


def read_rules(top: Table) -> tuple[Rule, ...]:
    """Read the measurable rules and then those that only a person can judge."""
    checked_on, since = top.date("checked_on"), top.date("effective_from", None)
    measurable = [_rule(table, checked_on, since) for table in top.tables("rules")]
    return (*measurable, *(_manual(table, checked_on, since) for table in top.tables("not_checkable")))


def _rule(table: Table, checked_on: dt.date, since: dt.date | None) -> Rule:
    table.allow(*RULE_KEYS)
    operators = tuple(operator for operator in Operator if operator is not Operator.MANUAL)
    operator = table.choice("operator", Operator)
    if operator not in operators:
        table.refuse("operator", f"is {operator.value!r}; expected one of {', '.join(operators)}")
    return _build(
        table,
        Rule,
        **_shared(table, checked_on, since),
        operator=operator,
        measure=table.text("measure"),
        value=table.value("value"),
        unit=table.text("unit", ""),
        tolerance=table.number("tolerance", 0.0),
        purpose=table.text("purpose", ""),
    )


def _manual(table: Table, checked_on: dt.date, since: dt.date | None) -> Rule:
    table.allow(*MANUAL_KEYS)
    shared = _shared(table, checked_on, since)
    return _build(table, Rule, **shared, operator=Operator.MANUAL, statement=table.text("statement"))


def _shared(table: Table, checked_on: dt.date, since: dt.date | None) -> dict[str, Any]:
    return {
        "id": table.text("id"),
        "severity": table.choice("severity", Severity),
        "source": table.text("source"),
        "trust": table.choice("trust", Trust),
        "note": table.text("note", ""),
        "checked_on": table.date("checked_on", checked_on),
        "effective_from": table.date("effective_from", since),
        "effective_until": table.date("effective_until", None),
    }


def _preset(table: Table) -> Preset:
    table.allow(*PRESET_KEYS)
    values = {key: table.value(key) for key in table.values}
    for key in ("aspect", "background", "icc", "shadow"):
        if key in values:
            values[key] = table.text(key)
    if "formats" in values:
        values["formats"] = table.texts("formats")
    return _build(table, Preset, **values)


def _build(table: Table, kind: Callable[..., Built], **values: Any) -> Built:
    """Let the domain judge the values, and tell where in the file its complaint belongs."""
    try:
        return kind(**values)
    except InvalidInputError as error:
        raise ProfileFileError(
            error.message, file=table.file, field=f"{table.path}.{error.details['field']}".lstrip(".")
        ) from error
