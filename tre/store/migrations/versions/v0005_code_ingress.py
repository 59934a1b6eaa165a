"""Keep what people bring in, and which wheels sessions may install."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables; nothing was brought in before."""
    op.create_table(
        "ingress_requests",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("project", sa.String(60), nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ingress_requests"),
        _points("ingress_requests", "project", "projects"),
        _points("ingress_requests", "author", "people"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ingress_files",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("request", sa.Integer, nullable=False),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("offered_sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("removed", sa.JSON, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided_by", sa.String(40)),
        sa.Column("decided_at", sa.DateTime),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_ingress_files"),
        _points("ingress_files", "request", "ingress_requests"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "wheels",
        sa.Column("file", sa.String(255), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("added_by", sa.String(40), nullable=False),
        sa.Column("added_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("file", name="pk_wheels"),
    )
    for table, column in _INDEXED:
        op.create_index(f"ix_{table}_{column}", table, [column])


_INDEXED = (
    ("ingress_requests", "project"),
    ("ingress_requests", "author"),
    ("ingress_files", "request"),
    ("ingress_files", "state"),
)


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)
