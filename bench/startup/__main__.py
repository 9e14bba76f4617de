"""Times ``i2i --help`` in a new process against ``import click`` in one.

Usage: python -m bench.startup [runs]; prints the medians of interleaved runs and their ratio, and exits with 1 when
the ratio is over the budget.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUDGET = 5.0
RUNS = 15
PROGRAMS = {
    "import click": ["-c", "import click"],
    "i2i --help": ["-c", "from adapters.cli.main import main; main()", "--help"],
}


def seconds(arguments: list[str]) -> float:
    """Return how long one new interpreter takes."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - started


def medians(runs: int) -> dict[str, float]:
    """Return the median of each program; the runs alternate, so that both meet the same machine."""
    for arguments in PROGRAMS.values():
        seconds(arguments)  # bytecode is compiled once, not every time
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(runs):
        for name, arguments in PROGRAMS.items():
            times[name].append(seconds(arguments))
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> int:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    found = medians(runs)
    ratio = found["i2i --help"] / found["import click"]
    for name, value in found.items():
        print(f"{name}: {1000 * value:.0f} ms (median of {runs})")
    print(f"ratio: {ratio:.2f} (budget {BUDGET:g})")
    return 0 if ratio <= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
