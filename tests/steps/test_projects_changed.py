"""Changes to a project that is accredited: who decides each, and what the gate makes of it."""

from datetime import date

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.steps import projects_on_their_way as way
from tests.steps.projects_on_their_way import ask
from tre.decision import NotThereError, OvertakenError, RefusedError, UnusableRequestError
from tre.safe_projects.application import Choice
from tre.safe_projects.changes import ChangeKind, ChangeState
from tre.safe_projects.membership import is_member
from tre.safe_projects.project import ProjectState
from tre.steps.change_project import (
    Proposal,
    decide_change,
    decide_change_as_owner,
    propose_change,
    withdraw_change,
)
from tre.steps.change_roles import change_roles
from tre.steps.decide_as_owner import Answer
from tre.steps.projects import load_project, projects
from tre.steps.read_ledger import read_ledger
from tre.steps.sessions_to_end import sessions_to_end
from tre.steps.start_session import start_session
from tre.steps.suspend_project import resume_project, suspend_project
from tre.store.project_changes import read_changes
from tre.vocabulary import Role

K = ChangeKind
YES = Answer(choice=Choice.APPROVE, reasons="Fine.")
NO = Answer(choice=Choice.REFUSE, reasons="Not needed.")
ASK = Answer(choice=Choice.RETURN, reasons="Why?")


@pytest.fixture
def world(any_demo: Demo) -> Demo:
    """The little world, on each database, with everybody who decides about projects."""
    way.with_deciders(any_demo.tre)
    return any_demo


@pytest.fixture
def small(demo: Demo) -> Demo:
    """The same on SQLite alone, with Ada's study, which has an extract."""
    way.with_deciders(demo.tre)
    return demo


def propose(demo: Demo, kind: ChangeKind, project: str = STUDY, **what) -> int:
    return propose_change(demo.tre, "ada", project, Proposal(kind=kind, reason="For it.", **what))


def change(demo: Demo, number: int):
    with demo.tre.store.reading() as connection:
        return next(each for each in read_changes(connection) if each.number == number)


def test_a_member_is_added_by_the_chair_s_word_and_gets_in(small: Demo):
    number = propose(small, K.ADD_MEMBER, member="gwen")
    with pytest.raises(NotThereError):
        start_session(small.tre, "gwen", STUDY)
    decide_change(small.tre, "rosa", STUDY, number, YES)
    assert change(small, number).state is ChangeState.MADE
    start_session(small.tre, "gwen", STUDY)


def test_a_member_who_is_removed_is_out_at_once_with_their_session(small: Demo):
    decide_change(small.tre, "rosa", STUDY, propose(small, K.ADD_MEMBER, member="gwen"), YES)
    start_session(small.tre, "gwen", STUDY)
    assert sessions_to_end(small.tre) == ()
    propose(small, K.REMOVE_MEMBER, member="gwen")
    (ending,) = sessions_to_end(small.tre)
    assert ending.person == "gwen"


@pytest.mark.parametrize(
    ("kind", "what", "problem"),
    [
        (K.ADD_MEMBER, {"member": "bola"}, "already"),
        (K.ADD_MEMBER, {"member": "cora"}, "researcher's"),
        (K.ADD_MEMBER, {"member": "nobody"}, "nobody called"),
        (K.ADD_MEMBER, {}, "sign-in name is empty"),
        (K.ADD_MEMBER, {"member": "a\0b"}, "cannot be seen"),
        (K.REMOVE_MEMBER, {"member": "gwen"}, "nobody of that name"),
        (K.REMOVE_MEMBER, {"member": "ada"}, "not without its lead"),
        (K.MORE_DATA, {}, "name the dataset"),
        (K.LESS_DATA, {"ask": ask("hes")}, "not within what is granted"),
        (K.EXTENSION, {}, "ends after"),
        (K.EXTENSION, {"until": date(2027, 1, 5)}, "ends after 05 January 2027"),
        (K.EXTENSION, {"until": date(2037, 1, 5)}, "at most 5 years"),
    ],
)
def test_a_change_that_makes_no_sense_is_not_proposed(small: Demo, kind, what, problem):
    with pytest.raises(UnusableRequestError, match=problem):
        propose(small, kind, **what)


