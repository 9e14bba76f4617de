"""Examples made from schemas: every request and answer of the reference shows one."""

from typing import Any

Schema = dict[str, Any]
ID = "01k9zq4t7m3f8xw2vbne5rcdah"
MOMENT = "2026-11-21T10:15:00Z"
TEXTS = {
    "name": "Spring shoot", "instruction": "White background, 2000x2000 JPEG", "originalName": "mug-front.jpg",
    "format": "jpeg", "output": "main", "path": "mug-front.jpg", "sha256": "9f86d081" * 8, "actor": "i2i_3kd8s1xQ",
    "email": "ada@example.com", "prefix": "i2i_3kd8s1xQ", "secret": "i2i_3kd8s1xQ…", "phase": "completed",
    "summary": "12 pictures finished, 1 flagged.", "message": "12 pictures added.", "engine": "local",
    "priceVersion": "2026-11-21", "version": "2026-11-21", "operation": "studio_edit", "kind": "capture",
    "reason": "Order Spring shoot", "severity": "warning", "url": f"/api/orders/{ID}/images/{ID}/file?version=1",
    "status": "processing", "cursor": "MjAyNi0xMS0yMQ", "nextCursor": "MjAyNi0xMS0yMQ", "images": ID, "outputs": "main",
    "q": "spring", "title": "Example marketplace", "operator": "Example", "requirement": "The background is white.",
    "note": "", "briefName": "", "prompt": "", "model": "local", "source": "", "trust": "official", "code": "soft_edge",
    "which": "latest", "refType": "run_item", "key": "white", "origin": "planner", "plan": "",
}  # fmt: skip
NUMBERS = {
    "width": 2000, "height": 2000, "bytes": 482133, "size": 5785596, "totalBytes": 5785596, "imageCount": 12,
    "percent": 75, "progress": 75, "total": 12, "finished": 8, "completed": 8, "busy": 3, "images": 12, "held": 12,
    "quoted": 12, "available": 38, "posted": 50, "balance": 38, "credits": 38, "amount": -1, "balanceAfter": 38,
    "limit": 20, "planRevision": 1, "latestVersion": 1, "durationMs": 1840, "confidence": 0.97, "failed": 0,
    "failedItems": 0, "after": 0, "stage": 40, "baseVersion": 0,
}  # fmt: skip
PLAN = {"format": 1, "steps": [{"op": "background.remove"}, {"op": "background.set", "params": {"colour": "#FFFFFF"}}]}
OBJECTS: dict[str, dict[str, Any]] = {
    "plan": PLAN, "byStatus": {"completed": 3}, "credits": {"studio_edit": 1}, "details": {}, "data": {"image": ID},
    "answers": {"white": "pure"}, "parameters": {"type": "object"}, "measures": {}, "preset": {}, "step": {},
}  # fmt: skip


def example(schema: Schema, schemas: dict[str, Schema], *, name: str = "", depth: int = 0) -> Any:
    """Return a plausible value of a schema.

    Args:
        schemas: all schemas of the document, by name.
        name: of the field that holds it; names decide more than types.
    """
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas, name=name, depth=depth)
    given = schema.get("const", schema.get("default"))
    if given and not isinstance(given, dict | list):
        return given
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema or "oneOf" in schema:
        return _choice(schema, schemas, name=name, depth=depth)
    if "enum" in schema:
        return TEXTS[name] if TEXTS.get(name) in schema["enum"] else schema["enum"][0]
    return _of_type(schema, schemas, name=name, depth=depth)


def _choice(schema: Schema, schemas: dict[str, Schema], *, name: str, depth: int) -> Any:
    if name in {"failure", "approvedVersion", "deletedAt", "revokedAt", "cursor", "since", "until"}:
        return None
    return example((schema.get("anyOf") or schema["oneOf"])[0], schemas, name=name, depth=depth)


def _of_type(schema: Schema, schemas: dict[str, Schema], *, name: str, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        if "properties" not in schema:
            values = schema.get("additionalProperties")
            if isinstance(values, dict) and "$ref" in values and name not in OBJECTS:
                return {ID: example(values, schemas)}
            return OBJECTS.get(name, {})
        return {n: example(s, schemas, name=n, depth=depth + 1) for n, s in schema["properties"].items()}
    if kind == "array":
        singular = "imageId" if name == "imageIds" else name
        return [] if name in {"flags", "compliance", "refused", "aliases"} else [
            example(schema.get("items", {}), schemas, name=singular, depth=depth + 1)
        ]  # fmt: skip
    if kind in {"integer", "number"}:
        return NUMBERS.get(name, 1)
    if kind == "boolean":
        return name == "isAffordable"
    return _text(schema, name) if kind == "string" else {}


def _text(schema: Schema, name: str) -> str:
    if schema.get("format") == "date-time":
        return MOMENT
    if schema.get("format") == "date":
        return MOMENT[:10]
    if name == "id" or name.endswith(("Id", "_id")):
        return ID
    return TEXTS.get(name, "text")
