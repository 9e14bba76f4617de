"""Granting, charging, quoting, and reading the books."""

import datetime as dt

import attrs
import pytest

from core.domain.credits.audit import audit
from core.domain.credits.ledger import HoldState, TxKind
from core.errors import ConflictError, InsufficientCreditsError, InvalidInputError, NotAllowedError, NotFoundError
from core.kernel.actor import Actor, Scope
from core.usecases.credits import read
from core.usecases.credits.bookkeeper import Bookkeeper, Note, Reservation
from core.usecases.credits.move import GRANT_CAP, ChargeCredits, GrantCredits
from core.usecases.credits.prices import ListPrices, QuoteOperations
from core.usecases.credits.read import AuditLedger, GetBalance, HistoryLine, ListHistory, ListHolds
from core.usecases.maintenance.reconcile import ExpireCredits, ReleaseOverdueHolds
from tests.factories import new_id
from tests.studio import PRICE, PRICES, Studio

NOTE = Note(actor="test", reason="Test")


def reserve(studio: Studio, actor: Actor, amount: int) -> str:
    """Hold some credits and return the hold's id."""
    with studio.app.new_work() as work:
        (hold,) = studio.use(Bookkeeper).reserve(
            work, account_id=work.ledger.account_of(actor.user_id).id, price_version="x", note=NOTE,
            wanted=[Reservation(ref_type="test", ref_id=new_id(), operation="studio_edit", amount=amount)],
        )  # fmt: skip
        work.commit()
    return hold.id


def settle(studio: Studio, hold_id: str, *, capture: int | None) -> bool:
    """Capture or release a hold; False when it had ended before."""
    with studio.app.new_work() as work:
        books = studio.use(Bookkeeper)
        if capture is None:
            ended = books.release(work, hold_id=hold_id)
        else:
            ended = books.capture(work, hold_id=hold_id, note=NOTE, amount=capture) is not None
        work.commit()
    return ended


def grant(studio: Studio, actor: Actor, amount: int, *, days: int | None = None, key: str | None = None) -> None:
    """Grant credits as the administrator."""
    ends = studio.clock.now() + dt.timedelta(days=days) if days else None
    studio.use(GrantCredits)(
        actor=studio.operator(), user_id=actor.user_id, amount=amount, reason="Gift", expires_at=ends,
        idempotency_key=key,
    )  # fmt: skip


def test_a_grant_needs_an_administrator_a_reason_and_a_sane_amount(studio: Studio, ada: Actor) -> None:
    give, admin = studio.use(GrantCredits), studio.operator()
    with pytest.raises(NotAllowedError):
        give(actor=ada, user_id=ada.user_id, amount=5, reason="please")
    for amount, reason, code in (
        (5, "  ", "reason_required"), (5, "x" * 501, "reason_required"), (0, "why", "invalid_amount"),
        (-5, "why", "invalid_amount"), (GRANT_CAP + 1, "why", "grant_too_large"),
    ):  # fmt: skip
        with pytest.raises(InvalidInputError) as refused:
            give(actor=admin, user_id=ada.user_id, amount=amount, reason=reason)
        assert refused.value.code == code
    with pytest.raises(NotFoundError):
        give(actor=admin, user_id="0" * 26, amount=5, reason="why")
    assert studio.balance(ada).available == 100


def test_a_grant_with_a_key_is_booked_once(studio: Studio, ada: Actor) -> None:
    for _ in range(3):
        grant(studio, ada, 7, key="gift-1")
    assert studio.balance(ada).available == 107
    with pytest.raises(ConflictError) as refused:
        grant(studio, ada, 8, key="gift-1")
    assert refused.value.code == "idempotency_mismatch"
    bob = studio.customer("bob@example.com", credits=0)
    grant(studio, bob, 8, key="gift-1")
    assert studio.balance(bob).available == 8
    studio.audit()


@pytest.mark.req("S2-TOK-02", "S2-TOK-12", "S2-TOK-13", "S1-CRED-03")
def test_a_charge_is_booked_once_under_its_key(studio: Studio, ada: Actor) -> None:
    charge = studio.use(ChargeCredits)
    for _ in range(2):
        account = charge(actor=ada, operation="raster_generation", quantity=5, idempotency_key="c1")
        assert (account.available, account.held) == (80, 0)
    with pytest.raises(ConflictError):
        charge(actor=ada, operation="raster_generation", quantity=6, idempotency_key="c1")
    lines = studio.use(ListHistory)(actor=ada).items
    assert [(x.kind, x.amount, x.balance_after, x.reason) for x in lines] == [
        ("capture", -20, 80, "5 × raster_generation"),
        ("grant", 100, 100, "Start"),
    ]
    studio.audit()


