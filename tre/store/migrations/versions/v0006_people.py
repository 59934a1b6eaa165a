"""Keep applications, supervisions, recovery codes, reminders and mail; notices of anything."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables and columns; nobody has applied and nothing was sent before."""
    _people()
    _notices()
    _applications()
    _supervisions()
    _sent()


def _people() -> None:
    later = (
        sa.Column("accreditation_after_level", sa.String(20)),
        sa.Column("accreditation_after_since", sa.Date),
        sa.Column("accreditation_after_until", sa.Date),
        sa.Column("email", sa.String(254), nullable=False, server_default=""),
        sa.Column("temporary_password", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    for column in later:
        op.add_column("people", column)
    op.add_column(
        "passports", sa.Column("reference", sa.String(200), nullable=False, server_default="")
    )
    for column in (
        sa.Column("lifted_on", sa.Date),
        sa.Column("lifted_by", sa.String(40)),
        sa.Column("lifted_because", sa.Text, nullable=False, server_default=""),
    ):
        op.add_column("sanctions", column)
    for column in (
        sa.Column("pending_secret", sa.String(64), nullable=False, server_default=""),
        sa.Column("lockouts", sa.Integer, nullable=False, server_default="0"),
    ):
        op.add_column("credentials", column)


def _notices() -> None:
    with op.batch_alter_table("notices") as notices:
        notices.alter_column("request", existing_type=sa.Integer, nullable=True)
        notices.add_column(sa.Column("title", sa.String(300), nullable=False, server_default=""))
        notices.add_column(sa.Column("path", sa.String(200), nullable=False, server_default=""))


def _applications() -> None:
    op.create_table(
        "accreditation_applications",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("basis", sa.String(20), nullable=False),
        sa.Column("qualification", sa.Text, nullable=False),
        sa.Column("quantitative_months", sa.Integer),
        sa.Column("training_passed", sa.Date),
        sa.Column("training_certificate", sa.String(200), nullable=False),
        sa.Column("declaration_version", sa.String(40), nullable=False),
        sa.Column("declared_as", sa.String(200), nullable=False),
        sa.Column("supervisor", sa.String(40), nullable=False),
        sa.Column("project", sa.String(60), nullable=False),
        sa.Column("begun_at", sa.DateTime, nullable=False),
        sa.Column("submitted_at", sa.DateTime),
        sa.Column("decided_by", sa.String(40)),
        sa.Column("decided_at", sa.DateTime),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accreditation_applications"),
        _points("accreditation_applications", "person", "people"),
        sqlite_autoincrement=True,
    )
    for column in ("person", "state"):
        op.create_index(
            f"ix_accreditation_applications_{column}", "accreditation_applications", [column]
        )
    _one_at_a_time(
        "ix_accreditation_applications_one_open",
        "accreditation_applications",
        "state IN ('draft', 'submitted', 'returned')",
    )


def _supervisions() -> None:
    op.create_table(
        "supervisions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("supervisor", sa.String(40), nullable=False),
        sa.Column("project", sa.String(60), nullable=False),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("answered_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_supervisions"),
        _points("supervisions", "person", "people"),
        _points("supervisions", "supervisor", "people"),
        _points("supervisions", "project", "projects"),
        sqlite_autoincrement=True,
    )
    for column in ("person", "supervisor"):
        op.create_index(f"ix_supervisions_{column}", "supervisions", [column])
    _one_at_a_time("ix_supervisions_one_asked", "supervisions", "answer = 'asked'")


def _sent() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("used_at", sa.DateTime),
        sa.PrimaryKeyConstraint("person", "sha256", name="pk_recovery_codes"),
        _points("recovery_codes", "person", "people"),
    )
    op.create_table(
        "reminders",
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("what", sa.String(400), nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("sent_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("person", "kind", "what", "last_day", "days", name="pk_reminders"),
        _points("reminders", "person", "people"),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("written_at", sa.DateTime, nullable=False),
        sa.Column("next_try_at", sa.DateTime),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("sent_at", sa.DateTime),
        sa.Column("failure", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail"),
        _points("mail", "person", "people"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mail_person", "mail", ["person"])
    op.create_index("ix_mail_next_try_at", "mail", ["next_try_at"])


def _one_at_a_time(index: str, table: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        index, table, ["person"], unique=True, sqlite_where=condition, postgresql_where=condition
    )


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")
