"""What is said between the engine and its children, as plain values."""

from pathlib import Path
from typing import Any

from adapters.sandbox.messages import WireError
from core.domain.editing.resolve import ImagePlan, OutputPlan, ResolvedStep
from core.ports.image_engine import Flag, Probe, Rendered, RenderResult, RenderTask, Severity


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


def write_file(file: Rendered) -> dict[str, Any]:
    """Write a finished file as plain values; it is named inside the work folder."""
    return {**{n: getattr(file, n) for n in _FILE}, "name": file.path.name}


def read_file(entry: dict[str, Any], work_dir: Path) -> Rendered:
    """Read a finished file; one outside the work folder cannot be named.

    Raises:
        WireError: it has a path instead of a name.
    """
    if Path(entry["name"]).name != entry["name"] or entry["name"] == "..":
        raise WireError("a file outside the work folder")
    return Rendered(path=work_dir / entry["name"], **{n: entry[n] for n in _FILE})


def write_result(result: RenderResult) -> dict[str, Any]:
    """Write a result as plain values; files are named inside the work folder."""
    return {
        "files": [write_file(f) for f in result.files],
        "flags": [{**{n: getattr(f, n) for n in _FLAG}, "severity": f.severity.value} for f in result.flags],
        "confidence": result.confidence,
        "engine": result.engine,
    }


def read_result(message: dict[str, Any], work_dir: Path) -> RenderResult:
    """Read a result; a file outside the work folder cannot be named.

    Raises:
        WireError: a file has a path instead of a name.
    """
    files = [read_file(entry, work_dir) for entry in message["files"]]
    flags = tuple(Flag(severity=Severity(f["severity"]), **{n: f[n] for n in _FLAG}) for f in message["flags"])
    return RenderResult(files=tuple(files), flags=flags, confidence=message["confidence"], engine=message["engine"])