@pytest.mark.req("S2-TOK-14", "S2-ERR-01", "S2-ERR-02", "S2-ERR-03")
def test_a_charge_that_is_refused_changes_nothing(studio: Studio, ada: Actor) -> None:
    charge = studio.use(ChargeCredits)
    before = studio.balance(ada)
    with pytest.raises(InsufficientCreditsError) as short:
        charge(actor=ada, operation="raster_generation", quantity=26, idempotency_key="a")
    assert (short.value.available, short.value.required) == (100, 104)
    with pytest.raises(InvalidInputError) as unknown:
        charge(actor=ada, operation="levitation", quantity=1, idempotency_key="b")
    assert unknown.value.code == "invalid_operation"
    for quantity in (0, -1, 10_001):
        with pytest.raises(InvalidInputError):
            charge(actor=ada, operation="raster_generation", quantity=quantity, idempotency_key="c")
    reader = attrs.evolve(ada, scopes=frozenset({Scope.CREDITS_READ}))
    with pytest.raises(NotAllowedError):
        charge(actor=reader, operation="raster_generation", quantity=1, idempotency_key="d")
    assert studio.balance(ada) == before
    assert charge(actor=ada, operation="raster_generation", quantity=25, idempotency_key="a").available == 0


def test_credits_that_end_first_are_spent_first(studio: Studio) -> None:
    eve = studio.customer("eve@example.com", credits=0)
    grant(studio, eve, 10)
    grant(studio, eve, 10, days=30)
    grant(studio, eve, 10, days=3)
    settle(studio, reserve(studio, eve, 15), capture=15)
    studio.clock.advance(days=31)
    assert studio.use(ExpireCredits)() == 1
    assert studio.balance(eve).available == 10
    assert studio.audit().expired == 5


def test_lapsed_credits_cannot_be_spent_even_before_they_are_swept(studio: Studio) -> None:
    eve = studio.customer("eve@example.com", credits=0)
    grant(studio, eve, 10, days=1)
    studio.clock.advance(days=1)
    with pytest.raises(InsufficientCreditsError):
        reserve(studio, eve, 1)
    studio.audit()


def test_reserved_credits_do_not_lapse_under_the_work_but_when_it_ends(studio: Studio) -> None:
    eve = studio.customer("eve@example.com", credits=0)
    grant(studio, eve, 10, days=1)
    spent, unspent = reserve(studio, eve, 4), reserve(studio, eve, 3)
    studio.clock.advance(days=2)
    studio.use(ExpireCredits)()
    assert (studio.balance(eve).posted, studio.balance(eve).held) == (7, 7)
    assert settle(studio, spent, capture=4)
    assert settle(studio, unspent, capture=None)
    assert studio.balance(eve).posted == 0
    report = studio.audit()
    assert (report.consumed, report.expired) == (4, 6)


def test_a_hold_ends_once(studio: Studio, ada: Actor) -> None:
    captured, released = reserve(studio, ada, 5), reserve(studio, ada, 5)
    assert settle(studio, captured, capture=3)
    assert settle(studio, released, capture=None)
    for hold in (captured, released):
        assert not settle(studio, hold, capture=5)
        assert not settle(studio, hold, capture=None)
    assert (studio.balance(ada).posted, studio.balance(ada).held) == (97, 0)
    studio.audit()


def test_no_more_than_the_hold_is_captured(studio: Studio, ada: Actor) -> None:
    with pytest.raises(InvalidInputError):
        settle(studio, reserve(studio, ada, 5), capture=6)
    studio.audit()


def test_a_refund_returns_to_the_lots_that_paid_and_a_lapsed_one_gets_grace(studio: Studio) -> None:
    eve = studio.customer("eve@example.com", credits=0)
    grant(studio, eve, 10, days=1)
    grant(studio, eve, 10)
    hold = reserve(studio, eve, 15)
    with studio.app.new_work() as work:
        paid = studio.use(Bookkeeper).capture(work, hold_id=hold, note=NOTE)
        work.commit()
    assert paid is not None
    studio.clock.advance(days=2)

    def refund(tx_id: str) -> str:
        with studio.app.new_work() as work:
            tx = studio.use(Bookkeeper).refund(work, tx_id=tx_id, note=NOTE)
            work.commit()
        return tx.id

    back = refund(paid.id)
    assert refund(paid.id) == back
    assert studio.balance(eve).available == 20
    with pytest.raises(ConflictError) as refused:
        refund(back)
    assert refused.value.code == "not_refundable"
    studio.clock.advance(days=30)
    studio.use(ExpireCredits)()
    assert studio.balance(eve).available == 10
    studio.audit()


def test_credits_that_nobody_settled_come_back_after_a_day(studio: Studio, ada: Actor) -> None:
    reserve(studio, ada, 40)
    studio.clock.advance(hours=23)
    assert studio.use(ReleaseOverdueHolds)() == 0
    studio.clock.advance(hours=2)
    assert studio.use(ReleaseOverdueHolds)() == 1
    assert studio.balance(ada).available == 100
    with studio.app.new_reading() as work:
        assert {h.state for h in work.ledger.books().holds} == {HoldState.EXPIRED}
    studio.audit()


