"""Facts about a provider and its models, read from the TOML file beside a plugin."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from core.domain.language_models import ModelCard, StructuredOutput, TokenPrice


@attrs.frozen(kw_only=True)
class ProviderFacts:
    """What is known of one provider.

    Args:
        key: of the plugin.
        label: what people call it.
        base_url: its own address; empty when it has none.
        cards: its models, the default first.
        efforts: how hard each model is asked to think, by id; models that are not asked are left out.
        checked_on: when somebody last looked.
    """

    key: str
    label: str
    base_url: str
    cards: tuple[ModelCard, ...]
    efforts: Mapping[str, str]
    checked_on: dt.date


def read_facts(key: str, path: Path, *, today: dt.date | None = None) -> ProviderFacts:
    """Read the facts about a provider.

    Args:
        today: prices of other times are left out.

    Raises:
        ValueError, TypeError: the file has an entry that is not understood.
    """
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    day = today or dt.datetime.now(dt.UTC).date()
    common = {"provider": key, "checked_on": data["checked_on"], **data.get("defaults", {})}
    models = [{**common, **each} for each in data["models"]]
    return ProviderFacts(
        key=key,
        label=data["label"],
        base_url=data["base_url"],
        cards=tuple(_card(each, day) for each in models),
        efforts={each["model"]: each["effort"] for each in models if "effort" in each},
        checked_on=data["checked_on"],
    )


def _card(entry: Mapping[str, Any], day: dt.date) -> ModelCard:
    entry = {name: value for name, value in entry.items() if name != "effort"}
    prices = tuple(_price(each) for each in entry.pop("prices", ()) if _holds(each, day))
    structured = StructuredOutput(entry.pop("structured_output", StructuredOutput.NATIVE))
    return ModelCard(**entry, prices=prices, structured_output=structured)


def _holds(entry: Mapping[str, Any], day: dt.date) -> bool:
    first: dt.date = entry.get("since", dt.date.min)
    last: dt.date = entry.get("until", dt.date.max)
    return first <= day <= last


def _price(entry: Mapping[str, Any]) -> TokenPrice:
    """Return a price; where that of cached input is not known it counts as fresh, so that no cost looks too low."""
    amounts = {name: value for name, value in entry.items() if name not in {"since", "until"}}
    return TokenPrice(**{"cached_input": amounts["input"], **amounts})
