"""Usage: python -m bench. Runs every benchmark one after another; the exit status is 1 when one missed its bar."""

import subprocess
import sys

PROGRAMS = (
    ["bench.startup"],
    ["bench.understanding"],
    ["bench.briefs"],
    ["bench.briefs", "--own"],
    ["bench.matting"],
    ["bench.web"],
    ["bench.orders"],
    ["bench.entering"],
    ["bench.pipeline"],
    ["bench.pipeline", "--memory"],
    ["bench.feed"],
)
ABSENT = 2


def main() -> int:
    """Run all and sum up."""
    outcomes = {}
    for program in PROGRAMS:
        name = " ".join(program)
        print(f"== {name}", flush=True)
        status = subprocess.run([sys.executable, "-m", *program], check=False).returncode
        outcomes[name] = {0: "reached", ABSENT: "could not run"}.get(status, "missed")
        print(flush=True)
    for name, outcome in outcomes.items():
        print(f"{name:28} {outcome}")
    return int("missed" in outcomes.values())


if __name__ == "__main__":
    sys.exit(main())
