"""The demonstration's people and projects: on any day the gate lets in whom it should."""

import json
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tre.config import Config
from tre.decision import NotThereError
from tre.five_safes import Subject, decide
from tre.safe_data.catalogue import catalogue
from tre.safe_people.person import Person
from tre.safe_projects.project import Place, Project
from tre.steps.passwords import usable_password
from tre.training.accounts import (
    DemoKeys,
    demo_accounts,
    demo_password,
    keys_file,
    new_password,
    read_keys,
    write_keys,
)
from tre.training.demo import ENDED_STUDY, PEOPLE, PRACTICE, PROJECTS, STUDY, demo_person
from tre.training.seeding import newcomer_on, person_on, project_on
from tre.vocabulary import Action

DAYS = [date(2026, 11, 22), date(2028, 2, 29), date(2031, 1, 1)]


def people_on(day: date) -> dict[str, Person]:
    return {demo.id: person_on(demo, day) for demo in PEOPLE}


def projects_on(day: date) -> dict[str, Project]:
    return {demo.id: project_on(demo, day) for demo in PROJECTS}


def reasons_to_refuse(person: str, project: str, day: date) -> list[str]:
    people = people_on(day)
    subject = Subject(project=projects_on(day)[project], place=Place.SAFE_ROOM, people=people)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    decision = decide(people[person], Action.START_SESSION, subject, on=noon)
    return [reason.rule for reason in decision.reasons]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(
    ("person", "project"), [("ada", STUDY), ("tess", PRACTICE), ("finn", PRACTICE)]
)
def test_the_gate_lets_in_whom_it_should(person: str, project: str, day: date):
    assert reasons_to_refuse(person, project, day) == []


@pytest.mark.parametrize("day", DAYS)
def test_bola_is_refused_for_exactly_two_reasons(day: date):
    assert reasons_to_refuse("bola", STUDY, day) == [
        "accreditation",
        "NHS passport",
    ]


@pytest.mark.parametrize("day", DAYS)
def test_a_project_past_its_end_refuses_even_its_lead(day: date):
    assert reasons_to_refuse("ada", ENDED_STUDY, day) == ["project dates"]


@pytest.mark.parametrize("day", DAYS)
def test_a_year_later_the_world_still_works(day: date):
    people, projects = people_on(day), projects_on(day)
    later = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=365)
    subject = Subject(project=projects[STUDY], place=Place.SAFE_ROOM, people=people)
    assert decide(people["ada"], Action.START_SESSION, subject, on=later).allowed


def test_every_account_says_what_to_try_in_a_sentence_or_two():
    for demo in PEOPLE:
        assert demo.try_this.endswith(".")
        assert len(demo.try_this) < 180


def test_every_member_of_a_project_has_an_account():
    for project in PROJECTS:
        assert project.lead in project.members
        assert all(demo_person(member) for member in project.members)


def test_every_granted_variable_is_in_the_catalogue():
    known = {dataset.id: set(dataset.variables()) for dataset in catalogue()}
    for project in PROJECTS:
        for grant in project.grants:
            assert set(grant.variables) <= known[grant.dataset]


def test_less_is_granted_than_there_is():
    granted = {name for grant in PROJECTS[0].grants for name in grant.variables}
    there = {name for dataset in catalogue() for name in dataset.variables()}
    assert granted < there


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
