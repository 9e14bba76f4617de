"""The embedded engine: a pool of limited child processes behind the port."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from adapters.imaging import wire
from adapters.imaging.limits import Limits
from adapters.sandbox.child import ChildEndedError, ChildSettings
from adapters.sandbox.messages import WireError
from adapters.sandbox.pool import ChildPool
from core import errors
from core.ports.image_engine import Probe, Rendered, RenderResult, RenderTask

_ENVIRONMENT = {
    "VIPS_CONCURRENCY": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENCV_LOG_LEVEL": "SILENT",
    # Every picture needs the same large buffers again: keeping them saves the kernel from clearing them anew.
    "MALLOC_MMAP_THRESHOLD_": str(128 * 1024 * 1024),
    "MALLOC_TRIM_THRESHOLD_": str(256 * 1024 * 1024),
}
_ERRORS = {
    kind.__name__: kind
    for kind in (
        errors.InvalidInputError,
        errors.TooLargeError,
        errors.UnsupportedTypeError,
        errors.ProviderUnavailableError,
        errors.ProviderRejectedError,
    )
}


class LocalImageEngine:
    """Renders in child processes of this machine; implements ``core.ports.image_engine.ImageEngine``.

    Args:
        processes: children at most; they start when first needed and stay warm.
        icc_folder: folder whose ``.icc`` and ``.icm`` files can be named as profiles.
        onnx_model: a cut-out model of one's own.
        limits: what pictures and children may use.
    """

    name = "local"

    def __init__(
        self,
        *,
        processes: int = 2,
        icc_folder: Path | None = None,
        onnx_model: Path | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._limits = limits or Limits()
        settings = ChildSettings(
            module="adapters.imaging.worker",
            name="image engine",
            values={
                "limits": attrs.asdict(self._limits),
                "icc_folder": str(icc_folder) if icc_folder else None,
                "onnx_model": str(onnx_model) if onnx_model else None,
            },
            environment=_ENVIRONMENT,
            memory_bytes=self._limits.memory_bytes,
            tasks_per_child=self._limits.tasks_per_child,
            idle_memory_bytes=self._limits.idle_memory_bytes,
        )
        self._pool = ChildPool(settings, processes=processes)

    def probe(self, path: Path) -> Probe:
        """Read a file's facts and prove that it decodes to the end."""
        answer = self._ask({"do": "probe", "path": str(path.absolute())}, seconds=self._limits.probe_wall_s)
        with _understood():
            return wire.read_probe(answer["probe"])

    def can(self, op: str) -> bool:
        """Whether this engine carries out an operation."""
        return (Path(__file__).parent / "operations" / f"{op.replace('.', '_')}.py").is_file()

    def render(self, task: RenderTask) -> RenderResult:
        """Carry out a plan on one picture: same input and same plan give the same bytes."""
        message = {"do": "render", **wire.write_task(_absolute(task))}
        answer = self._ask(message, seconds=self._limits.render_wall_s)
        with _understood():
            return wire.read_result(answer["result"], task.work_dir)

    def thumbnail(self, path: Path, *, edge: int, target: Path) -> Rendered:
        """Write a picture as a small WebP."""
        target = target.absolute()
        message = {"do": "thumbnail", "path": str(path.absolute()), "edge": edge, "target": str(target)}
        answer = self._ask(message, seconds=self._limits.probe_wall_s)
        with _understood():
            return wire.read_file(answer["file"], target.parent)

    def close(self) -> None:
        """Stop the engine's processes; tasks under way fail as unavailable."""
        self._pool.close()

    def _ask(self, message: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        is_render = message["do"] == "render"
        cpu_seconds = self._limits.render_cpu_s if is_render else self._limits.probe_cpu_s
        try:
            answer = self._pool.ask(message, seconds=seconds, cpu_seconds=cpu_seconds)
        except ChildEndedError as error:
            raise _death(error, message["do"]) from error
        if "error" in answer:
            raise _rebuilt(answer["error"])
        return answer


@contextmanager
def _understood() -> Iterator[None]:
    """Take an answer that makes no sense as the death of the child that gave it."""
    try:
        yield
    except (WireError, KeyError, TypeError, ValueError) as error:
        raise errors.ProviderUnavailableError("The image process gave no usable answer.", code="engine_died") from error


def _absolute(task: RenderTask) -> RenderTask:
    files = {name: path.absolute() for name, path in task.files.items()}
    return attrs.evolve(task, source=task.source.absolute(), work_dir=task.work_dir.absolute(), files=files)


def _death(error: ChildEndedError, task: str) -> errors.I2IError:
    if error.was_slow and task != "render":
        return errors.TooLargeError("The picture takes too long to decode.", code="decode_too_long")
    if error.was_slow:
        return errors.ProviderRejectedError("The picture takes too long to render.", code="render_too_long")
    return errors.ProviderUnavailableError(f"The image process {error}.", code="engine_died")


def _rebuilt(answer: dict[str, Any]) -> errors.I2IError:
    kind = _ERRORS.get(str(answer.get("kind")), errors.ProviderRejectedError)
    return kind(str(answer.get("message")), code=str(answer.get("code")), details=dict(answer.get("details") or {}))
