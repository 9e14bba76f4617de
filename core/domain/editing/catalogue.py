"""The operation catalogue: every kind of step that a plan may hold, declared once."""

from typing import Any

from core.domain.editing.operation import Operation
from core.domain.editing.operations import adjustments, background, delivery, geometry, overlays
from core.errors import InvalidInputError

OPERATIONS: dict[str, Operation] = {
    operation.key: operation
    for module in (geometry, adjustments, background, overlays, delivery)
    for operation in module.OPERATIONS
}


def find_operation(key: str) -> Operation:
    """Look up an operation by its key.

    Raises:
        InvalidInputError: code ``unknown_operation``.
    """
    try:
        return OPERATIONS[key]
    except KeyError:
        raise InvalidInputError(
            f"There is no operation {key!r}; see the list of operations.",
            code="unknown_operation",
            details={"operation": key},
        ) from None


def json_schema() -> dict[str, Any]:
    """Describe one step as JSON Schema: a choice between all operations."""
    return {
        "oneOf": [
            {
                "type": "object",
                "properties": {"op": {"const": operation.key}, "params": operation.json_schema()},
                "required": ["op", "params"],
                "description": operation.summary,
            }
            for operation in OPERATIONS.values()
        ]
    }
