"""The embedded engine: a pool of limited child processes behind the port."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from adapters.imaging import wire
from adapters.imaging.child import Child, ChildEndedError, ChildSettings, start_child
from adapters.imaging.limits import Limits
from core import errors
from core.ports.image_engine import Probe, RenderResult, RenderTask

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
        self._settings = ChildSettings(limits=self._limits, icc_folder=icc_folder, onnx_model=onnx_model)
        # Last in, first out: a single caller keeps using the same warm child.
        self._places: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _ in range(processes):
            self._places.put(None)
        self._lock = threading.Lock()
        self._children: set[Child] = set()
        self._closed = threading.Event()

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

    def close(self) -> None:
        """Stop the engine's processes; tasks under way fail as unavailable."""
        with self._lock:
            self._closed.set()
            children = list(self._children)
        for child in children:
            # Pipes are left to the thread that may be reading them: a freed number could mean another file by then.
            child.kill()

    def _ask(self, message: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        place = self._places.get()
        child: Child | None = None
        try:
            child = self._warm(place)
            answer = child.ask(message, seconds=seconds)
        except ChildEndedError as error:
            self._discard(child)
            child = None
            raise _death(error, message["do"]) from error
        finally:
            self._places.put(child)
        if "error" in answer:
            raise _rebuilt(answer["error"])
        return answer

    def _warm(self, child: Child | None) -> Child:
        if child is not None and not child.is_worn:
            return child
        self._discard(child)
        if self._closed.is_set():
            raise errors.ProviderUnavailableError("The image engine is closed.", code="engine_closed")
        fresh = start_child(self._settings)
        with self._lock:
            self._children.add(fresh)
        if self._closed.is_set():
            fresh.kill()
        return fresh

    def _discard(self, child: Child | None) -> None:
        if child is None:
            return
        with self._lock:
            self._children.discard(child)
        child.close()


@contextmanager
def _understood() -> Iterator[None]:
    """Take an answer that makes no sense as the death of the child that gave it."""
    try:
        yield
    except (wire.WireError, KeyError, TypeError, ValueError) as error:
        raise errors.ProviderUnavailableError("The image process gave no usable answer.", code="engine_died") from error


def _absolute(task: RenderTask) -> RenderTask:
    files = {name: path.absolute() for name, path in task.files.items()}
    return attrs.evolve(task, source=task.source.absolute(), work_dir=task.work_dir.absolute(), files=files)


def _death(error: ChildEndedError, task: str) -> errors.I2IError:
    if error.was_slow and task == "probe":
        return errors.TooLargeError("The picture takes too long to decode.", code="decode_too_long")
    if error.was_slow:
        return errors.ProviderRejectedError("The picture takes too long to render.", code="render_too_long")
    return errors.ProviderUnavailableError(f"The image process {error}.", code="engine_died")


def _rebuilt(answer: dict[str, Any]) -> errors.I2IError:
    kind = _ERRORS.get(str(answer.get("kind")), errors.ProviderRejectedError)
    return kind(str(answer.get("message")), code=str(answer.get("code")), details=dict(answer.get("details") or {}))
