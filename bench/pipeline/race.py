"""Subjects taking turns, batch by batch, so that whatever else the machine does hits all of them alike."""

import json
import os
import random
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path

import attrs
import psutil

SAMPLE_SECONDS = 0.02
MB = 1_000_000


@attrs.define
class Standing:
    """What a subject has shown, one entry per batch; batches of the same number had the same pictures."""

    rates: list[float] = attrs.field(factory=list)
    cpu_ms: list[float] = attrs.field(factory=list)
    peak_mb: float = 0.0

    def figures(self) -> dict[str, float]:
        """Medians over the batches, and the peak over all."""
        return {
            "images_per_s": statistics.median(self.rates),
            "cpu_ms": statistics.median(self.cpu_ms),
            "peak_mb": self.peak_mb,
        }

    def ratio_to(self, other: "Standing") -> float:
        """Median over the batches of pictures per second, compared batch by batch."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.rates, other.rates, strict=True))


class Host:
    """A subject's process and all of its children."""

    def __init__(self, place: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.pipeline.host", place, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "VIPS_CONCURRENCY": "1"},
        )
        assert self._process.stdout is not None
        self.is_installed = self._process.stdout.readline().strip() == "ready"

    def run(self, paths: list[Path]) -> tuple[float, float, float]:
        """Work through a batch; returns pictures per second, CPU milliseconds per picture and the peak in MB."""
        before = self._cpu_seconds()
        with self._watched() as peak:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps([str(p) for p in paths]) + "\n")
            self._process.stdin.flush()
            seconds = float(self._process.stdout.readline())
        used = self._cpu_seconds() - before
        return len(paths) / seconds, used * 1000 / len(paths), peak[0]

    def _family(self) -> list[psutil.Process]:
        parent = psutil.Process(self._process.pid)
        return [parent, *parent.children(recursive=True)]

    def _cpu_seconds(self) -> float:
        total = 0.0
        for process in self._family():
            with suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
        return total

    @contextmanager
    def _watched(self) -> Iterator[list[float]]:
        peak, is_over = [0.0], threading.Event()

        def watch() -> None:
            while not is_over.wait(SAMPLE_SECONDS):
                total = 0
                for process in self._family():
                    with suppress(psutil.Error):
                        total += process.memory_info().rss
                peak[0] = max(peak[0], total / MB)

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield peak
        finally:
            is_over.set()
            thread.join()

    def close(self) -> None:
        """End the process; its children end with it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


@contextmanager
def hosts(subjects: Mapping[str, str], folder: Path) -> Iterator[dict[str, Host]]:
    """Start every subject that is installed."""
    started = {name: Host(place, folder / name) for name, place in subjects.items()}
    try:
        yield {name: host for name, host in started.items() if host.is_installed}
    finally:
        for host in started.values():
            host.close()


def race(subjects: Mapping[str, str], paths: list[Path], folder: Path, how: tuple[int, int]) -> dict[str, Standing]:
    """Let the subjects work through all pictures.

    Args:
        how: rounds over all pictures, and pictures per batch.
    """
    rounds, size = how
    batches = [paths[i : i + size] for i in range(0, len(paths), size)]
    order = random.Random(7)
    with hosts(subjects, folder) as running:
        for host in running.values():
            host.run(paths[:2])
        standings = {name: Standing() for name in running}
        for batch in batches * rounds:
            names = list(running)
            order.shuffle(names)
            for name in names:
                rate, cpu, peak = running[name].run(batch)
                standing = standings[name]
                standing.rates.append(rate)
                standing.cpu_ms.append(cpu)
                standing.peak_mb = max(standing.peak_mb, peak)
    return standings


def memory_growth(place: str, paths: list[Path], folder: Path) -> tuple[float, float]:
    """Return the peaks in MB of 100 and of 1,000 pictures, each in fresh processes."""
    peaks = []
    for count in (100, 1000):
        with hosts({"subject": place}, folder / str(count)) as running:
            peaks.append(running["subject"].run(list(islice(cycle(paths), count)))[2])
    return peaks[0], peaks[1]
