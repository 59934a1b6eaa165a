"""The demonstration's people and projects: on any day the gate lets in whom it should."""

import json
import stat
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from tre.config import Config
from tre.decision import NotThereError
from tre.five_safes import Subject, decide
from tre.safe_data.catalogue import catalogue
from tre.safe_people.person import Person
from tre.safe_projects.project import Place, Project
from tre.safe_projects.same_arguments import same_arguments
from tre.steps.asked_data import asked_of
from tre.steps.demo_studies import ask_of, bring
from tre.steps.passwords import usable_password
from tre.steps.projects import load_project
from tre.steps.record_person import record_person
from tre.steps.tre import SYSTEM, open_tre
from tre.training.accounts import (
    DemoKeys,
    demo_accounts,
    demo_password,
    keys_file,
    new_password,
    read_keys,
    write_keys,
)
from tre.training.demo import PEOPLE, PRACTICE, STUDY, demo_person
from tre.training.reasons import COLUMN_REASONS
from tre.training.seeding import newcomer_on, person_on, practice_on
from tre.training.studies import APPLIED_FOR, STUDIES
from tre.vocabulary import Action

World = tuple[dict[str, Person], dict[str, Project]]

DAYS = [date(2026, 11, 22), date(2028, 2, 29), date(2031, 1, 1)]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[date, World]:
    """The people and the main study, brought to its accreditation, as if built on each day."""
    return {day: world_on(day, tmp_path_factory.mktemp("demo") / "home") for day in DAYS}


def world_on(day: date, home: Path) -> World:
    tre = open_tre(Config(home=home), now=lambda: datetime.combine(day, time(9), UTC))
    people = {demo.id: person_on(demo, day) for demo in PEOPLE}
    for person in people.values():
        record_person(tre, SYSTEM, person)
    bring(tre, next(study for study in STUDIES if study.id == STUDY))
    study = load_project(tre, STUDY)
    tre.close()
    return people, {STUDY: study, PRACTICE: practice_on(study, day)}


def reasons_to_refuse(world: World, person: str, project: str, day: date) -> list[str]:
    people, projects = world
    subject = Subject(project=projects[project], place=Place.SAFE_ROOM, people=people)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    decision = decide(people[person], Action.START_SESSION, subject, on=noon)
    return [reason.rule for reason in decision.reasons]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(
    ("person", "project"), [("ada", STUDY), ("tess", PRACTICE), ("finn", PRACTICE)]
)
def test_the_gate_lets_in_whom_it_should(
    worlds: dict[date, World], person: str, project: str, day: date
):
    assert reasons_to_refuse(worlds[day], person, project, day) == []


@pytest.mark.parametrize("day", DAYS)
def test_bola_is_refused_for_exactly_two_reasons(worlds: dict[date, World], day: date):
    assert reasons_to_refuse(worlds[day], "bola", STUDY, day) == [
        "accreditation",
        "NHS passport",
    ]


@pytest.mark.parametrize("day", DAYS)
def test_a_project_past_its_end_refuses_even_its_lead(worlds: dict[date, World], day: date):
    ended = worlds[day][1][STUDY].ends
    before = reasons_to_refuse(worlds[day], "ada", STUDY, ended)
    after = reasons_to_refuse(worlds[day], "ada", STUDY, ended + timedelta(days=1))
    assert before == ["NHS passport"]  # it was issued a year ago, for three; the project lasts on
    assert set(after) - set(before) == {"project dates", "membership"}


@pytest.mark.parametrize("day", DAYS)
def test_a_year_later_the_world_still_works(worlds: dict[date, World], day: date):
    assert reasons_to_refuse(worlds[day], "ada", STUDY, day + timedelta(days=365)) == []


def test_every_account_says_what_to_try_in_a_sentence_or_two():
    for demo in PEOPLE:
        assert demo.try_this.endswith(".")
        assert len(demo.try_this) < 180


def test_everybody_named_on_a_study_has_an_account():
    for study in APPLIED_FOR:
        assert all(demo_person(person) for person in (study.lead, *study.members))


def test_every_reason_is_of_a_variable_or_table_that_is_in_the_catalogue():
    known = {dataset.id: set(dataset.variables()) for dataset in catalogue()}
    for study in APPLIED_FOR:
        for ask in study.asks:
            tables = {name.split(".")[0] for name in known[ask.dataset]}
            assert {name for name, _ in ask.why} <= known[ask.dataset] | tables, study.id
            assert {asked.name for asked in ask_of(ask).variables} <= known[ask.dataset]


def test_no_study_pastes_one_argument_over_several_variables():
    """Each column has a reason, and no reason is there that nobody gives."""
    for study in APPLIED_FOR:
        found = same_arguments(asked_of(ask_of(ask) for ask in study.asks))
        assert not found, (study.id, found)
    asked = [v for study in APPLIED_FOR for ask in study.asks for v in ask_of(ask).variables]
    given = {variable.why.partition(" (")[0] for variable in asked}
    assert {why for why in COLUMN_REASONS.values() if why not in given} == set()
    assert len(set(COLUMN_REASONS.values())) == len(COLUMN_REASONS)


def test_less_is_asked_for_than_there_is_and_no_place_of_residence_beside_health():
    for study in APPLIED_FOR:
        asked = {v.name for ask in study.asks for v in ask_of(ask).variables}
        there = {
            name
            for dataset in catalogue()
            if dataset.id in {ask.dataset for ask in study.asks}
            for name in dataset.variables()
        }
        assert asked < there, study.id
        boroughs = {name for name in asked if name.endswith(".borough")}
        assert boroughs <= {"linked.borough"}, study.id


def test_somebody_new_begins_today():
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    new = newcomer_on(PEOPLE[0], now)
    assert new.account_since == now
    assert new.training_passed == now.date()


def test_a_password_is_four_words_and_no_two_are_alike():
    drawn = {new_password() for _ in range(50)}
    assert len(drawn) == 50
    assert all(len(password.split("-")) == 4 for password in drawn)
    assert all(len(password) >= 12 for password in drawn)


def test_no_password_that_is_drawn_holds_the_name_of_somebody_who_gets_it():
    for password in {new_password() for _ in range(300)}:
        for person in PEOPLE:
            assert usable_password(password, person=person.id) == password


def test_keys_are_readable_by_their_owner_alone(tmp_path: Path):
    write_keys(tmp_path, DemoKeys(password="a-b-c-d", totp_secrets={"ada": "JBSWY3DP"}))
    assert stat.S_IMODE(keys_file(tmp_path).stat().st_mode) == 0o600
    assert stat.S_IMODE(keys_file(tmp_path).parent.stat().st_mode) == 0o700
    told = json.loads(keys_file(tmp_path).read_text())
    assert told == {"password": "a-b-c-d", "people": {"ada": {"totp_secret": "JBSWY3DP"}}}
    assert read_keys(tmp_path).totp_secrets == {"ada": "JBSWY3DP"}


def test_accounts_are_listed_in_the_order_to_try_them(tmp_path: Path):
    secrets = {demo.id: "JBSWY3DP" for demo in PEOPLE}
    write_keys(tmp_path, DemoKeys(password="a-b-c-d", totp_secrets=secrets))
    config = Config(home=tmp_path)
    assert [account.id for account in demo_accounts(config)][:4] == ["ada", "bola", "cora", "deniz"]
    assert demo_accounts(config)[0].role == "researcher"
    assert demo_password(config) == "a-b-c-d"


def test_before_the_world_is_built_there_are_no_accounts(tmp_path: Path):
    with pytest.raises(NotThereError, match="tre build"):
        demo_accounts(Config(home=tmp_path))