def test_an_extension_needs_the_chair_and_takes_the_members_along(small: Demo):
    number = propose(small, K.EXTENSION, until=date(2027, 12, 31))
    assert load_project(small.tre, STUDY).ends == date(2027, 1, 5)
    decide_change(small.tre, "priya", STUDY, number, YES)
    after = load_project(small.tre, STUDY)
    assert after.ends == date(2027, 12, 31)
    assert is_member(after, "ada", date(2027, 12, 31)).allowed


def test_an_extension_that_is_asked_for_late_ends_on_a_day_to_come(small: Demo):
    small.clock.move(days=320)
    with pytest.raises(UnusableRequestError, match="past already"):
        propose(small, K.EXTENSION, until=date(2027, 1, 10))
    assert propose(small, K.EXTENSION, until=date(2027, 12, 31))


def test_who_granted_more_data_does_not_accept_the_change_for_the_panel(world: Demo):
    project = way.accredited(world.tre, meeting="The CDLS brings them into the SRS.")
    more = ask("hes", "admissions.admitted", since_year=2015)
    number = propose(world, K.MORE_DATA, project, ask=more)
    grant = Answer(choice=Choice.APPROVE, reasons="It fits.", variables=("admissions.admitted",))
    decide_change_as_owner(world.tre, "nils", project, number, grant)
    change_roles(world.tre, "mia", "nils", {Role.PANEL_MEMBER})
    with pytest.raises(RefusedError, match="spoken about this project as a data owner"):
        decide_change(world.tre, "nils", project, number, YES)
    decide_change(world.tre, "rosa", project, number, YES)


def test_data_are_granted_by_their_owner_first_then_accepted_by_the_chair(world: Demo):
    project = way.accredited(world.tre)
    more = ask("hes", "admissions.admitted", "admissions.specialty", since_year=2015)
    meeting = "The CDLS brings them into the SRS."
    with pytest.raises(RefusedError, match="how the two come together"):
        propose(world, K.MORE_DATA, project, ask=more)
    both = way.accredited(world.tre, meeting=meeting)
    number = propose(world, K.MORE_DATA, both, ask=more)
    with pytest.raises(OvertakenError, match="data owner first"):
        decide_change(world.tre, "rosa", both, number, YES)
    with pytest.raises(RefusedError, match="those of NHS Digital"):
        decide_change_as_owner(world.tre, "uma", both, number, YES)
    less = Answer(
        choice=Choice.APPROVE,
        reasons="Without the specialty.",
        conditions=("Acknowledge us.",),
        variables=("admissions.admitted",),
    )
    assert both in {each.id for each in projects(world.tre, "nils")}
    decide_change_as_owner(world.tre, "nils", both, number, less)
    assert len(load_project(world.tre, both).datasets) == 2
    decide_change(world.tre, "rosa", both, number, YES)
    given = {one.dataset: one for one in load_project(world.tre, both).datasets}
    assert given["hes"].variables == ("admissions.admitted",)
    assert given["hes"].since_year == 2015
    assert change(world, number).words[0].conditions == ("Acknowledge us.",)


def test_an_owner_does_not_grant_more_than_the_change_asks_for(small: Demo):
    number = propose(small, K.MORE_DATA, ask=ask("cris", "patients.sex"))
    beyond = Answer(choice=Choice.APPROVE, reasons="All.", variables=("patients.borough",))
    with pytest.raises(RefusedError, match="was not asked for"):
        decide_change_as_owner(small.tre, "uma", STUDY, number, beyond)


def test_data_are_given_back_without_anybody_s_word(small: Demo):
    propose(small, K.LESS_DATA, ask=ask("npd", "linked.sex"))
    given = {one.dataset: one for one in load_project(small.tre, STUDY).datasets}
    assert given["npd"].variables == ("linked.sex",)
    propose(
        small,
        K.LESS_DATA,
        ask=way.Ask(dataset="npd", variables=(), since_year=2010, until_year=2019),
    )
    assert [one.dataset for one in load_project(small.tre, STUDY).datasets] == ["cris"]


@pytest.mark.parametrize("answer", [NO, YES])
def test_a_change_is_answered_once(small: Demo, answer):
    number = propose(small, K.ADD_MEMBER, member="gwen")
    decide_change(small.tre, "rosa", STUDY, number, answer)
    with pytest.raises(OvertakenError):
        decide_change(small.tre, "priya", STUDY, number, YES)
    with pytest.raises(OvertakenError):
        withdraw_change(small.tre, "ada", STUDY, number)
    is_on = is_member(load_project(small.tre, STUDY), "gwen", small.clock().date()).allowed
    assert is_on is (answer is YES)


