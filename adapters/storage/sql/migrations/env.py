"""Alembic's environment: runs the migrations on the connection, and in the transaction, of the caller."""

from alembic import context

from adapters.storage.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot change a table in place
    transactional_ddl=True,  # on SQLite too: transactions are begun by hand
    compare_type=True,
)
context.run_migrations()
