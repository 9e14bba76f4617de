"""One subject in a process of its own, which stays warm and works through batches on demand.

Run as ``python -m bench.pipeline.host module:function folder``; each line of standard input is a JSON list of
inputs, each line of standard output the seconds they took. Prints ``none`` when the subject is not installed.
"""

import json
import os
import sys
import time
from pathlib import Path

from bench.pipeline.subjects import find_subject


def main() -> None:
    """Answer batches until standard input ends."""
    os.environ.setdefault("VIPS_CONCURRENCY", "1")
    place, folder = sys.argv[1], Path(sys.argv[2])
    batch = find_subject(place)
    print("none" if batch is None else "ready", flush=True)
    if batch is None:
        return
    for line in sys.stdin:
        paths = [Path(p) for p in json.loads(line)]
        started = time.perf_counter()
        batch(paths, folder)
        print(time.perf_counter() - started, flush=True)
    sys.exit(0)


if __name__ == "__main__":
    main()
