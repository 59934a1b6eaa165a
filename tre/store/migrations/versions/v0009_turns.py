"""Keep how a request stood each time that it was submitted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table; of turns that were submitted before nothing is known but their files."""
    op.create_table(
        "request_turns",
        sa.Column("request", sa.Integer, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("groups", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("request", "turn", name="pk_request_turns"),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name="fk_request_turns_request"),
    )
