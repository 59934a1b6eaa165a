"""Keep when somebody last changed how they prove who they are: what was open before is over."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the time; nobody's earlier changes are known, so no sign-in ends by the migration."""
    op.add_column("credentials", sa.Column("changed_at", sa.DateTime))
