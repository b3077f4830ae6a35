"""Alembic's entry point: runs the migrations on the connection in the configuration's attributes."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
