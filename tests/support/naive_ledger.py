"""A deliberately wrong ledger: it reads, decides and writes, which is right as long as nobody else does the same.

The races have to catch it; a race that cannot fail proves nothing.
"""

from typing import Any, Self

from sqlalchemy import select, update

from adapters.storage.sql import Database, open_database
from adapters.storage.sql.ledger import SqlLedger
from adapters.storage.sql.session import Session
from adapters.storage.sql.tables.ledger import credit_account
from adapters.storage.sql.unit_of_work import SqlUnitOfWork
from core.domain.credits.ledger import CreditAccount


class NaiveLedger(SqlLedger):
    """Locks nothing and guards nothing."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._naive = session

    def lock(self, account_id: str) -> CreditAccount:
        """Read without a lock."""
        owner = self._naive.scalar(select(credit_account.c.owner_id).where(credit_account.c.id == account_id))
        return self.account_of(owner)

    def try_reserve(self, account_id: str, amount: int) -> bool:
        """Read, decide, write."""
        account = self.lock(account_id)
        if account.available < amount:
            return False
        self._write_held(account_id, account.held + amount)
        return True

    def unreserve(self, account_id: str, amount: int) -> None:
        """Read and write."""
        self._write_held(account_id, max(0, self.lock(account_id).held - amount))

    def _write_held(self, account_id: str, held: int) -> None:
        self._naive.change(update(credit_account).where(credit_account.c.id == account_id).values(held=held))


class NaiveUnitOfWork(SqlUnitOfWork):
    """Begins without the write lock, as a driver does on its own, and uses the naive ledger."""

    def _offer(self, session: Session) -> None:
        super()._offer(session)
        self.ledger: Any = NaiveLedger(session)

    def __enter__(self) -> Self:
        entered = super().__enter__()
        assert self._session is not None
        self._session.is_reading = False
        return entered


class NaiveDatabase(Database):
    """Hands out naive units of work."""

    def new_work(self) -> SqlUnitOfWork:
        """Return a unit of work whose transaction begins with a read."""
        return NaiveUnitOfWork(self.engine.connect, dialect=self.dialect)


def open_naive(url: str) -> Database:
    """Open a database with the naive ledger."""
    real = open_database(url)
    return NaiveDatabase(real.engine, dialect=real.dialect, writer=None, lock_seconds=real.lock_seconds)
