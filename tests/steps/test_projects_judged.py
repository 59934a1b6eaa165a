"""Separation of duties around a project: judges stay off it, and a lead who left leads no more."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from tests.demo import Demo
from tests.demo_people import ADA, STUDY
from tests.steps import projects_on_their_way as way
from tests.steps.projects_on_their_way import ask, draft
from tre.decision import RefusedError
from tre.safe_projects.application import Choice
from tre.safe_projects.changes import ChangeKind
from tre.safe_projects.panel import CRITERIA
from tre.safe_projects.project import ProjectState
from tre.steps.apply_for_project import change_application, submit_application
from tre.steps.change_project import Proposal, decide_change, propose_change
from tre.steps.change_roles import change_roles
from tre.steps.decide_as_owner import Answer
from tre.steps.panel_vote import vote_on_project
from tre.steps.projects import load_project
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.register import public_register
from tre.steps.tre import SYSTEM
from tre.vocabulary import PersonId, ProjectId, Role

YES = Answer(choice=Choice.APPROVE, reasons="Fine.")
ASK = Answer(choice=Choice.RETURN, reasons="Why?")


@pytest.fixture
def world(demo: Demo) -> Demo:
    way.with_deciders(demo.tre)
    return demo


def also_researcher(demo: Demo, person: PersonId, role: Role) -> None:
    change_roles(demo.tre, "mia", person, {role, Role.RESEARCHER})


def voted_on(demo: Demo, answer: Answer) -> ProjectId:
    """A project that every owner granted its data, and on which all three have voted."""
    project = way.with_owners(demo.tre)
    way.grant_all(demo.tre, project, draft().asks)
    for member in way.PANEL:
        vote_on_project(
            demo.tre, member, project, answer, criteria=tuple(CRITERIA), no_interest=True
        )
    return project


def rules_that_refuse(act) -> set[str]:
    with pytest.raises(RefusedError) as refused:
        act()
    return {reason.rule for reason in refused.value.decision.reasons}


def add(demo: Demo, project: ProjectId, member: PersonId) -> int:
    proposal = Proposal(kind=ChangeKind.ADD_MEMBER, reason="For it.", member=member)
    return propose_change(demo.tre, "ada", project, proposal)


def test_an_owner_who_granted_the_data_does_not_join_when_it_comes_back(world: Demo):
    project = voted_on(world, ASK)
    assert load_project(world.tre, project).state is ProjectState.RETURNED
    also_researcher(world, "uma", Role.DATA_OWNER)
    change_application(world.tre, "ada", project, draft(members=("uma",)))
    again = lambda: submit_application(world.tre, "ada", project, "Because.")  # noqa: E731
    assert rules_that_refuse(again) == {"judges apart"}
    change_application(world.tre, "ada", project, draft(members=("gwen",)))
    again()


def test_a_member_of_the_panel_who_voted_does_not_join(world: Demo):
    project = voted_on(world, YES)
    also_researcher(world, "rosa", Role.PANEL_MEMBER)
    assert rules_that_refuse(lambda: add(world, project, "rosa")) == {"judges apart"}


def test_nobody_lets_themselves_onto_a_project(world: Demo):
    also_researcher(world, "rosa", Role.PANEL_MEMBER)
    number = add(world, STUDY, "rosa")
    for answer in (YES, replace(YES, choice=Choice.REFUSE)):
        itself = partial(decide_change, world.tre, "rosa", STUDY, number, answer)
        assert rules_that_refuse(itself) == {"not about oneself"}
    decide_change(world.tre, "quinn", STUDY, number, YES)


def test_who_answered_another_change_meanwhile_does_not_join(world: Demo):
    also_researcher(world, "rosa", Role.PANEL_MEMBER)
    number = add(world, STUDY, "rosa")
    decide_change(world.tre, "rosa", STUDY, add(world, STUDY, "gwen"), YES)
    late = lambda: decide_change(world.tre, "quinn", STUDY, number, YES)  # noqa: E731
    assert rules_that_refuse(late) == {"judges apart"}
    decide_change(world.tre, "quinn", STUDY, number, replace(YES, choice=Choice.REFUSE))


def test_a_lead_who_left_gives_no_data_back_and_stands_in_no_register(world: Demo):
    study = load_project(world.tre, STUDY)
    yesterday = world.tre.now().date() - timedelta(days=1)
    ada, bola = study.members
    members = (replace(ada, until=yesterday), replace(bola, person="gwen", lead=True))
    record_project(world.tre, SYSTEM, replace(study, members=members))
    record_person(world.tre, SYSTEM, replace(ADA, id="gwen", organisation="Leeds"))
    listed = {each.title: each.organisation for each in public_register(world.tre)}
    assert listed[study.title] == "Leeds"
    less = Proposal(kind=ChangeKind.LESS_DATA, reason="Out.", ask=replace(ask("npd"), variables=()))
    by_ada = lambda: propose_change(world.tre, "ada", STUDY, less)  # noqa: E731
    assert rules_that_refuse(by_ada) == {"leads the project"}
    assert len(load_project(world.tre, STUDY).datasets) == 2
    propose_change(world.tre, "gwen", STUDY, less)
    assert len(load_project(world.tre, STUDY).datasets) == 1


@pytest.mark.parametrize(
    ("what", "asked_again"),
    [
        # the same study, told better
        ({"summary": way.LAY + " So we ask."}, False),
        ({"title": "School, after a first episode"}, False),
        ({"gateways": ("dea-2017",), "cag": ""}, False),
        ({"ends": draft().ends - timedelta(days=1)}, False),
        # another purpose, another law, other people, a longer time
        ({"methods": "Whom could an insurer leave out?"}, True),
        ({"public_benefit": "Cheaper policies."}, True),
        ({"meeting": "They are carried over by hand."}, True),
        ({"gateways": ("dea-2017", "section-251", "consent")}, True),
        ({"members": ("gwen",)}, True),
        ({"ends": draft().ends + timedelta(days=1)}, True),
    ],
)
def test_an_owner_s_word_stands_for_the_purpose_and_the_people_it_was_given_for(
    world: Demo, what, asked_again: bool
):
    project = voted_on(world, ASK)
    change_application(world.tre, "ada", project, draft(**what))
    change_application(world.tre, "ada", project, draft(**what))  # kept twice, as people do
    submit_application(world.tre, "ada", project, "Because.")
    then = ProjectState.WITH_OWNERS if asked_again else ProjectState.WITH_PANEL
    assert load_project(world.tre, project).state is then
