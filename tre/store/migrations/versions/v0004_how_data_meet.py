"""Keep how a project's data of two places come together, and whether its dates are moved."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns; no project needed either before."""
    op.add_column("projects", sa.Column("meeting", sa.Text(), nullable=False, server_default=""))
    shifted = sa.Column("shift_dates", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("projects", shifted)
