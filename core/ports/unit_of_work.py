"""Port: one transaction over all repositories."""

from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from core.ports.repositories.access import (
    CredentialRepository,
    ProofRepository,
    SessionRepository,
    TokenRepository,
)
from core.ports.repositories.accounts import ApiKeyRepository, UserRepository
from core.ports.repositories.action_log import ActionLog
from core.ports.repositories.assets import AssetRepository
from core.ports.repositories.conversations import ConversationRepository
from core.ports.repositories.editing import PlanRepository, RecipeRepository
from core.ports.repositories.events import EventFeed
from core.ports.repositories.idempotency import IdempotencyRepository
from core.ports.repositories.images import ImageRepository
from core.ports.repositories.ledger import Ledger
from core.ports.repositories.orders import OrderRepository
from core.ports.repositories.runs import RunRepository


class UnitOfWork(Protocol):
    """One transaction: everything is kept on ``commit``, and nothing without it.

    Used as a context manager; leaving it without a commit rolls back. A write that waits for another
    transaction for over five seconds, or a lost database, raises ``ProviderUnavailableError``.
    """

    @property
    def users(self) -> UserRepository:
        """Users."""
        ...

    @property
    def api_keys(self) -> ApiKeyRepository:
        """API keys."""
        ...

    @property
    def credentials(self) -> CredentialRepository:
        """Passwords."""
        ...

    @property
    def sessions(self) -> SessionRepository:
        """Sessions."""
        ...

    @property
    def tokens(self) -> TokenRepository:
        """One-time tokens."""
        ...

    @property
    def proofs(self) -> ProofRepository:
        """Riddles that were solved and taken."""
        ...

    @property
    def assets(self) -> AssetRepository:
        """Stored files."""
        ...

    @property
    def orders(self) -> OrderRepository:
        """Orders."""
        ...

    @property
    def images(self) -> ImageRepository:
        """Pictures and their versions."""
        ...

    @property
    def plans(self) -> PlanRepository:
        """Plan revisions."""
        ...

    @property
    def recipes(self) -> RecipeRepository:
        """Recipes."""
        ...

    @property
    def runs(self) -> RunRepository:
        """Runs and their items."""
        ...

    @property
    def conversations(self) -> ConversationRepository:
        """Conversations about orders."""
        ...

    @property
    def log(self) -> ActionLog:
        """The action log."""
        ...

    @property
    def ledger(self) -> Ledger:
        """The credit ledger."""
        ...

    @property
    def events(self) -> EventFeed:
        """The outbox and live feed."""
        ...

    @property
    def idempotency(self) -> IdempotencyRepository:
        """Answers to repeated requests."""
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what was not committed."""
        ...

    def commit(self) -> None:
        """Keep everything."""
        ...


NewWork = Callable[[], UnitOfWork]
"""Begins a unit of work that will write (on SQLite it takes the write lock at once)."""

NewReading = Callable[[], UnitOfWork]
"""Begins a unit of work that only reads one consistent state; ``commit`` is never called."""
