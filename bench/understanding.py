"""Times what is understood while an instruction is written: one whole request, from the form to the page's fragment.

Usage: python -m bench.understanding [runs]; prints median and 95th percentile over the shared briefs for an order of
100 pictures, and exits with 1 when the median is over the budget, with 2 when the briefs are absent.
"""

import json
import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path

import structlog

from adapters.bootstrap import Application
from adapters.settings import Settings
from adapters.storage.memory import MemoryDatabase
from adapters.web.app import create_app
from adapters.web.limits import Rates
from core.kernel.actor import Scope
from core.usecases.accounts.api_keys import CreateApiKey
from core.usecases.accounts.users import EnsureOperator

BRIEFS = Path(__file__).parents[1].parent / "shared" / "briefs" / "briefs.jsonl"
BUDGET_MS = 60.0
RUNS = 5
PICTURES = 100
ENDLESS = 1_000_000


def times(briefs: list[str], runs: int) -> list[float]:
    """Return the milliseconds of each request; the first one of all is not counted."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    names = [f"IMG_{number:04}.jpg" for number in range(PICTURES)]
    found = []
    with tempfile.TemporaryDirectory() as home:
        application = Application(Settings(home=Path(home)), database=MemoryDatabase())
        app = create_app(application, rates=Rates(reads=ENDLESS, writes=ENDLESS))
        operator = application.use(EnsureOperator)(label="bench")
        key = application.use(CreateApiKey)(actor=operator, name="bench", scopes=frozenset(Scope)).secret
        client = app.test_client()
        for brief in briefs[:1] + briefs * runs:
            started = time.perf_counter()
            answer = client.post(
                "/plans/understanding", data={"instruction": brief, "names": names, "images": PICTURES},
                headers={"Authorization": f"Bearer {key}"},
            )  # fmt: skip
            found.append(1000 * (time.perf_counter() - started))
            if answer.status_code != 200:
                raise SystemExit(f"{answer.status_code} for {brief[:60]!r}")
    return found[1:]


def main() -> int:
    """Measure and print."""
    if not BRIEFS.is_file():
        print(f"{BRIEFS} is absent.")
        return 2
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    briefs = [json.loads(line)["brief"] for line in BRIEFS.read_text(encoding="utf-8").splitlines()]
    found = times(briefs, runs)
    median, late = statistics.median(found), statistics.quantiles(found, n=20)[-1]
    print(f"{len(briefs)} briefs, {PICTURES} pictures, {len(found)} requests")
    print(
        f"median {median:.1f} ms, 95th percentile {late:.1f} ms, slowest {max(found):.1f} ms (budget {BUDGET_MS:g} ms)"
    )
    return 0 if median <= BUDGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())
