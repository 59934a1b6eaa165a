"""The panel's votes on an application: three, one independent, blind, each with reasons."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.demo import Demo
from tests.steps import projects_on_their_way as way
from tests.steps.projects_on_their_way import vote
from tre.decision import NotThereError, RefusedError, UnusableRequestError
from tre.safe_projects.application import Choice
from tre.safe_projects.project import ProjectState
from tre.steps.apply_for_project import submit_application
from tre.steps.change_roles import change_roles
from tre.steps.decide_as_owner import Answer
from tre.steps.panel_vote import vote_on_project
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.record_project import record_project
from tre.vocabulary import Role

YES, ASK, NO = Choice.APPROVE, Choice.RETURN, Choice.REFUSE
S = ProjectState


@pytest.fixture
def small(demo: Demo) -> Demo:
    """The little world, with everybody who decides about projects."""
    way.with_deciders(demo.tre)
    return demo


def state(demo: Demo, project: str) -> ProjectState:
    return load_project(demo.tre, project).state


def test_the_ledger_does_not_tell_votes_before_all_have_voted(small: Demo):
    project = way.with_panel(small.tre)
    vote(small.tre, "priya", project, NO)
    (entry,) = [e for e in read_ledger(small.tre, "omar", project=project) if "vote" in e.tag]
    assert entry.details == {
        "state": "with the panel", "round": 1, "seat": 1, "independent": True,
    }  # fmt: skip
    vote(small.tre, "quinn", project, NO)
    assert vote(small.tre, "rosa", project, YES) is S.REFUSED
    (entry,) = [e for e in read_ledger(small.tre, "omar", project=project) if "refuse" in e.tag]
    assert entry.details["votes"] == {"priya": "refuse", "quinn": "refuse", "rosa": "approve"}


def test_a_manager_does_not_accredit_grant_or_extend_past_the_panel(small: Demo):
    tre = small.tre
    waiting = load_project(tre, way.with_panel(tre))
    study = load_project(tre, way.accredited(tre))
    for past in (
        replace(waiting, state=S.ACCREDITED),
        replace(waiting, datasets=study.datasets),
        replace(study, ends=study.ends + timedelta(days=1)),
        replace(study, datasets=study.datasets[:1]),
        replace(study, practice=True),  # as if its people needed no accreditation
        replace(study, id="a-new-one"),  # accredited from the first
        replace(study, id="a-new-one", state=S.APPLIED),  # with data that nobody granted
    ):
        with pytest.raises(UnusableRequestError, match="for its panel and the data owners"):
            record_project(tre, "mia", past)
    record_project(tre, "mia", replace(study, id="a-new-one", state=S.APPLIED, datasets=()))
    record_project(tre, "mia", replace(study, id="a-practice", practice=True))
    gone = tuple(replace(member, until=small.clock().date()) for member in study.members)
    record_project(tre, "mia", replace(study, members=gone))


def test_one_doubt_is_enough_to_ask_and_the_next_round_begins_anew(small: Demo):
    project = way.with_panel(small.tre)
    for voter, choice in zip(way.PANEL, (YES, NO, YES), strict=True):
        vote(small.tre, voter, project, choice)
    assert state(small, project) is S.RETURNED
    submit_application(small.tre, "ada", project, reply="We answer the doubt.")
    assert state(small, project) is S.WITH_PANEL  # every owner's word still stands
    for voter in way.PANEL:
        vote(small.tre, voter, project, YES)
    assert state(small, project) is S.ACCREDITED


def test_colleagues_of_the_lead_and_strangers_do_not_vote(small: Demo):
    project = way.with_panel(small.tre)
    with pytest.raises(RefusedError, match="both of King's"):
        vote(small.tre, "kit", project, YES)
    with pytest.raises(NotThereError):
        vote(small.tre, "gwen", project, YES)
    with pytest.raises(RefusedError, match="this is for panel member"):
        vote(small.tre, "cora", project, YES)


def test_an_interest_must_be_denied(small: Demo):
    project = way.with_panel(small.tre)
    answer = Answer(choice=NO, reasons="No.")
    with pytest.raises(UnusableRequestError, match="no interest"):
        vote_on_project(small.tre, "rosa", project, answer, no_interest=False)


def test_a_yes_finds_every_criterion_met(small: Demo):
    project = way.with_panel(small.tre)
    answer = Answer(choice=YES, reasons="Yes.")
    with pytest.raises(RefusedError, match="for the public's benefit"):
        vote_on_project(small.tre, "rosa", project, answer, criteria=("merit",), no_interest=True)


def test_nobody_votes_twice_or_after_the_decision(small: Demo):
    project = way.with_panel(small.tre)
    vote(small.tre, "rosa", project, YES)
    with pytest.raises(RefusedError, match="you have voted"):
        vote(small.tre, "rosa", project, NO)
    vote(small.tre, "priya", project, YES)
    vote(small.tre, "quinn", project, YES)
    with pytest.raises(RefusedError, match="accredited"):
        vote(small.tre, "rosa", project, NO)


def test_who_has_advised_on_a_project_or_granted_its_data_does_not_vote_on_it(small: Demo):
    project = way.with_panel(small.tre)
    for person in ("sol", "uma"):
        change_roles(small.tre, "mia", person, {Role.PANEL_MEMBER})
        with pytest.raises(RefusedError, match="you have spoken about this project"):
            vote(small.tre, person, project, YES)
    assert vote(small.tre, "priya", project, YES) is S.WITH_PANEL
