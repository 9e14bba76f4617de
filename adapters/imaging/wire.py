"""Messages between the engine and its children: length-prefixed JSON, because a child may be hostile by then."""

import json
import struct
from pathlib import Path
from typing import Any, Protocol

from core.domain.editing.resolve import ImagePlan, OutputPlan, ResolvedStep
from core.ports.image_engine import Flag, Probe, Rendered, RenderResult, RenderTask, Severity

MAX_MESSAGE = 16 * 1024 * 1024
_LENGTH = struct.Struct(">I")


class Reader(Protocol):
    """What messages are read from: gives exactly as many bytes as asked, fewer only at the end."""

    def read(self, count: int, /) -> bytes:
        """Read bytes."""
        ...


class Writer(Protocol):
    """What messages are written to."""

    def write(self, data: bytes, /) -> int:
        """Write all bytes."""
        ...

    def flush(self) -> None:
        """Send what is buffered."""
        ...


class WireError(Exception):
    """The other side sent something that is no message."""


def send(stream: Writer, message: dict[str, Any]) -> None:
    """Write one message."""
    body = json.dumps(message, separators=(",", ":")).encode()
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def receive(stream: Reader) -> dict[str, Any] | None:
    """Read one message; None at the end of the stream.

    Raises:
        WireError: the message is too long, cut off or no JSON object.
    """
    head = stream.read(_LENGTH.size)
    if not head:
        return None
    if len(head) < _LENGTH.size:
        raise WireError("a message was cut off")
    (length,) = _LENGTH.unpack(head)
    if length > MAX_MESSAGE:
        raise WireError(f"a message of {length} bytes")
    body = stream.read(length)
    if len(body) < length:
        raise WireError("a message was cut off")
    try:
        message = json.loads(body)
    except ValueError as error:
        raise WireError("a message is no JSON") from error
    if not isinstance(message, dict):
        raise WireError("a message is no object")
    return message


def write_task(task: RenderTask) -> dict[str, Any]:
    """Write a task as plain values."""
    outputs = [
        {"name": o.name, "folder": o.folder, "steps": [[s.op, dict(s.params)] for s in o.steps]}
        for o in task.plan.outputs
    ]
    return {
        "source": str(task.source),
        "work_dir": str(task.work_dir),
        "files": {name: str(path) for name, path in task.files.items()},
        "max_edge": task.max_edge,
        "outputs": outputs,
    }


def read_task(message: dict[str, Any]) -> RenderTask:
    """Read a task."""
    outputs = tuple(
        OutputPlan(
            name=o["name"],
            folder=o["folder"],
            steps=tuple(ResolvedStep(op=op, params=params) for op, params in o["steps"]),
        )
        for o in message["outputs"]
    )
    return RenderTask(
        source=Path(message["source"]),
        plan=ImagePlan(outputs=outputs),
        work_dir=Path(message["work_dir"]),
        files={name: Path(path) for name, path in message["files"].items()},
        max_edge=message["max_edge"],
    )


def write_probe(probe: Probe) -> dict[str, Any]:
    """Write the facts of a file as plain values."""
    return {name: getattr(probe, name) for name in _PROBE}


_PROBE = ("format", "width", "height", "is_turned", "frames", "icc", "has_alpha", "bit_depth")


def read_probe(message: dict[str, Any]) -> Probe:
    """Read the facts of a file."""
    return Probe(**{name: message[name] for name in _PROBE})


_FILE = ("output", "format", "width", "height", "bytes", "sha256", "measures")
_FLAG = ("code", "message", "measured", "limit", "output")


def write_result(result: RenderResult) -> dict[str, Any]:
    """Write a result as plain values; files are named inside the work folder."""
    return {
        "files": [{**{n: getattr(f, n) for n in _FILE}, "name": f.path.name} for f in result.files],
        "flags": [{**{n: getattr(f, n) for n in _FLAG}, "severity": f.severity.value} for f in result.flags],
        "confidence": result.confidence,
        "engine": result.engine,
    }


def read_result(message: dict[str, Any], work_dir: Path) -> RenderResult:
    """Read a result; a file outside the work folder cannot be named.

    Raises:
        WireError: a file has a path instead of a name.
    """
    files = []
    for entry in message["files"]:
        if Path(entry["name"]).name != entry["name"] or entry["name"] == "..":
            raise WireError("a file outside the work folder")
        files.append(Rendered(path=work_dir / entry["name"], **{n: entry[n] for n in _FILE}))
    flags = tuple(Flag(severity=Severity(f["severity"]), **{n: f[n] for n in _FLAG}) for f in message["flags"])
    return RenderResult(files=tuple(files), flags=flags, confidence=message["confidence"], engine=message["engine"])
