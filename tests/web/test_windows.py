"""Counting requests together with other processes, and alone while Redis is away."""

import socket

import pytest
from limits import RateLimitItemPerMinute

from adapters.web.windows import Windows

THREE = RateLimitItemPerMinute(3)


@pytest.mark.redis
@pytest.mark.req("S4-SEC-07")
def test_processes_count_together_through_redis(redis_url: str) -> None:
    here, there = Windows(redis_url), Windows(redis_url)
    found = [windows.hit(THREE, "reads", "ada") for windows in (here, there, here, there)]
    assert [(hit.is_allowed, hit.remaining) for hit in found] == [(True, 2), (True, 1), (True, 0), (False, 0)]
    assert here.hit(THREE, "reads", "grace").is_allowed
    assert here.hit(THREE, "writes", "ada").is_allowed


def test_while_redis_is_away_each_process_counts_by_itself() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"redis://127.0.0.1:{probe.getsockname()[1]}/0"
        windows = Windows(nobody)
        found = [windows.hit(THREE, "reads", "ada").is_allowed for _ in range(4)]
    assert found == [True, True, True, False]


def test_processes_that_count_alone_do_not_know_of_one_another() -> None:
    here, there = Windows(), Windows()
    assert [w.hit(THREE, "reads", "ada").remaining for w in (here, there)] == [2, 2]
