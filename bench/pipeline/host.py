"""One subject in a process of its own, which stays warm and works through batches on demand.

Run as ``python -m bench.pipeline.host module:function folder``; each line of standard input is a JSON list of
inputs, each line of standard output the seconds they took. Prints ``none`` when the subject is not installed.
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.pipeline.subjects import find_subject

THREADS = 2


def main() -> None:
    """Answer batches until standard input ends."""
    os.environ.setdefault("VIPS_CONCURRENCY", "1")
    place, folder = sys.argv[1], Path(sys.argv[2])
    job = find_subject(place)
    print("none" if job is None else "ready", flush=True)
    if job is None:
        return
    with ThreadPoolExecutor(THREADS) as pool:
        for line in sys.stdin:
            paths = [Path(p) for p in json.loads(line)]
            started = time.perf_counter()
            list(pool.map(job, paths, [folder / p.stem for p in paths]))
            print(time.perf_counter() - started, flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
