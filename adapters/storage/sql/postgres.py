"""PostgreSQL: READ COMMITTED for writing, one snapshot for reading."""

from sqlalchemy import URL, Engine, create_engine

from adapters.storage.documents import read_json, write_json

POOL = 5
OVERFLOW = 10


def create(url: URL, *, lock_seconds: float) -> Engine:
    """Return an engine; a statement that waits longer than ``lock_seconds`` for a lock fails."""
    options = f"-c timezone=UTC -c lock_timeout={int(lock_seconds * 1000)} -c idle_in_transaction_session_timeout=60000"
    return create_engine(
        url,
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,
        execution_options={"preserve_rowcount": True},  # insertions that change nothing are told apart by it
        isolation_level="READ COMMITTED",
        json_serializer=write_json,
        json_deserializer=read_json,
        connect_args={"options": options, "connect_timeout": 5, "application_name": "i2i"},
    )


def reading(engine: Engine) -> Engine:
    """Return the engine for transactions that read one consistent state."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
