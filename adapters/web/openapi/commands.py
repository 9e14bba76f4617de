"""A command line for every endpoint."""

import json
import shlex
from typing import Any

from adapters.web.openapi.examples import ID
from adapters.web.realtime.frames import MEDIA_TYPE as EVENT_STREAM

SAMPLES = {"images": ("mug.jpg", "box.jpg"), "brief": ("brief.md",), "file": ("logo.png",)}
PATHS = {"name": "Web%20shop", "profile": "amazon-main"}


def curl(operation: dict[str, Any], *, method: str, address: str) -> str:
    """Return a call of an endpoint, ready to be pasted into a shell that knows ``I2I_KEY``."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            address = address.replace("{" + parameter["name"] + "}", PATHS.get(parameter["name"], ID))
    start = "curl" if method == "GET" else f"curl -X {method}"
    parts = [f'{start} -H "Authorization: Bearer $I2I_KEY"' if "security" in operation else start]
    if operation.get("x-idempotent"):
        parts.append("-H 'Idempotency-Key: import-0001'")
    parts += _body(operation)
    if operation.get("x-media"):
        parts.append("-N" if operation["x-media"] == EVENT_STREAM else "-OJ")
    lines = [*parts, shlex.quote(address)]
    return " \\\n  ".join(lines) if len(lines) > 2 or "security" in operation else " ".join(lines)


def _body(operation: dict[str, Any]) -> list[str]:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        text = json.dumps(content["application/json"]["example"], ensure_ascii=False)
        return ["-H 'Content-Type: application/json'", f"-d {shlex.quote(text)}"]
    field = operation.get("x-files", "")
    parts = [f"-F {field}=@{name}" for name in SAMPLES.get(field, ())]
    if "instructions" in str(content):
        parts.append("-F 'instructions=White background, 2000x2000 JPEG'")
    return parts
