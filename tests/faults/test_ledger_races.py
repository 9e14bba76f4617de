"""Credits stay right when eight processes move them at once, and the same races catch a ledger that is wrong."""

import random
from pathlib import Path

import pytest

from core.domain.credits.ledger import HoldState
from core.usecases.credits.bookkeeper import Reservation
from tests.support import databases
from tests.support.ledger_races import (
    NOTE,
    PROCESSES,
    bookkeeper,
    deliver,
    open_account,
    problems,
    race,
    settle,
    spend,
    spending_problems,
)

SQL = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
SMALL = pytest.param(800, 80, id="800 for 80")
LARGE = pytest.param(10_000, 1_000, id="10000 for 1000", marks=[pytest.mark.long, pytest.mark.timeout(600)])


@pytest.fixture(params=SQL)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database."""
    if request.param == "sqlite":
        return databases.sqlite_url(databases.migrated_file(tmp_path))
    address: str = request.getfixturevalue("postgres_url")
    databases.empty(address)
    return address


@pytest.mark.parametrize(("attempts", "credits"), [SMALL, LARGE])
def test_no_credit_is_spent_twice(url: str, attempts: int, credits: int) -> None:
    """L1: more attempts than credits, one credit each; exactly the credits are spent."""
    account_id = open_account(url, credits)
    tally, elapsed = race(url, spend, [(account_id, attempts // PROCESSES)] * PROCESSES)
    print(f"\nL1 {url.partition(':')[0]}: {tally.summary(elapsed)}")
    assert spending_problems(url, tally, credits=credits) == []
    assert tally.outcomes["refused"] == attempts - credits


def test_the_race_catches_a_ledger_that_reads_then_writes(url: str) -> None:
    """L2: the same race, judged by the same function, with a naive ledger."""
    account_id = open_account(url, 80)
    tally, _ = race(url, spend, [(account_id, 100)] * PROCESSES, ledger="naive")
    found = spending_problems(url, tally, credits=80)
    print(f"\nL2 {url.partition(':')[0]}: {dict(tally.outcomes)}; {sorted(set(found))}")
    assert found


@pytest.mark.parametrize("count", [100, pytest.param(500, marks=[pytest.mark.long, pytest.mark.timeout(600)])])
def test_a_hold_ends_once(url: str, count: int) -> None:
    """L3: eight racers capture or release every hold; each hold has one end, and the books know which."""
    account_id = open_account(url, 1000)
    books = bookkeeper()
    wanted = [Reservation(ref_type="race", ref_id=str(n), operation="edit", amount=2) for n in range(count)]
    with databases.opened(url) as database, database.new_work() as work:
        holds = books.reserve(work, account_id=account_id, wanted=wanted, price_version="1", note=NOTE)
        work.commit()
    tally, elapsed = race(url, settle, [(seed, [hold.id for hold in holds]) for seed in range(PROCESSES)])
    print(f"\nL3 {url.partition(':')[0]}: {tally.summary(elapsed)}")
    captured, released = tally.outcomes["captured"], tally.outcomes["released"]
    assert captured + released == count
    assert set(tally.outcomes) <= {"captured", "released", "late"}
    with databases.opened(url) as database, database.new_reading() as work:
        states = [hold.state for hold in work.ledger.books().holds]
        account = work.ledger.lock(account_id)
    assert (states.count(HoldState.CAPTURED), states.count(HoldState.RELEASED)) == (captured, released)
    assert (account.posted, account.held) == (1000 - 2 * captured, 0)
    assert problems(url) == []


def test_a_purchase_that_is_reported_again_and_again_counts_once(url: str) -> None:
    """L5: 200 purchases, each delivered five times, shuffled, by eight senders."""
    account_id = open_account(url, 0)
    chance = random.Random(5)
    deliveries = [f"payment:{n}" for n in range(200)] * 5
    chance.shuffle(deliveries)
    shares = [(account_id, deliveries[sender::PROCESSES]) for sender in range(PROCESSES)]
    tally, elapsed = race(url, deliver, shares)
    print(f"\nL5 {url.partition(':')[0]}: {tally.summary(elapsed)}")
    assert set(tally.outcomes) <= {"delivered", "known before"}
    with databases.opened(url) as database, database.new_reading() as work:
        found = work.ledger.books()
    assert len(found.lots) == len(found.transactions) == 200
    assert found.accounts[0].posted == 200
    assert problems(url) == []
