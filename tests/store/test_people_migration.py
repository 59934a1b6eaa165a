"""A store of the version before is brought to the tables of people with nothing lost."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config as Alembic
from sqlalchemy import text

from tests.clock import FakeClock
from tre.config import Config
from tre.steps.notices import notices
from tre.steps.people import load_person
from tre.steps.tre import open_tre
from tre.store import migrate
from tre.store.engine import make_engine, writer

AT = "2026-03-02 09:00:00"
ROWS = (
    "INSERT INTO people (id, name, organisation, account_since) "
    f"VALUES ('ada', 'Ada', 'KCL', '{AT}')",
    "INSERT INTO passports (person, kind, trust, since, until) "
    "VALUES ('ada', 'letter of access', 'SLaM', '2026-01-01', '2026-12-31')",
    "INSERT INTO sanctions (person, since, reason) VALUES ('ada', '2026-01-01', 'x')",
    "INSERT INTO projects (id, title, summary, state, starts, ends, legal_gateway, "
    "ethics_reference, public_benefit, practice, epsilon_total) VALUES ('p', 'P', '', "
    "'accredited', '2026-01-01', '2026-12-31', '', '', '', 0, 1.0)",
    "INSERT INTO requests (id, project, author, title, state, turn, created_at, policy) "
    f"VALUES (7, 'p', 'ada', 'Table 1', 'draft', 1, '{AT}', 'srs')",
    f"INSERT INTO notices (person, request, at, text) VALUES ('ada', 7, '{AT}', 'It came back.')",
)


def store_of_0005(home: Path) -> None:
    """Make a store as the version before left it, with somebody in it."""
    home.mkdir()
    engine = make_engine(f"sqlite:///{home / 'tre.sqlite'}")
    told = Alembic()
    told.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    told.set_main_option("path_separator", "os")
    with writer(engine.connect()) as connection, connection.begin():
        told.attributes["connection"] = connection
        command.upgrade(told, "0005")
        for row in ROWS:
            connection.execute(text(row))
    engine.dispose()


def test_people_documents_sanctions_and_notices_come_along(tmp_path: Path) -> None:
    store_of_0005(tmp_path / "home")
    tre = open_tre(Config(home=tmp_path / "home"), now=FakeClock())
    try:
        ada = load_person(tre, "ada")
        assert (ada.email, ada.temporary_password, ada.accreditation_after) == ("", False, None)
        assert ada.passports[0].reference == ""
        assert ada.sanctions[0].lifted_on is None
        (notice,) = notices(tre, "ada")
        told = (notice.title, notice.text, notice.path, notice.request)
        assert told == ("Table 1", "It came back.", "/requests/7", 7)
        assert notice.at == datetime.fromisoformat(f"{AT}+00:00")
    finally:
        tre.close()
