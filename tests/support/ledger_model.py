"""The ledger as one would explain it on paper: lots with numbers, holds with parts, nothing else."""

import datetime as dt

import attrs


@attrs.define
class ModelLot:
    """Credits that came in together."""

    remaining: int
    expires_at: dt.datetime | None
    held: int = 0

    @property
    def free(self) -> int:
        """Credits that nobody reserved."""
        return self.remaining - self.held

    def is_expired(self, now: dt.datetime) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now


Parts = list[tuple[str, int]]


@attrs.define
class LedgerModel:
    """One account.

    Args:
        lots: by origin key, in the order in which they came.
        holds: parts per open hold, in burn order.
        captures: what each capture paid and whether it was refunded.
    """

    lots: dict[str, ModelLot] = attrs.field(factory=dict)
    holds: dict[str, Parts] = attrs.field(factory=dict)
    ended: dict[str, str] = attrs.field(factory=dict)
    captures: dict[str, Parts] = attrs.field(factory=dict)
    refunded: set[str] = attrs.field(factory=set)
    spent: int = 0
    lapsed: int = 0

    @property
    def posted(self) -> int:
        """The balance."""
        return sum(lot.remaining for lot in self.lots.values())

    @property
    def held(self) -> int:
        """What open holds reserve."""
        return sum(amount for parts in self.holds.values() for _, amount in parts)

    def expire(self, now: dt.datetime) -> None:
        """Lose the free credits of lapsed lots."""
        for lot in self.lots.values():
            if lot.is_expired(now):
                self.lapsed += lot.free
                lot.remaining = lot.held

    def can_reserve(self, amount: int, now: dt.datetime) -> bool:
        """Whether that much is free in lots that still count."""
        return sum(lot.free for lot in self.lots.values() if not lot.is_expired(now)) >= amount

    def reserve(self, hold: str, amount: int, now: dt.datetime) -> None:
        """Reserve from the lot that expires first; among equals, from the one that came first."""
        far = dt.datetime.max.replace(tzinfo=dt.UTC)
        parts: Parts = []
        for key, lot in sorted(self.lots.items(), key=lambda item: item[1].expires_at or far):
            part = 0 if lot.is_expired(now) else min(lot.free, amount)
            if part:
                lot.held += part
                amount -= part
                parts.append((key, part))
        self.holds[hold] = parts

    def capture(self, hold: str, tx: str, captured: int, now: dt.datetime) -> None:
        """Spend the first part of a hold; the rest returns, or lapses when its lot did."""
        parts, left, paid = self.holds.pop(hold), captured, []
        for key, amount in parts:
            part = min(amount, left)
            left -= part
            self.lots[key].held -= amount
            self.lots[key].remaining -= part
            if part:
                paid.append((key, part))
        self.ended[hold] = "captured"
        self.captures[tx] = paid
        self.spent += captured
        if captured < sum(amount for _, amount in parts):
            self.expire(now)

    def release(self, hold: str, state: str, now: dt.datetime) -> None:
        """Give a hold back; what belongs to a lapsed lot lapses."""
        parts = self.holds.pop(hold)
        for key, amount in parts:
            self.lots[key].held -= amount
        self.ended[hold] = state
        if any(self.lots[key].is_expired(now) for key, _ in parts):
            self.expire(now)

    def refund(self, tx: str, now: dt.datetime, grace: dt.timedelta) -> None:
        """Return what a capture paid to its lots; a lapsed lot is replaced by a new one."""
        for key, amount in reversed(self.captures[tx]):
            self.spent -= amount
            if self.lots[key].is_expired(now):
                self.lots[f"refund of {tx} to {key}"] = ModelLot(remaining=amount, expires_at=now + grace)
            else:
                self.lots[key].remaining += amount
        self.refunded.add(tx)
