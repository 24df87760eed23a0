"""What Alembic runs for each migration: it works on the connection and in the transaction it is given."""

from alembic import context

from agent_assist.store.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], version_table=VERSION_TABLE, transaction_per_migration=False
)
context.run_migrations()
