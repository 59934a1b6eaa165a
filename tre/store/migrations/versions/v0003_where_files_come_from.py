"""Keep where a request's file came from: only results from the session may be outputs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; of code that is there already nobody knows, so it counts as uploaded."""
    column = sa.Column("origin", sa.String(20), nullable=False, server_default="uploaded")
    op.add_column("request_files", column)
    op.execute("UPDATE request_files SET origin = 'session' WHERE kind <> 'code'")
