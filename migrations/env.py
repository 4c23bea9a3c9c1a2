"""Alembic's environment: the connection comes from `hydrateall.core.database.migrate`, or from the settings."""

from alembic import context
from sqlalchemy import Connection, create_engine

from hydrateall.models import Base


def run(connection: Connection) -> None:
    """Migrate on this connection, each revision in a transaction of its own: no lock outlives its revision."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = context.get_x_argument(as_dictionary=True)["url"]
    with create_engine(url).connect() as own:
        run(own)
