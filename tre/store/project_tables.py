"""The tables of Safe Projects beside the projects themselves: applications, words, changes."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, String, Table, Text

from tre.store.columns import UtcDateTime, metadata

project_applications = Table(
    "project_applications",
    metadata,
    Column("project", ForeignKey("projects.id"), primary_key=True),
    Column("round", Integer, nullable=False),
    Column("methods", Text, nullable=False),
    Column("gateways", JSON, nullable=False),
    Column("rec", String(40), nullable=False),
    Column("iras", String(40), nullable=False),
    Column("cag", String(40), nullable=False),
    Column("asked", JSON, nullable=False),
)

# What the lay group, the applicant, the data owners and the panel said, in the order in which
# they said it. Only ever added to.
project_judgements = Table(
    "project_judgements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project", ForeignKey("projects.id"), nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("details", JSON, nullable=False),
    sqlite_autoincrement=True,
)

project_changes = Table(
    "project_changes",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("project", ForeignKey("projects.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(40), nullable=False),
    Column("proposed_by", ForeignKey("people.id"), nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("what", JSON, nullable=False),
    Column("words", JSON, nullable=False),
    sqlite_autoincrement=True,
)

# The workspace of a project that has ended: one archive, by the hash of its bytes.
workspace_archives = Table(
    "workspace_archives",
    metadata,
    Column("project", ForeignKey("projects.id"), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("files", Integer, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("archived_at", UtcDateTime, nullable=False),
)
