"""Stand-ins for the outside world: an engine that copies bytes, a planner with given lines, a queue that listens."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from core.domain.credits.prices import PriceList
from core.domain.editing.plan import EditPlan, Step
from core.domain.editing.resolve import OutputPlan
from core.domain.runs import RunItem
from core.errors import InvalidInputError, NotFoundError, ProviderUnavailableError, UnsupportedTypeError
from core.ports.image_engine import Flag, Probe, Rendered, RenderResult, RenderTask

FORMATS = ("jpeg", "png", "webp", "tiff", "gif", "avif", "heic", "bmp")
Behaviour = Exception | Callable[[], None]


def picture(words: str = "a shoe", kind: str = "jpeg") -> bytes:
    """Return the content of a file that ``FakeEngine`` takes for a picture."""
    return f"{kind}:{words}".encode()


@attrs.define
class FakeEngine:
    """Renders by copying the bytes and writing the plan behind them: same input, same plan, same bytes.

    Args:
        behaviours: source content -> what its next renders do first: raise, or be called; none left means success.
        flags: source content -> reasons to look at its results.
        cannot: operations that this engine does not carry out.
        sources: contents in the order in which they were rendered.
    """

    behaviours: dict[bytes, list[Behaviour]] = attrs.field(factory=lambda: defaultdict(list))
    flags: dict[bytes, tuple[Flag, ...]] = attrs.field(factory=dict)
    cannot: frozenset[str] = frozenset()
    sources: list[bytes] = attrs.field(factory=list)
    edges: list[int | None] = attrs.field(factory=list)
    files: list[Mapping[str, Any]] = attrs.field(factory=list)
    thumbnails: list[tuple[bytes, int]] = attrs.field(factory=list)
    name: str = "fake"

    def probe(self, path: Any) -> Probe:
        """Read the format from the first word."""
        content = path.read_bytes()
        kind = content.partition(b":")[0].decode(errors="replace")
        if kind not in FORMATS:
            raise UnsupportedTypeError("This is not a picture.")
        if b"broken" in content:
            raise InvalidInputError("The picture ends in the middle.", code="damaged")
        return Probe(format=kind, width=40, height=30, is_turned=b"turned" in content)

    def can(self, op: str) -> bool:
        """Whether an operation is not among those that it cannot do."""
        return op not in self.cannot

    def render(self, task: RenderTask) -> RenderResult:
        """Write one file for every output."""
        content = task.source.read_bytes()
        self.sources.append(content)
        self.edges.append(task.max_edge)
        self.files.append(task.files)
        if self.behaviours.get(content):
            behaviour = self.behaviours[content].pop(0)
            if isinstance(behaviour, Exception):
                raise behaviour
            behaviour()
        files = tuple(_write(task, output, content) for output in task.plan.outputs)
        return RenderResult(files=files, flags=self.flags.get(content, ()), engine=self.name)

    def thumbnail(self, path: Path, *, edge: int, target: Path) -> Rendered:
        """Write the source and the size behind it."""
        content = path.read_bytes()
        self.thumbnails.append((content, edge))
        data = content + f":{edge}".encode()
        target.write_bytes(data)
        return Rendered(
            output="thumbnail", path=target, format="webp", width=40, height=30, bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
        )  # fmt: skip

    def close(self) -> None:
        """Nothing is open."""


def _write(task: RenderTask, output: OutputPlan, content: bytes) -> Rendered:
    steps = [[s.op, s.params] for s in output.steps]
    data = content + json.dumps([output.name, steps, task.max_edge], sort_keys=True).encode()
    path = task.work_dir / output.name
    path.write_bytes(data)
    wanted = (output.params("export") or {}).get("format", "keep")
    encoded = content.partition(b":")[0].decode() if wanted == "keep" else wanted
    return Rendered(
        output=output.name, path=path, format=encoded, width=40, height=30, bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip


def brighter(ev: float = 0.5) -> EditPlan:
    """Return a plan of one step."""
    return EditPlan(steps=(Step(op="exposure", params={"ev": ev}),), planner="fake")


@attrs.define
class FakePlanner:
    """Answers an instruction with the plan (or the error) that was laid down for it; otherwise makes it brighter."""

    lines: dict[str, EditPlan | Exception | Callable[[], EditPlan]] = attrs.field(factory=dict)
    asked: list[Any] = attrs.field(factory=list)
    name: str = "fake"

    def plan(self, request: Any) -> EditPlan:
        """Return the plan for the exact words."""
        self.asked.append(request)
        line = self.lines.get(request.instruction, brighter())
        if isinstance(line, Exception):
            raise line
        return line if isinstance(line, EditPlan) else line()


@attrs.define
class ListeningQueue:
    """Remembers what was hinted, or is out of order."""

    hinted: list[str] = attrs.field(factory=list)
    is_down: bool = False

    def hint(self, item_ids: Iterable[str]) -> None:
        """Remember the ids."""
        if self.is_down:
            raise ProviderUnavailableError("The broker is down.")
        self.hinted.extend(item_ids)


class NoLeaseKeeper:
    """Lets every lease run."""

    @contextmanager
    def keep(self, item: RunItem) -> Iterator[None]:
        """Do nothing."""
        yield


@attrs.define
class FixedPrices:
    """Price lists by version; the last one is today's."""

    lists: list[PriceList]

    def current(self, on: Any) -> PriceList:
        """Return the newest list."""
        return self.lists[-1]

    def get(self, version: str) -> PriceList:
        """Return a list by its version."""
        for prices in self.lists:
            if prices.version == version:
                return prices
        raise NotFoundError("There is no such price list.")

    def list(self) -> tuple[PriceList, ...]:
        """Return all of them."""
        return tuple(self.lists)
