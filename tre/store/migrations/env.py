"""What Alembic runs: migrate over the connection that the caller has open."""

from alembic import context

from tre.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
