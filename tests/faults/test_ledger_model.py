"""L4: whatever happens in whatever order, the ledger agrees with a model on paper and every invariant holds."""

import datetime as dt
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from adapters.storage.memory import MemoryDatabase
from core.domain.credits.audit import audit
from core.domain.credits.ledger import HoldState, LedgerEntry, Source
from core.errors import ConflictError, InsufficientCreditsError
from core.ports.unit_of_work import UnitOfWork
from core.usecases.credits.bookkeeper import REFUND_GRACE_DAYS, Bookkeeper, Note, Reservation
from tests.factories import CountingIds, FixedClock, Seed, make_user, new_id
from tests.support import databases
from tests.support.databases import AnyDatabase
from tests.support.ledger_model import LedgerModel, ModelLot

NOTE = Note(actor="ada", reason="because")
GRACE = dt.timedelta(days=REFUND_GRACE_DAYS)
GRANTS, PRICES = st.integers(1, 15), st.integers(1, 8)
SHARES = st.just(1.0) | st.floats(0.01, 1)
CRASHES = st.sampled_from([False, False, False, False, True])


class CrashError(Exception):
    """The process died before it committed."""


class LedgerMachine(RuleBasedStateMachine):
    """Grants, reservations, captures, releases, refunds and expiries of one account, in any order."""

    holds: Bundle[str] = Bundle("holds")
    captures: Bundle[str] = Bundle("captures")
    grants: Bundle[tuple[str, int, dt.datetime | None]] = Bundle("grants")
    open: Callable[[ExitStack], AnyDatabase]

    @initialize()
    def begin(self) -> None:
        """Open an account, and one of a bystander that nothing may touch."""
        self.resources = ExitStack()
        self.database = type(self).open(self.resources)
        self.clock = FixedClock()
        self.books = Bookkeeper(clock=self.clock, ids=CountingIds())
        self.model = LedgerModel()
        self.past: list[tuple[dt.datetime, int]] = []
        self.entries: tuple[LedgerEntry, ...] = ()
        with self.database.new_work() as work:
            user = make_user()
            work.users.add(user)
            self.account = self.books.open_account(work, owner_id=user.id, is_unmetered=False).id
            self.bystander = Seed(work).account(50)
            work.commit()
        self.grant_once("first", 12, self.clock.now() + dt.timedelta(days=6), crash=False)
        self.model.lots["first"] = ModelLot(remaining=12, expires_at=self.clock.now() + dt.timedelta(days=6))

    def teardown(self) -> None:
        """Close the database."""
        if hasattr(self, "resources"):
            self.resources.close()

    def move(self, action: Callable[[UnitOfWork], object], *, crash: bool) -> object:
        """Run one unit of work; with ``crash`` it dies just before it commits."""
        with self.database.new_work() as work:
            result = action(work)
            if crash:
                raise CrashError
            work.commit()
        return result

    def grant_once(self, key: str, amount: int, expires_at: dt.datetime | None, *, crash: bool) -> None:
        """Bring credits in."""
        self.move(
            lambda work: self.books.grant(
                work, account_id=self.account, amount=amount, source=Source.PURCHASE, origin_key=key, note=NOTE,
                expires_at=expires_at,
            ),
            crash=crash,
        )  # fmt: skip

    @rule(target=grants, amount=GRANTS, days=st.none() | st.integers(1, 9), crash=CRASHES)
    def grant(self, amount: int, days: int | None, crash: bool) -> Any:
        """Grant; a crashed grant can be repeated later under its key."""
        key = f"payment:{new_id()}"
        expires_at = None if days is None else self.clock.now() + dt.timedelta(days=days)
        try:
            self.grant_once(key, amount, expires_at, crash=crash)
        except CrashError:
            return multiple()
        self.model.lots[key] = ModelLot(remaining=amount, expires_at=expires_at)
        return (key, amount, expires_at)

    @rule(known=grants, is_same=st.booleans())
    def grant_again(self, known: tuple[str, int, dt.datetime | None], is_same: bool) -> None:
        """A grant that is delivered again changes nothing, ever; a different one is refused."""
        key, amount, expires_at = known
        if is_same:
            self.grant_once(key, amount, expires_at, crash=False)
            return
        with pytest.raises(ConflictError) as refused:
            self.grant_once(key, amount + 1, expires_at, crash=False)
        assert refused.value.code == "idempotency_mismatch"

    @rule(target=holds, amounts=st.lists(PRICES, min_size=1, max_size=4), crash=CRASHES)
    def reserve(self, amounts: list[int], crash: bool) -> Any:
        """Reserve for several pieces of work, all or none."""
        wanted = [Reservation(ref_type="item", ref_id=new_id(), operation="edit", amount=amount) for amount in amounts]
        now = self.clock.now()
        made: list[str] = []

        def action(work: UnitOfWork) -> None:
            found = self.books.reserve(work, account_id=self.account, wanted=wanted, price_version="1", note=NOTE)
            made.extend(hold.id for hold in found)

        try:
            self.move(action, crash=crash)
        except InsufficientCreditsError:
            assert not self.model.can_reserve(sum(amounts), now)
            return multiple()
        except CrashError:
            return multiple()
        assert self.model.can_reserve(sum(amounts), now)
        self.model.expire(now)
        for hold, amount in zip(made, amounts, strict=True):
            self.model.reserve(hold, amount, now)
        return multiple(*made)

    @rule(target=captures, hold=holds, share=SHARES, crash=CRASHES)
    def capture(self, hold: str, share: float, crash: bool) -> Any:
        """Capture all or a part of a hold; one that has ended stays as it ended."""
        return self.capture_share(hold, share, crash=crash)

    @precondition(lambda self: self.model.holds)
    @rule(target=captures, place=st.integers(0, 99), share=SHARES, crash=CRASHES)
    def capture_open(self, place: int, share: float, crash: bool) -> Any:
        """Capture one that is open for sure."""
        return self.capture_share(list(self.model.holds)[place % len(self.model.holds)], share, crash=crash)

    def capture_share(self, hold: str, share: float, *, crash: bool) -> Any:
        """Capture, and keep the model in step."""
        parts = self.model.holds.get(hold)
        amount = 1 if parts is None else max(1, round(share * sum(amount for _, amount in parts)))
        made: list[str] = []

        def action(work: UnitOfWork) -> None:
            tx = self.books.capture(work, hold_id=hold, note=NOTE, amount=amount)
            made.extend([tx.id] if tx else [])

        try:
            self.move(action, crash=crash)
        except CrashError:
            return multiple()
        assert bool(made) == (parts is not None)
        if parts is None:
            return multiple()
        self.model.capture(hold, made[0], amount, self.clock.now())
        return made[0]

    @rule(hold=holds, state=st.sampled_from([HoldState.RELEASED, HoldState.EXPIRED]), crash=CRASHES)
    def release(self, hold: str, state: HoldState, crash: bool) -> None:
        """Give a hold back; one that has ended stays as it ended."""
        try:
            given = self.move(lambda work: self.books.release(work, hold_id=hold, state=state), crash=crash)
        except CrashError:
            return
        assert given == (hold in self.model.holds)
        if given:
            self.model.release(hold, state.value, self.clock.now())

    @rule(tx=captures, crash=CRASHES)
    def refund(self, tx: str, crash: bool) -> None:
        """Take a capture back; the second time changes nothing."""
        try:
            self.move(lambda work: self.books.refund(work, tx_id=tx, note=NOTE), crash=crash)
        except CrashError:
            return
        if tx not in self.model.refunded:
            self.model.refund(tx, self.clock.now(), GRACE)

    @rule(crash=CRASHES)
    def expire(self, crash: bool) -> None:
        """Let lapsed credits go."""
        try:
            self.move(lambda work: self.books.expire(work, account_id=self.account), crash=crash)
        except CrashError:
            return
        self.model.expire(self.clock.now())

    @rule(hours=st.integers(1, 24 * 5))
    def wait(self, hours: int) -> None:
        """Let time pass, and remember the balance of this moment."""
        self.past.append((self.clock.now(), self.model.posted))
        self.clock.advance(hours=hours)

    @invariant()
    def agrees(self) -> None:
        """The books are sound, agree with the model, and nothing that was written has changed."""
        with self.database.new_reading() as work:
            books = work.ledger.books()
            account, bystander = work.ledger.lock(self.account), work.ledger.lock(self.bystander.id)
            past = [work.ledger.balance_at(self.account, moment) for moment, _ in self.past[-3:]]
        report = audit(books)
        assert report.violations == ()
        assert bystander == self.bystander
        assert (account.posted, account.held) == (self.model.posted, self.model.held)
        assert (report.consumed, report.expired) == (self.model.spent, self.model.lapsed)
        assert past == [balance for _, balance in self.past[-3:]]
        lots = [(lot.remaining, lot.held, lot.expires_at) for lot in books.lots if lot.account_id == self.account]
        model = [(lot.remaining, lot.held, lot.expires_at) for lot in self.model.lots.values()]
        assert sorted(lots, key=str) == sorted(model, key=str)
        ended = {hold.id: hold.state.value for hold in books.holds if hold.state is not HoldState.HELD}
        assert ended == self.model.ended
        assert books.entries[: len(self.entries)] == self.entries
        self.entries = books.entries


