"""Many processes that move credits of one account at once, and the judgement of what came of it."""

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import Any

import attrs

from adapters.storage.sql import Database, open_database, retrying
from adapters.system.clock import SystemClock
from adapters.system.ids import UlidGenerator
from core.domain.credits.audit import audit
from core.domain.credits.ledger import HoldState, Source
from core.errors import I2IError, InsufficientCreditsError
from core.ports.unit_of_work import UnitOfWork
from core.usecases.credits.bookkeeper import Bookkeeper, Note, Reservation
from tests.factories import make_user
from tests.support.databases import opened
from tests.support.naive_ledger import open_naive

PROCESSES = 8
NOTE = Note(actor="race", reason="race")
OPENERS: dict[str, Callable[[str], Database]] = {"real": open_database, "naive": open_naive}

_barrier: Barrier | None = None


@attrs.frozen(kw_only=True)
class Tally:
    """What one process, or all, did: outcomes by name, and the seconds of each attempt."""

    outcomes: Counter[str]
    seconds: list[float]

    def summary(self, elapsed: float) -> str:
        """Write the figures in one line."""
        ordered = sorted(self.seconds)
        p99, most = ordered[int(len(ordered) * 0.99)] * 1000, ordered[-1] * 1000
        rate = len(ordered) / elapsed
        return f"{dict(self.outcomes)} in {elapsed:.1f} s, {rate:.0f}/s, p99 {p99:.0f} ms, max {most:.0f} ms"


Job = Callable[[Database, Any, Tally], None]


def bookkeeper() -> Bookkeeper:
    """Return a bookkeeper with the real clock and ids."""
    return Bookkeeper(clock=SystemClock(), ids=UlidGenerator())


def open_account(url: str, credits: int) -> str:
    """Open the account of a new user with some credits and return its id."""
    books = bookkeeper()
    with opened(url) as database, database.new_work() as work:
        user = make_user(id=books.ids.new())
        work.users.add(user)
        account = books.open_account(work, owner_id=user.id, is_unmetered=False)
        if credits:
            books.grant(
                work, account_id=account.id, amount=credits, source=Source.PURCHASE, origin_key="race", note=NOTE
            )  # fmt: skip
        work.commit()
    return account.id


def race(url: str, job: Job, shares: list[Any], *, ledger: str = "real") -> tuple[Tally, float]:
    """Run a job once per share, each in a process of its own, all at the same moment; return what they did.

    Args:
        job: a function of a module, so that it can be sent to another process.
    """
    # The fork server imports everything once, so that eight processes start as fast as one.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    barrier = context.Barrier(len(shares) + 1)
    with ProcessPoolExecutor(len(shares), context, initializer=_remember, initargs=(barrier,)) as pool:
        running = [pool.submit(_take_part, url, job, share, ledger) for share in shares]
        barrier.wait(60)
        start = time.perf_counter()
        tallies = [future.result(600) for future in running]
        elapsed = time.perf_counter() - start
    outcomes = sum((tally.outcomes for tally in tallies), Counter[str]())
    return Tally(outcomes=outcomes, seconds=[s for tally in tallies for s in tally.seconds]), elapsed


def _remember(barrier: Barrier) -> None:
    global _barrier  # noqa: PLW0603 - a barrier reaches another process only when that is started
    _barrier = barrier


def _take_part(url: str, job: Job, share: Any, ledger: str) -> Tally:
    database = OPENERS[ledger](url)
    tally = Tally(outcomes=Counter(), seconds=[])
    try:
        with database.new_reading() as work:
            work.ledger.find_tx("warm up")
        assert _barrier is not None
        _barrier.wait(60)
        job(database, share, tally)
    finally:
        database.close()
    return tally


def attempt(database: Database, tally: Tally, move: Callable[[UnitOfWork], str]) -> None:
    """Do one unit of work and count its outcome; errors are counted by their code."""

    def work_once() -> str:
        with database.new_work() as work:
            outcome = move(work)
            work.commit()
        return outcome

    start = time.perf_counter()
    try:
        outcome = retrying(work_once)
    except InsufficientCreditsError:
        outcome = "refused"
    except I2IError as error:
        outcome = f"error {error.code}"
    tally.seconds.append(time.perf_counter() - start)
    tally.outcomes[outcome] += 1


def spend(database: Database, share: tuple[str, int], tally: Tally) -> None:
    """Reserve and capture one credit, so many times."""
    books = bookkeeper()
    account_id, times = share
    holds: list[str] = []

    def reserve(work: UnitOfWork) -> str:
        wanted = [Reservation(ref_type="race", ref_id=books.ids.new(), operation="edit", amount=1)]
        held = books.reserve(work, account_id=account_id, wanted=wanted, price_version="1", note=NOTE)
        holds.append(held[0].id)
        return "reserved"

    def capture(work: UnitOfWork) -> str:
        return "captured" if books.capture(work, hold_id=holds[-1], note=NOTE) else "lost"

    for _ in range(times):
        before = tally.outcomes["reserved"]
        attempt(database, tally, reserve)
        if tally.outcomes["reserved"] > before:
            attempt(database, tally, capture)


def settle(database: Database, share: tuple[int, list[str]], tally: Tally) -> None:
    """Capture or release each hold, in an order of one's own."""
    books = bookkeeper()
    seed, holds = share
    chance = random.Random(seed)

    def capture(work: UnitOfWork) -> str:
        return "captured" if books.capture(work, hold_id=hold_id, note=NOTE) else "late"

    def release(work: UnitOfWork) -> str:
        return "released" if books.release(work, hold_id=hold_id) else "late"

    for hold_id in chance.sample(holds, len(holds)):  # noqa: B007 - both functions read it
        attempt(database, tally, capture if chance.random() < 0.5 else release)


def deliver(database: Database, share: tuple[str, list[str]], tally: Tally) -> None:
    """Grant one credit per key; keys come several times."""
    books = bookkeeper()
    account_id, keys = share

    def grant(work: UnitOfWork) -> str:
        known = work.ledger.find_tx(f"grant:{key}")
        books.grant(work, account_id=account_id, amount=1, source=Source.PURCHASE, origin_key=key, note=NOTE)
        return "known before" if known else "delivered"

    for key in keys:  # noqa: B007 - the function reads it
        attempt(database, tally, grant)


def problems(url: str) -> list[str]:
    """Return what an audit finds, and accounts whose past cannot be told from their entries."""
    with opened(url) as database, database.new_reading() as work:
        books = work.ledger.books()
        found = [f"{v.invariant} {v.message}" for v in audit(books).violations]
        now = SystemClock().now()
        past = {account.id: work.ledger.balance_at(account.id, now) for account in books.accounts}
    found += [f"I10 {a.id}" for a in books.accounts if past[a.id] != a.posted]
    return found


def spending_problems(url: str, tally: Tally, *, credits: int) -> list[str]:
    """Return how a race of ``spend`` went wrong; nothing when exactly the credits were spent and the books agree."""
    found = problems(url)
    done = tally.outcomes["captured"]
    if done != credits:
        found.append(f"{done} of {credits} credits were spent")
    found += [name for name in tally.outcomes if name not in {"captured", "reserved", "refused"}]
    with opened(url) as database, database.new_reading() as work:
        books = work.ledger.books()
    captured = sum(hold.state is HoldState.CAPTURED for hold in books.holds)
    if (captured, len(books.holds)) != (credits, credits):
        found.append(f"{captured} of {len(books.holds)} holds captured")
    return found