@pytest.mark.req("S1-CRED-01", "S2-TOK-01", "S1-CRED-04", "S1-CRED-05")
def test_a_history_comes_in_pages_without_gap(studio: Studio, ada: Actor) -> None:
    for number in range(4):
        settle(studio, reserve(studio, ada, number + 1), capture=number + 1)
    history = studio.use(ListHistory)
    seen: list[HistoryLine] = []
    cursor = None
    for _ in range(5):
        page = history(actor=ada, cursor=cursor, limit=2)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [x.seq for x in seen] == [5, 4, 3, 2, 1]
    assert [x.balance_after for x in seen] == [90, 94, 97, 99, 100]
    for wrong in ("x", "-1", "9" * 30):
        with pytest.raises(InvalidInputError):
            history(actor=ada, cursor=wrong)


def test_a_movement_names_the_order_that_it_paid_for(studio: Studio, ada: Actor) -> None:
    order = studio.finished(ada, "one.jpg", "two.jpg")
    lines = studio.use(ListHistory)(actor=ada, kinds=frozenset({TxKind.CAPTURE})).items
    assert [(line.order_id, line.order_name, line.amount) for line in lines] == [(order.id, order.name, -PRICE)] * 2
    assert [line.order_id for line in studio.use(ListHistory)(actor=ada, kinds=frozenset({TxKind.GRANT})).items] == [
        None
    ]
    assert studio.balance(ada).spent == 2 * PRICE


def test_movements_of_a_kind_are_looked_for_a_part_at_a_time(
    studio: Studio, ada: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "WINDOW", 3)
    studio.finished(ada, *(f"{n}.jpg" for n in range(5)))
    found, cursor, pages = [], None, 0
    while cursor is not None or not pages:
        page = studio.use(ListHistory)(actor=ada, kinds=frozenset({TxKind.GRANT}), cursor=cursor)
        found += [line.amount for line in page.items]
        cursor, pages = page.next_cursor, pages + 1
    assert (found, pages) == ([100], 2)


def test_reservations_are_told_by_order(studio: Studio, ada: Actor) -> None:
    one, two = studio.confirmed(ada, "a.jpg").order, studio.confirmed(ada, "b.jpg", "c.jpg").order
    held = studio.use(ListHolds)(actor=ada)
    assert [(h.order_id, h.order_name, h.amount) for h in held] == [
        (two.id, two.name, 2 * PRICE),
        (one.id, one.name, PRICE),
    ]
    studio.work()
    assert studio.use(ListHolds)(actor=ada) == ()
    with pytest.raises(NotAllowedError):
        studio.use(ListHolds)(actor=ada, user_id=studio.operator().user_id)


def test_balances_of_others_are_for_administrators(studio: Studio, ada: Actor) -> None:
    bob = studio.customer("bob@example.com", credits=5)
    with pytest.raises(NotAllowedError):
        studio.use(GetBalance)(actor=ada, user_id=bob.user_id)
    with pytest.raises(NotAllowedError):
        studio.use(ListHistory)(actor=ada, user_id=bob.user_id)
    assert studio.use(GetBalance)(actor=studio.operator(), user_id=bob.user_id).available == 5


def test_quotes_and_price_lists(studio: Studio) -> None:
    asked = studio.use(QuoteOperations)(quantities={"studio_edit": 2, "raster_generation": 1})
    assert (asked.total, asked.price_version) == (2 * PRICE + 4, PRICES.version)
    with pytest.raises(InvalidInputError):
        studio.use(QuoteOperations)(quantities={"studio_edit": -1})
    studio.prices.lists.append(attrs.evolve(PRICES, version="next"))
    assert studio.use(ListPrices)().version == "next"
    assert studio.use(ListPrices)(version=PRICES.version) == PRICES
    with pytest.raises(NotFoundError):
        studio.use(ListPrices)(version="none")


def test_the_audit_notices_a_balance_that_the_entries_do_not_explain(studio: Studio, ada: Actor) -> None:
    studio.finished(ada)
    with studio.app.new_reading() as work:
        books = work.ledger.books()
    assert {t.kind for t in books.transactions} == {TxKind.GRANT, TxKind.CAPTURE}
    with studio.app.new_work() as work:
        assert work.ledger.try_reserve(work.ledger.account_of(ada.user_id).id, 1)  # without a hold: planted
        work.commit()
    report = studio.use(AuditLedger)()
    assert {v.invariant for v in report.violations} == {"I3"}


def test_the_audit_notices_credits_that_were_spent_and_not_counted(studio: Studio, ada: Actor) -> None:
    studio.finished(ada)
    with studio.app.new_reading() as work:
        books = work.ledger.books()
    wrong = [attrs.evolve(account, spent=account.spent + 1) for account in books.accounts]
    report = audit(attrs.evolve(books, accounts=tuple(wrong)))
    assert {v.message.split(" ")[0] for v in report.violations} == {"spent"}