def test_a_change_is_withdrawn_by_its_lead(small: Demo):
    number = propose(small, K.ADD_MEMBER, member="gwen")
    withdraw_change(small.tre, "ada", STUDY, number)
    assert change(small, number).state is ChangeState.WITHDRAWN


def test_two_changes_of_the_same_are_not_open_at_once(small: Demo):
    propose(small, K.ADD_MEMBER, member="gwen")
    with pytest.raises(UnusableRequestError, match="withdraw it first"):
        propose(small, K.ADD_MEMBER, member="gwen")


def test_a_question_is_no_answer_to_a_change(small: Demo):
    number = propose(small, K.ADD_MEMBER, member="gwen")
    with pytest.raises(UnusableRequestError, match="approved or refused"):
        decide_change(small.tre, "rosa", STUDY, number, ASK)


def test_the_lead_proposes_and_nobody_near_the_project_decides(small: Demo):
    proposal = Proposal(kind=K.ADD_MEMBER, reason="For it.", member="gwen")
    with pytest.raises(RefusedError, match="only its lead"):
        propose_change(small.tre, "bola", STUDY, proposal)
    with pytest.raises(NotThereError):
        propose_change(small.tre, "gwen", STUDY, proposal)
    number = propose_change(small.tre, "ada", STUDY, proposal)
    with pytest.raises(RefusedError, match="both of King's"):
        decide_change(small.tre, "kit", STUDY, number, YES)
    with pytest.raises(RefusedError):
        decide_change(small.tre, "mia", STUDY, number, YES)


def test_a_change_of_another_project_is_not_there(small: Demo):
    number = propose(small, K.ADD_MEMBER, member="gwen")
    other = way.accredited(small.tre)
    with pytest.raises(NotThereError):
        decide_change(small.tre, "rosa", other, number, YES)


def test_every_step_of_a_change_is_on_the_ledger(small: Demo):
    number = propose(small, K.ADD_MEMBER, member="gwen")
    decide_change(small.tre, "rosa", STUDY, number, YES)
    entries = read_ledger(small.tre, "omar", project=STUDY, limit=3)
    assert [(e.actor, e.tag, e.details["change"]) for e in reversed(entries)] == [
        ("ada", "projects:change:propose", number),
        ("rosa", "projects:change:decide", number),
        ("rosa", "projects:change:make", number),
    ]


def test_a_suspended_project_stops_its_sessions_and_goes_on_when_resumed(world: Demo):
    start_session(world.tre, "ada", STUDY)
    suspend_project(world.tre, "mia", STUDY, "A screen was photographed.")
    assert load_project(world.tre, STUDY).state is ProjectState.SUSPENDED
    (ending,) = sessions_to_end(world.tre)
    assert "is suspended" in ending.decision.reasons[0].sentence
    with pytest.raises(RefusedError, match="is suspended"):
        start_session(world.tre, "ada", STUDY)
    with pytest.raises(RefusedError, match="needs it to be accredited"):
        suspend_project(world.tre, "mia", STUDY, "Again.")
    resume_project(world.tre, "mia", STUDY, "The screen is turned away from the window.")
    start_session(world.tre, "ada", STUDY)


def test_a_request_of_a_suspended_project_stands_still(small: Demo):
    request = small.reviewed()
    suspend_project(small.tre, "mia", STUDY, "A screen was photographed.")
    from tre.steps.approve_request import approve_request  # noqa: PLC0415

    with pytest.raises(RefusedError, match="is frozen"):
        approve_request(small.tre, "cora", request)


@pytest.mark.parametrize("who", ["ada", "cora", "rosa", "uma"])
def test_only_a_manager_suspends(small: Demo, who: str):
    with pytest.raises(RefusedError, match="TRE manager"):
        suspend_project(small.tre, who, STUDY, "No.")


def test_a_suspension_has_a_reason(small: Demo):
    with pytest.raises(UnusableRequestError, match="the reason is empty"):
        suspend_project(small.tre, "mia", STUDY, "  ")
