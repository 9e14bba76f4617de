"""Showing how the work goes on standard error: a bar on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from adapters.cli.output import print_line, safe
from core.domain.images import BUSY, ImageStatus, OrderImage

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

MARKS = {ImageStatus.NEEDS_RETOUCH: "flagged", ImageStatus.FAILED: "failed", ImageStatus.READY: "not worked on"}


class Display(Protocol):
    """Shows pictures of a run as they change; used as a context manager."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        ...

    def update(self, images: Iterable[OrderImage]) -> None:
        """Show where the pictures stand."""
        ...


def outcome(image: OrderImage) -> str:
    """Say in a few words what became of a picture."""
    words = MARKS.get(image.status, "finished")
    reason = f": {image.failure.message}" if image.status is ImageStatus.FAILED and image.failure else ""
    return f"{image.original_name} {words}{reason}"


class Silence:
    """Shows nothing: the answer is for a program."""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""

    def update(self, images: Iterable[OrderImage]) -> None:
        """Show nothing."""


class Lines(Silence):
    """Prints a line for every picture that ends, with the pace and the time left."""

    def __init__(self, console: "Console", waiting: Iterable[str]) -> None:
        self.console = console
        self.waiting = set(waiting)
        self.total = len(self.waiting)
        self.started = time.monotonic()

    def update(self, images: Iterable[OrderImage]) -> None:
        """Print what has ended since the last time."""
        for image in images:
            if image.id in self.waiting and image.status not in BUSY:
                self.waiting.discard(image.id)
                self.ended(image)

    def ended(self, image: OrderImage) -> None:
        """Print one line."""
        done = self.total - len(self.waiting)
        seconds = time.monotonic() - self.started
        left = f", {seconds / done * len(self.waiting):.0f} s left" if self.waiting else ""
        print_line(self.console, f"[{done}/{self.total}] {outcome(image)} ({done / max(seconds, 0.001):.1f}/s{left})")


class Bar(Lines):
    """A live bar: what is being worked on, how many are done, the pace and the time left."""

    def __init__(self, console: "Console", waiting: Iterable[str]) -> None:
        super().__init__(console, waiting)
        self.progress, self.task = _bar(console, total=self.total)

    def __enter__(self) -> Self:
        """Show the bar."""
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last state on the screen."""
        self.progress.stop()

    def update(self, images: Iterable[OrderImage]) -> None:
        """Move the bar, and print what has ended above it."""
        known = list(images)
        super().update(known)
        busy = [i.original_name for i in known if i.status is ImageStatus.PROCESSING]
        done = self.total - len(self.waiting)
        pace = done / max(time.monotonic() - self.started, 0.001)
        words = safe(", ".join(busy[:2]) or "waiting")[:40]
        self.progress.update(self.task, completed=done, description=words, pace=f"{pace:.1f}/s")

    def ended(self, image: OrderImage) -> None:
        """Print one line above the bar."""
        styles = {ImageStatus.NEEDS_RETOUCH: "yellow", ImageStatus.FAILED: "red"}
        print_line(self.console, outcome(image), style=styles.get(image.status, ""))


@contextmanager
def counting(console: "Console", total: int, words: str) -> Iterator[Callable[..., None]]:
    """Show how many of some files were looked at; offer what is to be called for each, from any thread."""
    if not console.is_terminal:
        yield lambda *_: None
        return
    bar, task = _bar(console, total=total)
    bar.update(task, description=words)
    with bar:
        yield lambda *_: bar.advance(task)


def _bar(console: "Console", *, total: int) -> "tuple[Progress, TaskID]":
    from rich import progress as rich

    columns = (
        rich.BarColumn(bar_width=30), rich.MofNCompleteColumn(), rich.TextColumn("{task.fields[pace]}"),
        rich.TimeRemainingColumn(), rich.TextColumn("{task.description}", markup=False),
    )  # fmt: skip
    bar = rich.Progress(*columns, console=console)
    return bar, bar.add_task("waiting", total=total, pace="")
