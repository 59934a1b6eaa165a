"""Every table of the store, as SQLAlchemy sees it; `migrations/` makes them in a database."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
)

from tre.store import people_tables, project_tables  # noqa: F401  so that `metadata` knows them
from tre.store.columns import UtcDateTime, metadata

people = Table(
    "people",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("organisation", String(200), nullable=False, index=True),
    Column("account_since", UtcDateTime, nullable=False),
    Column("second_factor_since", UtcDateTime),
    Column("accreditation_level", String(20)),
    Column("accreditation_since", Date),
    Column("accreditation_until", Date),
    Column("training_passed", Date),
    Column("training_until", Date),
    Column("declaration_version", String(40)),
    Column("supervisor", String(40)),
    Column("accreditation_after_level", String(20)),
    Column("accreditation_after_since", Date),
    Column("accreditation_after_until", Date),
    Column("email", String(254), nullable=False, server_default=""),
    Column("temporary_password", Boolean, nullable=False, server_default=false()),
)

person_roles = Table(
    "person_roles",
    metadata,
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("role", String(40), primary_key=True),
)

passports = Table(
    "passports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", String(60), nullable=False),
    Column("trust", String(200), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("reference", String(200), nullable=False, server_default=""),
)

# A ban on one person, or on everybody of an organisation: exactly one of the two is set.
sanctions = Table(
    "sanctions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey("people.id"), index=True),
    Column("organisation", String(200), index=True),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("reason", Text, nullable=False),
    Column("lifted_on", Date),
    Column("lifted_by", String(40)),
    Column("lifted_because", Text, nullable=False, server_default=""),
)

# TOTP secrets are kept as they are: this is a simulator, and its data home is private to the
# account that runs it. An installation with real people puts an identity provider in front.
credentials = Table(
    "credentials",
    metadata,
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("totp_secret", String(64), nullable=False),
    Column("last_step", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", UtcDateTime),
    Column("pending_secret", String(64), nullable=False, server_default=""),
    Column("lockouts", Integer, nullable=False, server_default="0"),
    Column("changed_at", UtcDateTime),
)

projects = Table(
    "projects",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("title", String(300), nullable=False),
    Column("summary", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("legal_gateway", Text, nullable=False),
    Column("ethics_reference", Text, nullable=False),
    Column("public_benefit", Text, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("epsilon_total", Float, nullable=False),
    Column("meeting", Text, nullable=False, server_default=""),
    Column("shift_dates", Boolean, nullable=False, server_default=false()),
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project", ForeignKey("projects.id"), nullable=False, index=True),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("lead", Boolean, nullable=False),
)

granted_datasets = Table(
    "granted_datasets",
    metadata,
    Column("project", ForeignKey("projects.id"), primary_key=True),
    Column("dataset", String(60), primary_key=True),
    Column("controller", String(200), nullable=False),
    Column("variables", JSON, nullable=False),
    Column("granted_on", Date, nullable=False),
    Column("place", String(40), nullable=False),
    Column("passport_trust", String(200)),
    Column("policy", String(60), nullable=False),
    Column("since_year", Integer),
    Column("until_year", Integer),
)

# Who has a session open now; the row goes when it ends, the ledger keeps both.
sessions = Table(
    "sessions",
    metadata,
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("project", ForeignKey("projects.id"), primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
)

OPEN_STATES = (
    "draft",
    "submitted",
    "partially reviewed",
    "reviewed",
    "returned",
    "approved",
    "failed",
)

_IS_OPEN = text("state IN ({})".format(", ".join(f"'{state}'" for state in OPEN_STATES)))

requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project", ForeignKey("projects.id"), nullable=False, index=True),
    Column("author", ForeignKey("people.id"), nullable=False, index=True),
    Column("title", String(300), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("turn", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("submitted_at", UtcDateTime),
    Column("policy", String(60), nullable=False),
    Column("failure", Text),
    # One open request a person and project, whatever happens at the same time.
    Index(
        "ix_requests_one_open",
        "project",
        "author",
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    ),
    sqlite_autoincrement=True,
)

request_groups = Table(
    "request_groups",
    metadata,
    Column("request", ForeignKey("requests.id"), primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("context", Text, nullable=False),
    Column("controls", Text, nullable=False),
)

# A file that is replaced keeps its row (replaced_by says by which), so that votes and the ledger
# go on pointing at the very bytes they were about.
request_files = Table(
    "request_files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("request", ForeignKey("requests.id"), nullable=False, index=True),
    Column("group", String(100), nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("added_turn", Integer, nullable=False),
    Column("declaration", Text),
    Column("replaced_by", ForeignKey("request_files.id")),
    Column("check", JSON),
    Column("checked_at", UtcDateTime),
    Column("origin", String(20), nullable=False, server_default="uploaded"),
    sqlite_autoincrement=True,
)

# How a request stood when it was submitted: the numbers of its files, and what was said of each
# group. Kept since groups are described anew in their place.
request_turns = Table(
    "request_turns",
    metadata,
    Column("request", ForeignKey("requests.id"), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("files", JSON, nullable=False),
    Column("groups", JSON, nullable=False),
)

votes = Table(
    "votes",
    metadata,
    Column("file", ForeignKey("request_files.id"), primary_key=True),
    Column("reviewer", ForeignKey("people.id"), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("choice", String(20), nullable=False),
    Column("cast_at", UtcDateTime, nullable=False),
)

reviews = Table(
    "reviews",
    metadata,
    Column("request", ForeignKey("requests.id"), primary_key=True),
    Column("reviewer", ForeignKey("people.id"), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("submitted_at", UtcDateTime, nullable=False),
)

comments = Table(
    "comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("request", ForeignKey("requests.id"), nullable=False, index=True),
    Column("group", String(100), nullable=False),
    Column("author", ForeignKey("people.id"), nullable=False),
    Column("audience", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

releases = Table(
    "releases",
    metadata,
    Column("request", ForeignKey("requests.id"), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("released_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("revoked_because", Text),
)

transfers = Table(
    "transfers",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("linkage", String(60), nullable=False),
    Column("sender", String(200), nullable=False),
    Column("receiver", String(200), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

budget_spends = Table(
    "budget_spends",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("project", ForeignKey("projects.id"), nullable=False, index=True),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("epsilon", Float, nullable=False),
    Column("spent_at", UtcDateTime, nullable=False),
    Column("result_sha256", String(64)),
    sqlite_autoincrement=True,
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("request", ForeignKey("requests.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("title", String(300), nullable=False, server_default=""),
    Column("path", String(200), nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

ingress_requests = Table(
    "ingress_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project", ForeignKey("projects.id"), nullable=False, index=True),
    Column("author", ForeignKey("people.id"), nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

ingress_files = Table(
    "ingress_files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("request", ForeignKey("ingress_requests.id"), nullable=False, index=True),
    Column("name", String(400), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("offered_sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("findings", JSON, nullable=False),
    Column("removed", JSON, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("decided_by", String(40)),
    Column("decided_at", UtcDateTime),
    Column("reason", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

# The wheels that sessions may install: what each was when it was added, kept apart from the folder.
wheels = Table(
    "wheels",
    metadata,
    Column("file", String(255), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("version", String(100), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("added_by", String(40), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
)

# No foreign keys: an entry outlives what it speaks of. Moments and details are text, byte for
# byte what was hashed.
ledger = Table(
    "ledger",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("actor", String(40), nullable=False, index=True),
    Column("tag", String(80), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("person", String(40), index=True),
    Column("project", String(60), index=True),
    Column("request", Integer, index=True),
    Column("details", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("seal", String(64), nullable=False),
)
