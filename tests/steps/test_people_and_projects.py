"""People and projects: written and read back whole, sanctions with their cascade, sessions."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.demo import Demo
from tests.demo_people import ADA, KINGS, PEOPLE, PROJECTS, STUDY
from tre.decision import NotThereError, RefusedError, UnusableRequestError
from tre.safe_people.person import Accreditation, AccreditationLevel
from tre.safe_projects.project import Membership
from tre.steps.end_session import end_session
from tre.steps.impose_sanction import impose_sanction
from tre.steps.my_projects import my_projects
from tre.steps.people import load_person, people
from tre.steps.projects import load_project, projects
from tre.steps.read_ledger import read_ledger
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.sessions_to_end import sessions_to_end
from tre.steps.start_session import start_session
from tre.steps.tre import SYSTEM


def test_people_are_read_as_they_were_recorded(any_demo: Demo) -> None:
    assert people(any_demo.tre, "mia") == tuple(sorted(PEOPLE, key=lambda person: person.id))


def test_projects_are_read_as_they_were_recorded(any_demo: Demo) -> None:
    for project in PROJECTS:
        read = load_project(any_demo.tre, project.id)
        assert set(read.members) == set(project.members)
        assert replace(read, members=project.members) == project


def test_a_second_record_takes_the_place_of_the_first(any_demo: Demo) -> None:
    tre = any_demo.tre
    changed = replace(
        ADA,
        organisation="Imperial College London",
        accreditation=Accreditation(
            level=AccreditationLevel.PROVISIONAL, since=date(2026, 1, 1), until=date(2028, 12, 31)
        ),
        passports=(),
        supervisor="bola",
        second_factor_since=datetime(2026, 1, 1, 12, 30, tzinfo=UTC),
    )
    record_person(tre, "mia", changed)
    assert load_person(tre, "ada") == changed


def test_several_memberships_of_one_person_are_kept(demo: Demo) -> None:
    study = load_project(demo.tre, STUDY)
    earlier = Membership(person="finn", since=date(2025, 1, 6), until=date(2025, 2, 1))
    later = replace(earlier, since=date(2026, 1, 6), until=date(2026, 2, 1))
    record_project(demo.tre, "mia", replace(study, members=(*study.members, earlier, later)))
    members = load_project(demo.tre, STUDY).members
    assert [m for m in members if m.person == "finn"] == [earlier, later]


def test_a_member_must_be_known(demo: Demo) -> None:
    study = load_project(demo.tre, STUDY)
    stranger = replace(study.members[0], person="stranger")
    with pytest.raises(NotThereError):
        record_project(demo.tre, "mia", replace(study, members=(stranger,)))


def test_nobody_records_a_project_that_they_lead_before_or_after(demo: Demo) -> None:
    study = load_project(demo.tre, STUDY)
    led = tuple(replace(member, person="mia") for member in study.members if member.lead)
    with pytest.raises(RefusedError):  # to make oneself lead
        record_project(demo.tre, "mia", replace(study, members=led))
    record_project(demo.tre, SYSTEM, replace(study, members=led))
    with pytest.raises(RefusedError):  # to hide that one leads
        record_project(demo.tre, "mia", study)


def test_a_project_does_not_end_before_it_starts(demo: Demo) -> None:
    study = load_project(demo.tre, STUDY)
    with pytest.raises(UnusableRequestError, match="before it starts"):
        record_project(demo.tre, "mia", replace(study, ends=date(2024, 1, 1)))


def test_the_list_of_projects_is_what_somebody_has_a_part_in(demo: Demo) -> None:
    assert [project.id for project in projects(demo.tre, "finn")] == [
        "practice-early-onset-psychosis"
    ]
    assert len(projects(demo.tre, "mia")) == 3


# The gate


def test_the_gate_opens_for_whom_everything_holds(demo: Demo) -> None:
    spec = start_session(demo.tre, "ada", STUDY)
    assert (spec.person, spec.project, spec.policy, spec.practice) == ("ada", STUDY, "srs", False)
    assert spec.extract == demo.extract
    for folder in (spec.workspace, spec.outbox, spec.replies):
        assert folder.is_dir()


def test_the_gate_says_every_reason_and_the_ledger_has_the_refusal(demo: Demo) -> None:
    with pytest.raises(RefusedError) as refusal:
        start_session(demo.tre, "bola", STUDY)
    told = str(refusal.value)
    assert "accreditation" in told
    assert "passport" in told
    entry = read_ledger(demo.tre, "omar", person="bola", limit=1)[0]
    assert (entry.tag, entry.outcome, entry.project) == ("settings:session:start", "refused", STUDY)
    assert len(entry.details["rules"]) == 2


def test_cards_say_what_is_open_today(demo: Demo) -> None:
    cards = {card.project.id: card for card in my_projects(demo.tre, "ada")}
    assert cards[STUDY].decision.allowed
    assert cards[STUDY].has_extract
    assert not cards["covid-pathways"].decision.allowed
    assert not cards["covid-pathways"].has_extract


def test_without_an_extract_there_is_no_session(demo: Demo) -> None:
    (demo.extract.parent / "current").unlink()
    with pytest.raises(UnusableRequestError, match="no data"):
        start_session(demo.tre, "ada", STUDY)


@pytest.mark.parametrize("version", ["", "../covid-pathways", "/etc", "gone", "."])
def test_a_current_version_that_leads_elsewhere_is_refused(demo: Demo, version: str) -> None:
    (demo.extract.parent / "current").write_text(version)
    with pytest.raises(UnusableRequestError, match="no version"):
        start_session(demo.tre, "ada", STUDY)


def test_a_sanction_on_an_organisation_reaches_all_its_people(any_demo: Demo) -> None:
    start_session(any_demo.tre, "ada", STUDY)
    start_session(any_demo.tre, "finn", "practice-early-onset-psychosis")
    assert sessions_to_end(any_demo.tre) == ()
    impose_sanction(
        any_demo.tre, "mia", organisation=KINGS, until=date(2026, 3, 9), reason="Shared accounts."
    )
    assert {each.person for each in sessions_to_end(any_demo.tre)} == {"ada", "finn"}
    any_demo.clock.move(days=8)  # it ended with the 9th
    assert sessions_to_end(any_demo.tre) == ()


def test_an_ended_session_is_not_asked_about_any_more(demo: Demo) -> None:
    start_session(demo.tre, "ada", STUDY)
    end_session(demo.tre, "ada", STUDY, "closed by its owner")
    end_session(demo.tre, "ada", STUDY, "closed by its owner")  # again: no error, no second line
    impose_sanction(demo.tre, "mia", person="ada", until=None, reason="Left a screen unlocked.")
    assert sessions_to_end(demo.tre) == ()
    tags = [entry.tag for entry in read_ledger(demo.tre, "omar", project=STUDY)]
    assert tags.count("settings:session:end") == 1


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"person": "ada", "organisation": KINGS},
        {"organisation": "Nowhere"},
        {"person": "nobody"},
    ],
)
def test_a_sanction_is_on_exactly_one_that_exists(demo: Demo, about: dict[str, str]) -> None:
    with pytest.raises(UnusableRequestError):
        impose_sanction(demo.tre, "mia", until=None, reason="No reason.", **about)


def test_a_sanction_ends_in_the_future(demo: Demo) -> None:
    with pytest.raises(UnusableRequestError, match="would have ended"):
        impose_sanction(demo.tre, "mia", person="ada", until=date(2026, 3, 1), reason="Too late.")


def test_the_reason_of_a_sanction_is_not_on_the_ledger(demo: Demo) -> None:
    impose_sanction(demo.tre, "mia", person="ada", until=None, reason="Left a screen unlocked.")
    entry = read_ledger(demo.tre, "omar", limit=1)[0]
    assert (entry.tag, entry.person) == ("people:sanction:impose", "ada")
    assert "screen" not in repr(entry)
