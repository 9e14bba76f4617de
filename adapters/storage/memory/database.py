"""A database in memory and its units of work."""

import threading
from types import TracebackType
from typing import Self

from adapters.storage.errors import ReadingWorkError, busy
from adapters.storage.memory.access import MemoryCredentials, MemoryProofs, MemorySessions, MemoryTokens
from adapters.storage.memory.accounts import MemoryApiKeys, MemoryUsers
from adapters.storage.memory.action_log import MemoryActionLog
from adapters.storage.memory.assets import MemoryAssets
from adapters.storage.memory.conversations import MemoryConversations
from adapters.storage.memory.editing import MemoryPlans, MemoryRecipes
from adapters.storage.memory.events import MemoryEvents
from adapters.storage.memory.idempotency import MemoryIdempotency
from adapters.storage.memory.images import MemoryImages
from adapters.storage.memory.ledger import MemoryLedger
from adapters.storage.memory.orders import MemoryOrders
from adapters.storage.memory.runs import MemoryRuns
from adapters.storage.memory.transaction import Tables, Transaction

LOCK_SECONDS = 5.0


class MemoryDatabase:
    """Everything in one process; one unit of work writes at a time."""

    def __init__(self, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self.lock_seconds = lock_seconds
        self.lock = threading.Lock()
        self.tables: Tables = {}

    def new_work(self) -> "MemoryUnitOfWork":
        """Return a unit of work that will write."""
        return MemoryUnitOfWork(self, is_reading=False)

    def new_reading(self) -> "MemoryUnitOfWork":
        """Return a unit of work that reads one consistent state."""
        return MemoryUnitOfWork(self, is_reading=True)


class MemoryUnitOfWork:
    """A view of the tables; a commit replaces the tables that were written."""

    def __init__(self, database: MemoryDatabase, *, is_reading: bool) -> None:
        self._database = database
        self._is_reading = is_reading
        self._transaction: Transaction | None = None

    def __enter__(self) -> Self:
        if self._transaction is not None:
            raise RuntimeError("a unit of work is used once")
        if not self._is_reading and not self._database.lock.acquire(timeout=self._database.lock_seconds):
            raise busy()
        self._transaction = transaction = Transaction(self._database.tables, is_reading=self._is_reading)
        self.users = MemoryUsers(transaction)
        self.api_keys = MemoryApiKeys(transaction)
        self.credentials = MemoryCredentials(transaction)
        self.sessions = MemorySessions(transaction)
        self.tokens = MemoryTokens(transaction)
        self.proofs = MemoryProofs(transaction)
        self.assets = MemoryAssets(transaction)
        self.orders = MemoryOrders(transaction)
        self.images = MemoryImages(transaction)
        self.plans = MemoryPlans(transaction)
        self.recipes = MemoryRecipes(transaction)
        self.runs = MemoryRuns(transaction)
        self.conversations = MemoryConversations(transaction)
        self.log = MemoryActionLog(transaction)
        self.ledger = MemoryLedger(transaction)
        self.events = MemoryEvents(transaction)
        self.idempotency = MemoryIdempotency(transaction)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._transaction is not None:
            self._transaction.close()
        if not self._is_reading:
            self._database.lock.release()

    def commit(self) -> None:
        """Keep everything; the unit of work has ended then."""
        if self._is_reading:
            raise ReadingWorkError
        if self._transaction is None:
            raise RuntimeError("the unit of work has not begun")
        self._transaction.check_open()
        self._database.tables = {**self._database.tables, **self._transaction.close()}