def machine(open_database: Callable[[ExitStack], AnyDatabase]) -> type[LedgerMachine]:
    """Return the machine for one kind of database."""
    return type("LedgerMachine", (LedgerMachine,), {"open": staticmethod(open_database)})


def examples(count: int, steps: int) -> settings:
    """Return a profile; a failing example is printed with its steps."""
    return settings(
        max_examples=count,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


LONG = [pytest.mark.long, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("count", [500, pytest.param(20_000, marks=LONG)])
def test_in_memory(count: int) -> None:
    run_state_machine_as_test(machine(lambda _: MemoryDatabase()), settings=examples(count, 50))


@pytest.mark.parametrize("count", [30, pytest.param(300, marks=LONG)])
def test_on_sqlite(count: int, tmp_path: Path) -> None:
    template = databases.migrated_file(tmp_path)

    def fresh(resources: ExitStack) -> AnyDatabase:
        folder = tmp_path / new_id()
        folder.mkdir()
        return resources.enter_context(databases.opened(databases.copy_template(template, folder)))

    run_state_machine_as_test(machine(fresh), settings=examples(count, 50))


@pytest.mark.postgres
@pytest.mark.parametrize("count", [15, pytest.param(150, marks=LONG)])
def test_on_postgresql(count: int, postgres_url: str) -> None:
    def fresh(resources: ExitStack) -> AnyDatabase:
        databases.empty(postgres_url)
        return resources.enter_context(databases.opened(postgres_url))

    run_state_machine_as_test(machine(fresh), settings=examples(count, 50))


class Forgetful(Bookkeeper):
    """A wrong bookkeeper: it releases a hold without giving the credits of its lots free."""

    def release(self, work: UnitOfWork, *, hold_id: str, state: HoldState = HoldState.RELEASED) -> bool:
        """Settle the hold and the account, and forget the lots."""
        hold = work.ledger.get_hold(hold_id)
        if not work.ledger.settle_hold(hold_id, state=state, captured=0):
            return False
        work.ledger.unreserve(hold.account_id, hold.amount)
        return True


def test_a_wrong_bookkeeper_is_caught() -> None:
    class WrongMachine(LedgerMachine):
        open = staticmethod(lambda _: MemoryDatabase())

        def begin(self) -> None:
            super().begin()
            self.books = Forgetful(**attrs.asdict(self.books, recurse=False))

        begin = initialize()(begin)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(WrongMachine, settings=settings(examples(100, 30), phases=[Phase.generate]))
