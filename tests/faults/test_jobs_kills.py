"""Workers that are killed, and pictures that kill: nothing is lost, nothing is done or paid twice."""

import random
import time

import attrs
import pytest

from core.domain.runs import ItemState
from tests.support.job_harness import PER_ORDER, Shop, Team, shop
from tests.support.job_worker import Crew
from tests.support.waiting import wait_until

SEED = 20261121


def survive(crew: Crew, *, images: int, kills: int, seconds: float) -> str:
    """Have two workers finish some orders while they are killed again and again; return the figures."""
    chance = random.Random(SEED)
    with shop(crew) as customer:
        for _ in range(images // PER_ORDER):
            customer.order(PER_ORDER)
        if images % PER_ORDER:
            customer.order(images % PER_ORDER)
        begun = time.monotonic()
        with Team(crew) as team:
            for kill in range(kills):
                wait_for_progress(customer, kill / (kills + 1), seconds=seconds)
                wait_until(lambda: team.kill_one(customer, chance), seconds=seconds, what="a worker to kill")
            customer.wait_for_the_end(seconds=seconds)
            took = time.monotonic() - begun
            deaths = wait_until(lambda: team.deaths if team.deaths >= kills else 0)
        return f"{customer.judge(done=images)}; {deaths} kills, {took:.1f} s"


def wait_for_progress(customer: Shop, share: float, *, seconds: float) -> None:
    """Wait until a share of the items is done."""
    wanted = share * len(customer.items())
    wait_until(lambda: customer.count(ItemState.DONE) >= wanted, seconds=seconds)


@pytest.mark.req("S3-JOB-01", "S3-JOB-02")
def test_an_order_survives_the_death_of_its_workers(crew: Crew) -> None:
    print(survive(crew, images=40, kills=6, seconds=60))


@pytest.mark.long
@pytest.mark.timeout(900)
def test_four_hundred_pictures_survive_fifty_kills(crew: Crew) -> None:
    print(survive(crew, images=400, kills=50, seconds=400))


def overlap(crew: Crew) -> str:
    """Let every lease lapse under the work, so that several workers have the same picture; return the figures."""
    careless = attrs.evolve(crew, lease_seconds=0.1, reconcile_seconds=0.1, render_seconds=0.15, keeps_leases=False)
    with shop(careless) as customer:
        customer.order(20)
        with Team(careless):
            wait_until(lambda: not any(i.is_open for i in customer.items()) or customer.has_twins(), seconds=60)
            assert not customer.has_twins(), "a picture has two versions"
            lost = wait_until(lambda: [i for i in customer.items() if i.attempts > 1], what="a picture that two had")
        failed = customer.count(ItemState.FAILED)
        return f"{customer.judge(done=20 - failed, failed=failed)}; {len(lost)} pictures claimed more than once"


def test_a_picture_that_two_workers_have_is_finished_once(crew: Crew) -> None:
    print(overlap(crew))


def test_a_finish_without_the_fence_is_noticed(crew: Crew) -> None:
    with pytest.raises(AssertionError, match="a picture has two versions"):
        overlap(attrs.evolve(crew, faults=("no_fence",)))


def digest_poison(crew: Crew, *, images: int, most_deaths: int) -> str:
    """Work on an order with a picture that kills whoever touches it; return the figures."""
    with shop(crew) as customer:
        customer.order(images, poison=1)
        with Team(crew) as team:
            wait_until(
                lambda: team.deaths > most_deaths or not any(i.is_open for i in customer.items()),
                seconds=90, what="the end of all pictures",
            )  # fmt: skip
            assert team.deaths <= most_deaths, f"{team.deaths} workers died of one picture"
        poison = customer.items()[0]
        assert poison.state is ItemState.FAILED
        with customer.app.new_reading() as work:
            failure = work.images.get(poison.image_id).failure
        figures = customer.judge(done=images - 1, failed=1)
        return f"{figures}; {team.deaths} workers died; {failure.code if failure else ''}"


def test_a_picture_that_kills_the_engine_fails_after_three_attempts(crew: Crew) -> None:
    figures = digest_poison(attrs.evolve(crew, engine="dies"), images=20, most_deaths=0)
    assert "provider_unavailable" in figures
    print(figures)


def test_a_picture_that_kills_its_worker_fails_after_three_attempts(crew: Crew) -> None:
    deadly = attrs.evolve(crew, engine="kills", threads=1, lease_seconds=0.5)
    figures = digest_poison(deadly, images=20, most_deaths=3)
    assert "3 workers died; poison_image" in figures
    print(figures)


def test_claims_that_do_not_count_are_noticed(crew: Crew) -> None:
    deadly = attrs.evolve(crew, engine="kills", threads=1, lease_seconds=0.3, faults=("no_count",))
    with pytest.raises(AssertionError, match="workers died of one picture"):
        digest_poison(deadly, images=5, most_deaths=3)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_one_poisoned_picture_among_a_hundred(crew: Crew) -> None:
    print(digest_poison(attrs.evolve(crew, engine="kills", threads=1), images=100, most_deaths=3))


def redeliver(crew: Crew, *, kills: int, rounds: int, deadline: float) -> list[float]:
    """Kill workers in the middle of their picture and return the seconds until another worker has it."""
    hold = crew.home / "hold"
    victim, rescuer = (attrs.evolve(crew, hold=hold, threads=n) for n in (1, kills + 1))
    waits: list[float] = []
    with shop(victim) as customer:
        for _ in range(rounds):
            hold.touch()
            customer.order(kills)
            with Team(victim, size=kills, replaces=False) as victims:
                wait_until(lambda: customer.count(ItemState.RUNNING) == kills, seconds=60)
                begun_by = {i.id: i.fence for i in customer.items() if i.state is ItemState.RUNNING}
                with Team(rescuer, size=1):
                    customer.order(1)
                    wait_until(lambda: customer.count(ItemState.RUNNING) == kills + 1, seconds=60)
                    for member in victims.members:
                        member.kill()
                    waits += rescued(customer, begun_by, deadline=deadline)
                    hold.unlink()
                    customer.wait_for_the_end(seconds=60)
        customer.judge(done=(kills + 1) * rounds)
    return sorted(waits)


def rescued(customer: Shop, begun_by: dict[str, int], *, deadline: float) -> list[float]:
    """Return after how many seconds each item had a new owner."""
    killed = time.monotonic()
    again: dict[str, float] = {}

    def look() -> bool:
        for item in customer.items():
            if item.id in begun_by and item.fence > begun_by[item.id]:
                again.setdefault(item.id, time.monotonic() - killed)
        return len(again) == len(begun_by)

    wait_until(look, seconds=deadline, what="new owners for all pictures")
    return list(again.values())


def tell(waits: list[float]) -> str:
    """Return the figures of some waits in a line."""
    p95 = waits[int(len(waits) * 0.95)]
    return f"{len(waits)} kills: median {waits[len(waits) // 2]:.1f} s, p95 {p95:.1f} s, max {waits[-1]:.1f} s"


def test_the_picture_of_a_dead_worker_is_soon_anothers(crew: Crew) -> None:
    quick = attrs.evolve(crew, lease_seconds=1.0, reconcile_seconds=0.2)
    print(tell(redeliver(quick, kills=2, rounds=1, deadline=30)))


@pytest.mark.long
@pytest.mark.timeout(900)
def test_fifty_dead_workers_with_the_usual_settings(crew: Crew) -> None:
    """The deadline is the promise: 45 seconds at most."""
    usual = attrs.evolve(crew, lease_seconds=20.0, reconcile_seconds=5.0)
    print(tell(redeliver(usual, kills=10, rounds=5, deadline=45)))
