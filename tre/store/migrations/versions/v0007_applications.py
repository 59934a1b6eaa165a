"""Keep applications for projects, what was said about them, changes, archives, granted years."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables; projects that are there were recorded without an application."""
    for name in ("since_year", "until_year"):
        op.add_column("granted_datasets", sa.Column(name, sa.Integer))
    op.create_table(
        "project_applications",
        sa.Column("project", sa.String(60), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("methods", sa.Text, nullable=False),
        sa.Column("gateways", sa.JSON, nullable=False),
        sa.Column("rec", sa.String(40), nullable=False),
        sa.Column("iras", sa.String(40), nullable=False),
        sa.Column("cag", sa.String(40), nullable=False),
        sa.Column("asked", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("project", name="pk_project_applications"),
        _points("project_applications", "project", "projects"),
    )
    op.create_table(
        "project_judgements",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("project", sa.String(60), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_project_judgements"),
        _points("project_judgements", "project", "projects"),
        _points("project_judgements", "person", "people"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "project_changes",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("project", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("proposed_by", sa.String(40), nullable=False),
        sa.Column("proposed_at", sa.DateTime, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("what", sa.JSON, nullable=False),
        sa.Column("words", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_project_changes"),
        _points("project_changes", "project", "projects"),
        _points("project_changes", "proposed_by", "people"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "workspace_archives",
        sa.Column("project", sa.String(60), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("files", sa.Integer, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("archived_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("project", name="pk_workspace_archives"),
        _points("workspace_archives", "project", "projects"),
    )
    for table in ("project_judgements", "project_changes"):
        op.create_index(f"ix_{table}_project", table, ["project"])


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")
