"""Workers that are asked to stop: what was begun ends, what was not begun waits untouched."""

import os
import signal
import time
from pathlib import Path

import attrs
import pytest

from core.domain.runs import ItemState
from tests.support.job_harness import Team, shop
from tests.support.job_worker import Crew
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="threads are counted in /proc")
IMAGES = 30
LOOPS = 5  # reconciler, dispatcher and three chores end as soon as a worker begins to stop


def stop_under_load(crew: Crew) -> str:
    """Ask busy workers to stop and return the figures.

    Raises:
        AssertionError: something was begun afterwards, left half done, or cost an attempt without being begun.
    """
    hold = crew.home / "hold"
    busy = attrs.evolve(crew, hold=hold)
    with shop(busy) as customer:
        customer.order(IMAGES)
        hold.touch()
        with Team(busy, replaces=False) as team:
            wait_until(lambda: customer.count(ItemState.RUNNING) == 4, seconds=60, what="four pictures in work")
            begun = {i.id for i in customer.items() if i.attempts}
            asked = time.monotonic()
            for member in team.members:
                pid = member.pid or 0
                wanted = _tasks(pid) - LOOPS
                os.kill(pid, signal.SIGTERM)
                wait_until(lambda: _tasks(pid) <= wanted, what="the end of the loops")  # noqa: B023
            hold.unlink()
            for member in team.members:
                member.join(30)
            took = time.monotonic() - asked
            items = customer.items()
        assert {i.id for i in items if i.attempts} == begun, "a picture was begun after the signal"
        assert all(i.state is (ItemState.DONE if i.id in begun else ItemState.QUEUED) for i in items), "left half done"
        assert [m.exitcode for m in team.members] == [0, 0], "a worker did not end well"
        with Team(crew):
            customer.wait_for_the_end(seconds=60)
        figures = customer.judge(done=IMAGES)
        assert max(i.attempts for i in customer.items()) == 1, "an attempt was lost"
        return f"{figures}; stopped in {took:.1f} s with {len(begun)} pictures in work"


def _tasks(pid: int) -> int:
    """Count the threads of a process; 0 when it is gone."""
    try:
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    except FileNotFoundError:
        return 0


def test_sigterm_ends_what_was_begun_and_begins_nothing(crew: Crew) -> None:
    print(stop_under_load(crew))


@pytest.mark.redis
def test_sigterm_with_redis(crew: Crew, redis_url: str) -> None:
    print(stop_under_load(attrs.evolve(crew, redis_url=redis_url)))


def test_a_worker_that_just_dies_of_sigterm_is_noticed(crew: Crew) -> None:
    with pytest.raises(AssertionError, match="left half done"):
        stop_under_load(attrs.evolve(crew, faults=("dies_of_sigterm",)))
