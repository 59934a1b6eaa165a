"""The tables of Safe People beside the people themselves: applications, reminders, mail."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from tre.store.columns import UtcDateTime, metadata

_IS_OPEN = text("state IN ('draft', 'submitted', 'returned')")
_IS_ASKED = text("answer = 'asked'")

accreditation_applications = Table(
    "accreditation_applications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("state", String(20), nullable=False, index=True),
    Column("level", String(20), nullable=False),
    Column("basis", String(20), nullable=False),
    Column("qualification", Text, nullable=False),
    Column("quantitative_months", Integer),
    Column("training_passed", Date),
    Column("training_certificate", String(200), nullable=False),
    Column("declaration_version", String(40), nullable=False),
    Column("declared_as", String(200), nullable=False),
    Column("supervisor", String(40), nullable=False),
    Column("project", String(60), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("submitted_at", UtcDateTime),
    Column("decided_by", String(40)),
    Column("decided_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    # One open application a person, whatever happens at the same time.
    Index(
        "ix_accreditation_applications_one_open",
        "person",
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    ),
    sqlite_autoincrement=True,
)

# Who was asked to supervise whom on which project, and what they answered; only what is confirmed
# is written to the person.
supervisions = Table(
    "supervisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("supervisor", ForeignKey("people.id"), nullable=False, index=True),
    Column("project", ForeignKey("projects.id"), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("answer", String(20), nullable=False),
    Column("answered_at", UtcDateTime),
    Index(
        "ix_supervisions_one_asked",
        "person",
        unique=True,
        sqlite_where=_IS_ASKED,
        postgresql_where=_IS_ASKED,
    ),
    sqlite_autoincrement=True,
)

# Each code once: the row stays, so that a used code is known as used.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("used_at", UtcDateTime),
)

reminders = Table(
    "reminders",
    metadata,
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("what", String(400), primary_key=True),
    Column("last_day", Date, primary_key=True),
    Column("days", Integer, primary_key=True),
    Column("sent_at", UtcDateTime, nullable=False),
)

# What is to be sent by e-mail: written in the transaction of the notice, sent by the courier.
mail = Table(
    "mail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("address", String(254), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime, index=True),
    Column("tries", Integer, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("failure", Text, nullable=False),
    sqlite_autoincrement=True,
)

# As whom an identity provider knows somebody; a subject is one person's, and is never reused.
identities = Table(
    "identities",
    metadata,
    Column("issuer", String(300), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("linked_at", UtcDateTime, nullable=False),
)
