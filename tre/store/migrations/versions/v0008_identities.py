"""Keep as whom an identity provider knows people."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table; nobody came by way of a provider before."""
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("linked_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identities"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_identities_person"),
    )
    op.create_index("ix_identities_person", "identities", ["person"])
