"""Runs the revisions of the environment database on the connection of :mod:`salio.storage.migrate`."""

from alembic import context

from salio.storage import schema

context.configure(connection=context.config.attributes["connection"], target_metadata=schema.environment)
with context.begin_transaction():
    context.run_migrations()
