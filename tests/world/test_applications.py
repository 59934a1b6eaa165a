"""The example applications: each in its state, by the steps that people take, once."""

import time

import pytest

from tests.clock import FakeClock
from tre.config import Config
from tre.safe_projects.changes import ChangeState
from tre.safe_projects.lifecycle import PUBLIC
from tre.safe_projects.project import ProjectState
from tre.steps.demo_applications import bring_applications, controllers
from tre.steps.project_tasks import Task, project_tasks
from tre.steps.projects import load_project
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.register import public_register
from tre.steps.tre import SYSTEM, Tre, open_tre
from tre.store.project_applications import read_applications
from tre.store.project_changes import read_changes
from tre.training.applications import APPLICATIONS
from tre.training.deciders import DECIDERS, OWNERS, PANEL
from tre.training.demo import PEOPLE, demo_person
from tre.training.seeding import person_on, project_on
from tre.training.studies import every_project
from tre.vocabulary import Role


@pytest.fixture(scope="module")
def tre(tmp_path_factory: pytest.TempPathFactory):
    """The people and studies of the demonstration, without data, and its applications."""
    clock = FakeClock()
    opened = open_tre(Config(home=tmp_path_factory.mktemp("world") / "home"), now=clock)
    for demo in PEOPLE:
        record_person(opened, SYSTEM, person_on(demo, clock().date()))
    for project in every_project():
        record_project(opened, SYSTEM, project_on(project, clock().date()))
    bring_applications(opened)
    yield opened
    opened.close()


@pytest.mark.parametrize("demo", APPLICATIONS, ids=lambda demo: demo.id)
def test_each_application_is_in_its_state(tre: Tre, demo):
    assert load_project(tre, demo.id).state is demo.state


def test_there_is_an_example_for_every_state_that_an_application_can_be_in():
    shown = {demo.state for demo in APPLICATIONS}
    assert set(ProjectState) - shown == {ProjectState.APPLIED, ProjectState.WITHDRAWN}


def test_one_dataset_and_two_votes_are_left_to_decide(tre: Tre):
    with tre.store.reading() as connection:
        forms = read_applications(connection)
    assert len(forms["absence-and-diagnosis"].decisions) == 1
    assert len(forms["attendances-after-discharge"].votes) == 1


def test_everybody_who_decides_finds_something_to_do(tre: Tre):
    waiting = {demo.id: {task.task for task in project_tasks(tre, demo.id)} for demo in DECIDERS}
    assert waiting["sol"] == {Task.ADVISE}
    assert waiting["uma"] | waiting["dora"] >= {Task.DECIDE_DATA}
    assert waiting["nils"] == {Task.DECIDE_CHANGE}
    assert Task.VOTE not in waiting["priya"]  # she has voted
    for person in ("quinn", "rosa"):
        assert waiting[person] == {Task.VOTE, Task.DECIDE_CHANGE}
    assert Task.ANSWER_QUESTIONS in {task.task for task in project_tasks(tre, "ada")}
    assert Task.MAKE_EXTRACT in {task.task for task in project_tasks(tre, "lena")}


def test_a_second_try_does_nothing_again_and_costs_little(tre: Tre):
    entries = tre.store.verify_ledger().entries
    began = time.monotonic()
    bring_applications(tre)
    assert tre.store.verify_ledger().entries == entries
    assert time.monotonic() - began < 5


def test_the_changes_wait_for_their_owner_and_for_the_chair(tre: Tre):
    with tre.store.reading() as connection:
        states = {change.project: change.state for change in read_changes(connection)}
    assert states == {
        "life-expectancy": ChangeState.WITH_OWNER,
        "hospital-use": ChangeState.WITH_CHAIR,
    }


def test_the_register_has_the_fourteen_studies_and_the_examples_that_were_accredited(tre: Tre):
    accredited = [demo for demo in APPLICATIONS if demo.state in PUBLIC]
    assert len(public_register(tre)) == 14 + len(accredited)


def test_each_controller_has_an_owner_and_the_panel_an_independent_member():
    assert set(OWNERS) == controllers()
    for organisation, person in OWNERS.items():
        found = demo_person(person)
        assert found is not None
        assert (found.organisation, found.role) == (organisation, Role.DATA_OWNER)
    organisations = {demo.organisation for demo in DECIDERS if demo.id in PANEL}
    assert organisations - set(OWNERS) - {"King's College London"}
