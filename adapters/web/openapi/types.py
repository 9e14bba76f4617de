"""Schemas in words."""

from typing import Any

import attrs

Schema = dict[str, Any]


@attrs.frozen(kw_only=True)
class Field:
    """One field of a form, a body or an address."""

    name: str
    type: str
    is_required: bool
    about: str
    place: str = "body"


def fields_of(schema: Schema, schemas: dict[str, Schema]) -> tuple[Field, ...]:
    """Return the fields of an object."""
    resolved = _resolve(schema, schemas)
    required = resolved.get("required", ())
    return tuple(
        Field(
            name=name, type=type_text(part, schemas), is_required=name in required,
            about=part.get("description") or _resolve(part, schemas).get("description", ""),
        )
        for name, part in resolved.get("properties", {}).items()
    )  # fmt: skip


def type_text(schema: Schema, schemas: dict[str, Schema]) -> str:
    """Say what a value has to be, in a few words."""
    resolved = _resolve(schema, schemas)
    if "anyOf" in resolved:
        return " or ".join(type_text(part, schemas) for part in resolved["anyOf"] if part.get("type") != "null")
    if "enum" in resolved:
        return " · ".join(map(str, resolved["enum"]))
    if "const" in resolved:
        return str(resolved["const"]).lower()
    kind = str(resolved.get("type", "any"))
    if kind == "array":
        inner = type_text(resolved.get("items", {}), schemas)
        return {"file": "one or more files", "string": "list of strings"}.get(inner, f"list of {inner}")
    if kind == "object" and "properties" in resolved and "$ref" in schema:
        return "{ " + ", ".join(resolved["properties"]) + " }"
    if resolved.get("format") in {"date-time", "binary"}:
        return {"date-time": "time", "binary": "file"}[resolved["format"]]
    return kind + _bounds(resolved)


def _bounds(schema: Schema) -> str:
    if "maxLength" in schema:
        return f", up to {schema['maxLength']} characters"
    if schema.get("minimum") == 0:
        return ", 0 or more"
    return f", {schema['default']} unless given" if schema.get("default") not in {None, "", False} else ""


def _resolve(schema: Schema, schemas: dict[str, Schema]) -> Schema:
    return schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
