"""Runs the revisions of the portal database on the connection of :mod:`salio.storage.migrate`."""

from alembic import context

from salio.storage import schema

context.configure(connection=context.config.attributes["connection"], target_metadata=schema.portal)
with context.begin_transaction():
    context.run_migrations()
