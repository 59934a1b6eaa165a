"""The first store: people, projects, requests, and the books about them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_IS_OPEN = sa.text(
    "state IN ('draft', 'submitted', 'partially reviewed', 'reviewed', 'returned', 'approved', "
    "'failed')"
)


def upgrade() -> None:
    """Make every table."""
    _people()
    _person_roles()
    _passports()
    _sanctions()
    _credentials()
    _projects()
    _memberships()
    _granted_datasets()
    _sessions()
    _requests()
    _request_groups()
    _request_files()
    _votes()
    _reviews()
    _comments()
    _releases()
    _transfers()
    _budget_spends()
    _notices()
    _ledger()


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("account_since", sa.DateTime(), nullable=False),
        sa.Column("second_factor_since", sa.DateTime()),
        sa.Column("accreditation_level", sa.String(length=20)),
        sa.Column("accreditation_since", sa.Date()),
        sa.Column("accreditation_until", sa.Date()),
        sa.Column("training_passed", sa.Date()),
        sa.Column("training_until", sa.Date()),
        sa.Column("declaration_version", sa.String(length=40)),
        sa.Column("supervisor", sa.String(length=40)),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_index("ix_people_organisation", "people", ["organisation"])


def _person_roles() -> None:
    op.create_table(
        "person_roles",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_person_roles_person"),
        sa.PrimaryKeyConstraint("person", "role", name="pk_person_roles"),
    )


def _passports() -> None:
    op.create_table(
        "passports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("trust", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_passports_person"),
        sa.PrimaryKeyConstraint("id", name="pk_passports"),
    )
    op.create_index("ix_passports_person", "passports", ["person"])


def _sanctions() -> None:
    op.create_table(
        "sanctions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=40)),
        sa.Column("organisation", sa.String(length=200)),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_sanctions_person"),
        sa.PrimaryKeyConstraint("id", name="pk_sanctions"),
    )
    op.create_index("ix_sanctions_organisation", "sanctions", ["organisation"])
    op.create_index("ix_sanctions_person", "sanctions", ["person"])


def _credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.String(length=64), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime()),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_credentials_person"),
        sa.PrimaryKeyConstraint("person", name="pk_credentials"),
    )


def _projects() -> None:
    op.create_table(
        "projects",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("legal_gateway", sa.Text(), nullable=False),
        sa.Column("ethics_reference", sa.Text(), nullable=False),
        sa.Column("public_benefit", sa.Text(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("epsilon_total", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_projects"),
    )


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_memberships_person"),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name="fk_memberships_project"),
        sa.PrimaryKeyConstraint("id", name="pk_memberships"),
    )
    op.create_index("ix_memberships_person", "memberships", ["person"])
    op.create_index("ix_memberships_project", "memberships", ["project"])


def _granted_datasets() -> None:
    op.create_table(
        "granted_datasets",
        sa.Column("project", sa.String(length=60), nullable=False),
        sa.Column("dataset", sa.String(length=60), nullable=False),
        sa.Column("controller", sa.String(length=200), nullable=False),
        sa.Column("variables", sa.JSON(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("passport_trust", sa.String(length=200)),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name="fk_granted_datasets_project"),
        sa.PrimaryKeyConstraint("project", "dataset", name="pk_granted_datasets"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("project", sa.String(length=60), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_sessions_person"),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name="fk_sessions_project"),
        sa.PrimaryKeyConstraint("person", "project", name="pk_sessions"),
    )


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(length=60), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("submitted_at", sa.DateTime()),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("failure", sa.Text()),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name="fk_requests_author"),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name="fk_requests_project"),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_requests_author", "requests", ["author"])
    op.create_index(
        "ix_requests_one_open",
        "requests",
        ["project", "author"],
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )
    op.create_index("ix_requests_project", "requests", ["project"])
    op.create_index("ix_requests_state", "requests", ["state"])


def _request_groups() -> None:
    op.create_table(
        "request_groups",
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("controls", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name="fk_request_groups_request"),
        sa.PrimaryKeyConstraint("request", "name", name="pk_request_groups"),
    )


def _request_files() -> None:
    op.create_table(
        "request_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("added_turn", sa.Integer(), nullable=False),
        sa.Column("declaration", sa.Text()),
        sa.Column("replaced_by", sa.Integer()),
        sa.Column("check", sa.JSON()),
        sa.Column("checked_at", sa.DateTime()),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["request_files.id"], name="fk_request_files_replaced_by"
        ),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name="fk_request_files_request"),
        sa.PrimaryKeyConstraint("id", name="pk_request_files"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_request_files_request", "request_files", ["request"])


def _votes() -> None:
    op.create_table(
        "votes",
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.String(length=40), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.Column("cast_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["file"], ["request_files.id"], name="fk_votes_file"),
        sa.ForeignKeyConstraint(["reviewer"], ["people.id"], name="fk_votes_reviewer"),
        sa.PrimaryKeyConstraint("file", "reviewer", "turn", name="pk_votes"),
    )


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.String(length=40), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name="fk_reviews_request"),
        sa.ForeignKeyConstraint(["reviewer"], ["people.id"], name="fk_reviews_reviewer"),
        sa.PrimaryKeyConstraint("request", "reviewer", "turn", name="pk_reviews"),
    )


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=100), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name="fk_comments_author"),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name="fk_comments_request"),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_comments_request", "comments", ["request"])


def _releases() -> None:
    op.create_table(
        "releases",
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime()),
        sa.Column("revoked_because", sa.Text()),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name="fk_releases_request"),
        sa.PrimaryKeyConstraint("request", name="pk_releases"),
    )


def _transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("linkage", sa.String(length=60), nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("receiver", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_transfers"),
        sqlite_autoincrement=True,
    )


def _budget_spends() -> None:
    op.create_table(
        "budget_spends",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("epsilon", sa.Float(), nullable=False),
        sa.Column("spent_at", sa.DateTime(), nullable=False),
        sa.Column("result_sha256", sa.String(length=64)),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_budget_spends_person"),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name="fk_budget_spends_project"),
        sa.PrimaryKeyConstraint("number", name="pk_budget_spends"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_budget_spends_project", "budget_spends", ["project"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_notices_person"),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name="fk_notices_request"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_person", "notices", ["person"])


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("tag", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=40)),
        sa.Column("project", sa.String(length=60)),
        sa.Column("request", sa.Integer()),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_ledger"),
        sa.UniqueConstraint("hash", name="uq_ledger_hash"),
    )
    op.create_index("ix_ledger_actor", "ledger", ["actor"])
    op.create_index("ix_ledger_person", "ledger", ["person"])
    op.create_index("ix_ledger_project", "ledger", ["project"])
    op.create_index("ix_ledger_request", "ledger", ["request"])
