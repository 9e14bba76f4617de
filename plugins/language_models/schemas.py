"""Measures JSON Schemas: providers enforce small ones only."""

from collections.abc import Iterator, Mapping
from typing import Any

BOUNDS = frozenset(
    {
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
    }
)


def schema_parts(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and all schemas inside it."""
    yield schema
    named = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    listed = [each for name in ("anyOf", "allOf", "oneOf") for each in schema.get(name, ())]
    items = schema.get("items")
    for each in (*named, *listed, *([items] if isinstance(items, Mapping) else [])):
        yield from schema_parts(each)


def has_bounds(schema: Mapping[str, Any]) -> bool:
    """Tell whether numbers, texts or lists anywhere in a schema are limited."""
    return any(BOUNDS & part.keys() for part in schema_parts(schema))


def count_unions(schema: Mapping[str, Any]) -> int:
    """Return at how many places there is a choice of types; null counts as one."""
    return sum(isinstance(part.get("type"), list) or "anyOf" in part for part in schema_parts(schema))


def count_names(schema: Mapping[str, Any]) -> int:
    """Return how many properties and listed values there are."""
    return sum(len(part.get("properties", ())) + len(part.get("enum", ())) for part in schema_parts(schema))
