"""The ledger's primitives: guarded, unique, append-only."""

from typing import Any

import attrs
import pytest

from core.domain.credits.audit import audit
from core.domain.credits.ledger import Allocation, HoldState, Source, TxKind
from core.errors import ConflictError, NotFoundError
from core.ports.repositories.ledger import HoldTotals
from tests.factories import HOUR, NOW, Seed, make_account, make_entries, make_hold, make_lot, make_tx
from tests.support.databases import AnyDatabase


def test_a_user_has_one_account(database: AnyDatabase) -> None:
    with database.new_work() as work:
        user = Seed(work).user()
        account = make_account(user.id, is_unmetered=True)
        work.ledger.add_account(account)
        assert work.ledger.account_of(user.id) == work.ledger.lock(account.id) == account
        with pytest.raises(ConflictError) as refused:
            work.ledger.add_account(make_account(user.id))
        assert refused.value.code == "stale"
        with pytest.raises(NotFoundError):
            work.ledger.account_of("nobody")
        with pytest.raises(NotFoundError):
            work.ledger.lock("none")


def test_reserving_stops_at_what_is_available(database: AnyDatabase) -> None:
    with database.new_work() as work:
        account = Seed(work).account(10)
        assert work.ledger.try_reserve(account.id, 7)
        assert not work.ledger.try_reserve(account.id, 4)
        assert work.ledger.lock(account.id) == attrs.evolve(account, held=7)
        assert work.ledger.try_reserve(account.id, 3)
        assert not work.ledger.try_reserve(account.id, 1)
        assert not work.ledger.try_reserve("none", 1)
        work.ledger.unreserve(account.id, 4)
        assert work.ledger.lock(account.id).available == 4
        with pytest.raises(ConflictError):
            work.ledger.unreserve(account.id, 7)
        assert work.ledger.lock(account.id).held == 6


def test_posting_moves_the_balance(database: AnyDatabase) -> None:
    with database.new_work() as work:
        account = Seed(work).account()
        lots = [make_lot(account.id), make_lot(account.id, source=Source.PROMO, granted=50, remaining=50, priority=9)]
        for lot in lots:
            work.ledger.add_lot(lot)
        tx = make_tx(reason="鞋", kind=TxKind.EXPIRY)
        first, _ = make_entries(tx, account, lots[0], 100)
        second, _ = make_entries(tx, attrs.evolve(account, version=1, posted=100), lots[1], 50)
        other_side = attrs.evolve(
            first, account_id="system:issuance", amount=-150, lot_id=None, seq=None, balance_after=None
        )
        work.ledger.post(tx, iter([first, second, other_side]))
        assert work.ledger.lock(account.id) == attrs.evolve(account, posted=150, version=2)
        assert work.ledger.get_tx(tx.id) == work.ledger.find_tx(tx.idempotency_key) == tx
        assert work.ledger.entries_of(tx.id) == (first, second, other_side)
        assert work.ledger.find_tx("none") is None
        assert work.ledger.entries_of("none") == ()
        with pytest.raises(NotFoundError):
            work.ledger.get_tx("none")
        assert audit(work.ledger.books()).is_clean


