"""What the page of credits reads: movements of some kinds, reservations by order, orders by reservation."""

from core.domain.credits.ledger import CreditAccount, HoldState, Lot, TxKind
from core.ports.unit_of_work import UnitOfWork
from tests.factories import Seed, make_entries, make_hold, make_item, make_run, make_tx
from tests.support.databases import AnyDatabase


def moved(work: UnitOfWork, account: CreditAccount, lot: Lot, *, kind: TxKind, amount: int) -> None:
    """Post one movement."""
    now = work.ledger.lock(account.id)
    tx = make_tx(kind=kind)
    work.ledger.post(tx, make_entries(tx, now, lot, amount))


def test_movements_of_some_kinds_within_bounds(database: AnyDatabase) -> None:
    with database.new_work() as work:
        account = Seed(work).account()
        lot = Seed(work).grant(account, 100)
        for kind in (TxKind.CAPTURE, TxKind.REFUND, TxKind.CAPTURE, TxKind.EXPIRY):
            moved(work, account, lot, kind=kind, amount=-1 if kind is not TxKind.REFUND else 1)

        def seen(**wanted: object) -> list[int | None]:
            history = work.ledger.history(account.id, **{"before": None, "limit": 9, **wanted})  # type: ignore[arg-type]
            return [entry.seq for _, entry in history]

        assert seen() == [5, 4, 3, 2, 1]
        assert seen(kinds=frozenset({TxKind.CAPTURE})) == [4, 2]
        assert seen(kinds=frozenset({TxKind.CAPTURE, TxKind.GRANT})) == [4, 2, 1]
        assert seen(kinds=frozenset({TxKind.CAPTURE}), limit=1) == [4]
        assert seen(kinds=frozenset({TxKind.CAPTURE}), before=4) == [2]
        assert seen(kinds=frozenset({TxKind.CAPTURE}), floor=3) == [4]
        assert seen(floor=4) == [5, 4]


def test_reservations_are_told_by_order(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        account = seed.account()
        lot = seed.grant(account, 100)
        orders = [seed.order(account.owner_id, name=name) for name in ("Shoes", "Boots")]
        holds = []
        for order, amounts in zip(orders, ((4, 5), (6, 7)), strict=True):
            run = make_run(order.id)
            items = [make_item(run, seed.image(order, position=n).id) for n in (1, 2)]
            work.runs.add(run, items)
            for item, amount in zip(items, amounts, strict=True):
                holds.append(make_hold(lot, ref_id=item.id, amount=amount))
                work.ledger.add_hold(holds[-1])
        stray = make_hold(lot, ref_type="charge", ref_id="elsewhere")
        work.ledger.add_hold(stray)
        assert work.ledger.settle_hold(holds[0].id, state=HoldState.CAPTURED, captured=4)
        shoes, boots = orders[0].id, orders[1].id
        assert work.ledger.held_by_order(account.id) == {shoes: 5, boots: 13}
        assert work.ledger.held_by_order("none") == {}
        found = work.ledger.orders_of([holds[0].id, holds[3].id, stray.id, "none"])
        assert found == {holds[0].id: shoes, holds[3].id: boots}
        assert work.ledger.orders_of([]) == {}
        assert work.orders.names([shoes, boots, "none"]) == {shoes: "Shoes", boots: "Boots"}
