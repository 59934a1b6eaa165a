"""What happens to a project: every action for every role, side and state."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from tests.five_safes.world import KINGS, NOW, ONS, SLAM, member, researcher, staff
from tests.safe_projects.applications import DFE, application, applied, asked, vote
from tre.five_safes import Subject, decide
from tre.five_safes.project_requirements import PROJECT_ACTIONS
from tre.safe_projects.application import Advice, Opinion
from tre.safe_projects.project import ProjectState
from tre.vocabulary import Action, Role

A, S = Action, ProjectState
ALL = set(ProjectState)
RUNNING = {S.ACCREDITED, S.SUSPENDED}
UNDER_WAY = {S.DRAFT, S.WITH_LAY_GROUP, S.ADVISED, S.WITH_OWNERS, S.WITH_PANEL, S.RETURNED}

# In which states each action may be done, by whoever it belongs to.
IN_STATES = {
    A.VIEW_PROJECT: ALL,
    A.APPLY_FOR_PROJECT: {S.DRAFT, S.RETURNED},
    A.SUBMIT_APPLICATION: {S.DRAFT, S.RETURNED},
    A.WITHDRAW_APPLICATION: UNDER_WAY,
    A.ADVISE_ON_PROJECT: {S.WITH_LAY_GROUP},
    A.ANSWER_ADVICE: {S.ADVISED},
    A.DECIDE_AS_OWNER: {S.WITH_OWNERS, *RUNNING},
    A.VOTE_ON_PROJECT: {S.WITH_PANEL},
    A.PROPOSE_CHANGE: RUNNING,
    A.WITHDRAW_CHANGE: ALL,
    A.DECIDE_CHANGE: RUNNING,
    A.SUSPEND_PROJECT: {S.ACCREDITED},
    A.RESUME_PROJECT: {S.SUSPENDED},
    A.END_PROJECT: {S.APPLIED, *RUNNING},
}
OF_ROLE = {
    A.ADVISE_ON_PROJECT: Role.LAY_MEMBER,
    A.DECIDE_AS_OWNER: Role.DATA_OWNER,
    A.VOTE_ON_PROJECT: Role.PANEL_MEMBER,
    A.DECIDE_CHANGE: Role.PANEL_MEMBER,
    A.SUSPEND_PROJECT: Role.TRE_MANAGER,
    A.RESUME_PROJECT: Role.TRE_MANAGER,
    A.END_PROJECT: Role.TRE_MANAGER,
}
OF_THE_LEAD = {
    *(A.APPLY_FOR_PROJECT, A.SUBMIT_APPLICATION, A.WITHDRAW_APPLICATION, A.ANSWER_ADVICE),
    *(A.PROPOSE_CHANGE, A.WITHDRAW_CHANGE),
}
EDINBURGH = "University of Edinburgh"


def about(state: ProjectState, **changes: Any) -> Subject:
    """Ada's project in a state; SLaM's data are decided on."""
    everything = Subject(
        project=applied(state=state),
        application=application(),
        controller=SLAM,
        people={"ada": researcher()},
    )
    return replace(everything, **changes)


def other(*roles: Role, organisation: str = EDINBURGH, name: str = "rosa"):
    return staff(name, *roles, organisation=organisation)


def test_the_tables_of_this_file_are_complete():
    assert set(IN_STATES) == set(PROJECT_ACTIONS)
    assert set(OF_ROLE) | OF_THE_LEAD | {A.VIEW_PROJECT} == set(PROJECT_ACTIONS)


@pytest.mark.parametrize(("action", "state"), list(product(sorted(OF_THE_LEAD), S)))
def test_what_is_the_lead_s_is_done_in_its_states_by_the_lead_alone(action, state):
    allowed = state in IN_STATES[action]
    assert decide(researcher(), action, about(state), on=NOW).allowed is allowed
    assert not decide(researcher("bola"), action, about(state), on=NOW).allowed
    assert not decide(researcher("emi"), action, about(state), on=NOW).allowed


@pytest.mark.parametrize(("action", "role", "state"), list(product(OF_ROLE, Role, S)))
def test_what_is_a_role_s_is_done_in_its_states_by_that_role_alone(action, role, state):
    organisation = SLAM if action is A.DECIDE_AS_OWNER else EDINBURGH
    decision = decide(other(role, organisation=organisation), action, about(state), on=NOW)
    assert decision.allowed is (role is OF_ROLE[action] and state in IN_STATES[action])


@pytest.mark.parametrize(("action", "state"), list(product(OF_ROLE, S)))
def test_nobody_decides_about_a_project_that_names_them_whatever_their_roles(action, state):
    for name in ("ada", "bola"):
        actor = replace(researcher(name), roles=frozenset(Role))
        decision = decide(actor, action, about(state), on=NOW)
        is_managers = OF_ROLE[action] is Role.TRE_MANAGER
        if not is_managers or name == "ada":
            assert not decision.allowed


@pytest.mark.parametrize(("role", "state"), list(product(Role, S)))
def test_a_project_is_seen_by_its_people_always_and_by_staff_once_it_is_handed_in(role, state):
    subject = about(state)
    assert decide(researcher("bola"), A.VIEW_PROJECT, subject, on=NOW).allowed
    watches = role not in {Role.RESEARCHER, Role.TRAINER, Role.DATA_OWNER}
    handed_in = state not in {S.DRAFT, S.WITHDRAWN}
    decision = decide(other(role), A.VIEW_PROJECT, subject, on=NOW)
    assert decision.allowed is (watches and handed_in)


@pytest.mark.parametrize(
    ("organisation", "allowed"), [(SLAM, True), (DFE, True), (ONS, False), (KINGS, False)]
)
def test_a_data_owner_sees_the_projects_that_ask_for_their_data(organisation, allowed):
    owner = other(Role.DATA_OWNER, organisation=organisation)
    assert decide(owner, A.VIEW_PROJECT, about(S.WITH_OWNERS), on=NOW).allowed is allowed


@pytest.mark.parametrize(("controller", "allowed"), [(SLAM, True), (DFE, False), (None, False)])
def test_an_owner_decides_about_their_own_dataset(controller, allowed):
    owner = other(Role.DATA_OWNER, organisation=SLAM)
    subject = about(S.WITH_OWNERS, controller=controller)
    assert decide(owner, A.DECIDE_AS_OWNER, subject, on=NOW).allowed is allowed


@pytest.mark.parametrize(
    ("organisation", "rule"),
    [
        (EDINBURGH, None),  # the independent member takes the last seat
        (ONS, None),  # ONS has no data here either
        (SLAM, "seat on the panel"),  # a controller is not independent
        (KINGS, "no common organisation"),
    ],
)
def test_the_last_seat_is_for_an_independent_member(organisation, rule):
    form = application(votes=(vote("priya"), vote("quinn")))
    member_of_panel = other(Role.PANEL_MEMBER, organisation=organisation)
    subject = about(S.WITH_PANEL, application=form)
    decision = decide(member_of_panel, A.VOTE_ON_PROJECT, subject, on=NOW)
    rules = [reason.rule for reason in decision.reasons]
    assert (rules[0] if rules else None) == rule


def test_an_application_that_lacks_anything_is_not_handed_in_and_every_gap_is_told():
    empty = about(
        S.DRAFT,
        project=applied(summary="Short."),
        application=application(gateways=(), rec="", iras="", asked=()),
    )
    decision = decide(researcher(), A.SUBMIT_APPLICATION, empty, on=NOW)
    assert [reason.rule for reason in decision.reasons] == [
        "application described",
        "legal gateway",
        "ethics references",
        "ethics references",
        "minimisation argued",
    ]


def test_data_of_two_places_without_a_word_about_it_are_not_handed_in():
    form = application(asked=(asked(seen_at="CDLS"), asked(dataset="npd", seen_at="SRS")))
    decision = decide(researcher(), A.SUBMIT_APPLICATION, about(S.DRAFT, application=form), on=NOW)
    assert [reason.rule for reason in decision.reasons] == ["meeting of the data"]


@pytest.mark.parametrize("action", sorted({A.VOTE_ON_PROJECT, A.DECIDE_CHANGE}))
def test_without_knowing_the_lead_the_panel_does_nothing(action):
    subject = about(S.WITH_PANEL if action is A.VOTE_ON_PROJECT else S.ACCREDITED, people={})
    decision = decide(other(Role.PANEL_MEMBER), action, subject, on=NOW)
    assert {reason.rule for reason in decision.reasons} == {"known"}


def test_who_was_on_the_project_long_ago_still_does_not_vote():
    old = member("rosa", until=NOW.date().replace(year=2026, month=2))
    subject = about(
        S.WITH_PANEL, project=applied(state=S.WITH_PANEL, members=(member("ada", lead=True), old))
    )
    decision = decide(other(Role.PANEL_MEMBER), A.VOTE_ON_PROJECT, subject, on=NOW)
    assert [reason.rule for reason in decision.reasons] == ["not a member"]


@pytest.mark.parametrize(
    ("action", "state", "allowed"),
    [
        (A.VOTE_ON_PROJECT, S.WITH_PANEL, False),
        (A.DECIDE_CHANGE, S.ACCREDITED, False),
        (A.DECIDE_AS_OWNER, S.WITH_OWNERS, False),
        (A.ADVISE_ON_PROJECT, S.WITH_LAY_GROUP, True),  # again, in the next round
    ],
)
def test_who_has_advised_on_a_project_judges_it_as_nothing_else(action, state, *, allowed):
    said = Advice(person="rosa", opinion=Opinion.SUPPORTS, text="Yes.", at=NOW, round=1)
    organisation = SLAM if action is A.DECIDE_AS_OWNER else EDINBURGH
    actor = other(Role.LAY_MEMBER, OF_ROLE[action], organisation=organisation)
    for advice, may in (((said,), allowed), ((), True)):
        subject = about(state, application=application(advice=advice))
        assert decide(actor, action, subject, on=NOW).allowed is may