def test_a_key_is_posted_once(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        account = seed.account(10)
        lot = work.ledger.lots(account.id)[0]
        tx = make_tx()
        work.ledger.post(tx, make_entries(tx, account, lot, 1))
        before = work.ledger.lock(account.id)
        again = make_tx(idempotency_key=tx.idempotency_key)
        with pytest.raises(ConflictError) as refused:
            work.ledger.post(again, make_entries(again, before, lot, 1))
        assert refused.value.code == "duplicate_key"
        assert work.ledger.lock(account.id) == before, "nothing moved, and the unit of work stays usable"
        assert work.ledger.find_tx(tx.idempotency_key) == tx


def test_a_transaction_is_taken_back_once(database: AnyDatabase) -> None:
    with database.new_work() as work:
        account = Seed(work).account(10)
        lot = work.ledger.lots(account.id)[0]
        paid = make_tx(kind=TxKind.CAPTURE)
        work.ledger.post(paid, make_entries(paid, account, lot, -4))
        assert work.ledger.find_reversal(paid.id) is None
        refund = make_tx(kind=TxKind.REFUND, reverses=paid.id)
        work.ledger.post(refund, make_entries(refund, work.ledger.lock(account.id), lot, 4))
        assert work.ledger.find_reversal(paid.id) == refund
        second = make_tx(kind=TxKind.REFUND, reverses=paid.id)
        with pytest.raises(ConflictError) as refused:
            work.ledger.post(second, make_entries(second, work.ledger.lock(account.id), lot, 4))
        assert refused.value.code == "already_reversed"
        assert work.ledger.lock(account.id).posted == 10


def test_posting_on_old_knowledge_is_refused(database: AnyDatabase) -> None:
    with database.new_work() as work:
        account = Seed(work).account(10)
        lot = work.ledger.lots(account.id)[0]
        work.commit()
    for wrong in (attrs.evolve(account, version=0), attrs.evolve(account, posted=9), attrs.evolve(account, version=2)):
        with database.new_work() as work:
            tx = make_tx()
            with pytest.raises(ConflictError) as refused:
                work.ledger.post(tx, make_entries(tx, wrong, lot, 1))
            assert refused.value.code == "stale"
    with database.new_reading() as work:
        assert work.ledger.lock(account.id) == account
        assert audit(work.ledger.books()).is_clean


def test_entries_that_do_not_balance_are_a_mistake(database: AnyDatabase) -> None:
    with database.new_work() as work:
        account = Seed(work).account(10)
        tx = make_tx()
        entries = make_entries(tx, account, work.ledger.lots(account.id)[0], 1)
        for wrong in (entries[:1], ()):
            with pytest.raises(ValueError, match="sum to zero"):
                work.ledger.post(tx, wrong)


def test_lots(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        account, other = seed.account(), seed.account(5)
        full = make_lot(
            account.id, source=Source.PLAN, granted=10**12, remaining=70, held=30, priority=10, created_at=NOW + HOUR,
            effective_at=NOW + HOUR, expires_at=NOW + 2 * HOUR,
        )  # fmt: skip
        old, empty = make_lot(account.id), make_lot(account.id, remaining=0)
        for lot in (full, old, empty):
            work.ledger.add_lot(lot)
        assert work.ledger.lots(account.id) == (old, full)
        assert work.ledger.lots_by_id([empty.id, full.id, empty.id, "none"]) == {empty.id: empty, full.id: full}
        assert work.ledger.lots_by_id(iter(())) == {}
        changed = attrs.evolve(full, remaining=40, held=0)
        work.ledger.save_lots(iter([attrs.evolve(changed, priority=99), attrs.evolve(old, remaining=0)]))
        assert work.ledger.lots(account.id) == (changed,), "only what remains and what is held is stored"
        with pytest.raises(ConflictError) as refused:
            work.ledger.add_lot(make_lot(other.id, origin_key=full.origin_key))
        assert refused.value.code == "duplicate_key"
        with pytest.raises(NotFoundError):
            work.ledger.save_lots([make_lot(account.id)])


def test_holds(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        account = seed.account()
        lots = [seed.grant(account, 100) for _ in range(3)]
        # Burn order is not the order of ids.
        parts = tuple(Allocation(lot_id=lot.id, amount=n) for n, lot in enumerate(reversed(lots), 1))
        hold = make_hold(lots[0], amount=6, allocations=parts)
        plain = make_hold(lots[1])
        for each in (hold, plain):
            work.ledger.add_hold(each)
        assert work.ledger.get_hold(hold.id) == hold
        with pytest.raises(ConflictError) as refused:
            work.ledger.add_hold(make_hold(lots[0], ref_type=hold.ref_type, ref_id=hold.ref_id))
        assert refused.value.code == "duplicate_key"
        with pytest.raises(NotFoundError):
            work.ledger.get_hold("none")
        assert work.ledger.settle_hold(hold.id, state=HoldState.CAPTURED, captured=5)
        for state in (HoldState.RELEASED, HoldState.CAPTURED):
            assert not work.ledger.settle_hold(hold.id, state=state, captured=0)
        assert not work.ledger.settle_hold("none", state=HoldState.RELEASED, captured=0)
        assert work.ledger.get_hold(hold.id) == attrs.evolve(hold, state=HoldState.CAPTURED, captured_amount=5)
        assert work.ledger.get_hold(plain.id).state is HoldState.HELD


def test_holds_are_summed_up(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        lot = seed.grant(seed.account(), 100)
        holds = [make_hold(lot, amount=amount) for amount in (4, 5, 6, 7)]
        for hold in holds:
            work.ledger.add_hold(hold)
        work.ledger.settle_hold(holds[1].id, state=HoldState.CAPTURED, captured=3)
        work.ledger.settle_hold(holds[2].id, state=HoldState.RELEASED, captured=0)
        totals = work.ledger.hold_totals([*(h.id for h in holds[:3]), "none"])
        assert totals == HoldTotals(held=4, captured=3, released=2 + 6)
        assert work.ledger.hold_totals(h.id for h in holds) == HoldTotals(held=11, captured=3, released=8)
        assert work.ledger.hold_totals([]) == HoldTotals()


def test_overdue_holds_are_found(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        lot = seed.grant(seed.account(), 100)
        late, later, fresh, ended = (make_hold(lot, expires_at=NOW + n * HOUR) for n in (2, 1, 3, 1))
        for hold in (late, later, fresh, ended):
            work.ledger.add_hold(hold)
        work.ledger.settle_hold(ended.id, state=HoldState.RELEASED, captured=0)
        assert work.ledger.overdue_holds(NOW + 2 * HOUR, limit=9) == (later, late)
        assert work.ledger.overdue_holds(NOW + 2 * HOUR, limit=1) == (later,)
        assert work.ledger.overdue_holds(NOW, limit=9) == ()


def test_accounts_with_expired_credits_are_found(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        accounts = [seed.account() for _ in range(4)]
        for account, lot in (
            (accounts[1], {"expires_at": NOW}),
            (accounts[0], {"expires_at": NOW}),
            (accounts[0], {"expires_at": NOW}),
            (accounts[2], {"expires_at": NOW, "remaining": 5, "held": 5}),
            (accounts[3], {"expires_at": NOW + HOUR}),
            (accounts[3], {}),
        ):
            work.ledger.add_lot(make_lot(account.id, **lot))
        found = work.ledger.accounts_with_expired_lots(NOW, limit=9)
        assert found == (accounts[0].id, accounts[1].id)
        assert work.ledger.accounts_with_expired_lots(NOW, limit=1) == (accounts[0].id,)


def test_history_and_past_balances(database: AnyDatabase) -> None:
    with database.new_work() as work:
        account = Seed(work).account()
        lot = make_lot(account.id)
        work.ledger.add_lot(lot)
        txs = []
        for n, amount in enumerate((50, -20, 30)):
            txs.append(make_tx(created_at=NOW + n * HOUR))
            work.ledger.post(txs[-1], make_entries(txs[-1], work.ledger.lock(account.id), lot, amount))
        history = work.ledger.history(account.id, before=None, limit=2)
        assert [(tx, entry.amount, entry.balance_after) for tx, entry in history] == [
            (txs[2], 30, 60),
            (txs[1], -20, 30),
        ]
        rest = work.ledger.history(account.id, before=history[-1][1].seq, limit=9)
        assert [(tx, entry.seq) for tx, entry in rest] == [(txs[0], 1)]
        moments = (NOW - HOUR, NOW, NOW + HOUR, NOW + 9 * HOUR)
        assert [work.ledger.balance_at(account.id, moment) for moment in moments] == [0, 50, 30, 60]
        assert work.ledger.balance_at("none", NOW) == 0
        assert work.ledger.balance_at("system:issuance", NOW) == -50


def test_the_books_hold_everything(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        accounts = [seed.account(100), seed.account(7)]
        lot = work.ledger.lots(accounts[0].id)[0]
        hold = make_hold(lot)
        assert work.ledger.try_reserve(accounts[0].id, hold.amount)
        work.ledger.save_lots([attrs.evolve(lot, held=hold.amount)])
        work.ledger.add_hold(hold)
        work.commit()
    with database.new_reading() as work:
        books = work.ledger.books()
        assert {account.id for account in books.accounts} == {account.id for account in accounts}
        assert (len(books.lots), len(books.transactions), len(books.entries)) == (2, 2, 4)
        assert books.holds == (hold,)
        assert audit(books).is_clean


@pytest.mark.parametrize("held", [-1, 11])
def test_impossible_accounts_are_refused(database: AnyDatabase, held: int) -> None:
    with database.new_work() as work, pytest.raises(ConflictError):
        work.ledger.add_account(make_account(Seed(work).user().id, posted=10, held=held))


@pytest.mark.parametrize("wrong", [{"held": 101}, {"remaining": 101}, {"held": -1}])
def test_impossible_lots_are_refused(database: AnyDatabase, wrong: dict[str, Any]) -> None:
    with database.new_work() as work, pytest.raises(ConflictError):
        work.ledger.add_lot(make_lot(Seed(work).account().id, **wrong))
    with database.new_work() as work:
        lot = Seed(work).grant(Seed(work).account(), 100)
        with pytest.raises(ConflictError):
            work.ledger.save_lots([attrs.evolve(lot, **wrong)])


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"captured_amount": 5}, {"captured_amount": -1}])
def test_impossible_holds_are_refused(database: AnyDatabase, wrong: dict[str, Any]) -> None:
    with database.new_work() as work:
        lot = Seed(work).grant(Seed(work).account(), 100)
        with pytest.raises(ConflictError):
            work.ledger.add_hold(make_hold(lot, **wrong))


def test_credits_that_are_held_cannot_leave(database: AnyDatabase) -> None:
    """The order of steps that a capture must keep: first unreserve, then post."""
    with database.new_work() as work:
        account = Seed(work).account(10)
        lot = work.ledger.lots(account.id)[0]
        assert work.ledger.try_reserve(account.id, 8)
        tx = make_tx()
        with pytest.raises(ConflictError):
            work.ledger.post(tx, make_entries(tx, account, lot, -4))
