"""Projects when people act at once, and when a change moves the place of work."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clock import FakeClock
from tests.demo import Demo, fill
from tests.demo_people import STUDY
from tests.steps import projects_on_their_way as way
from tre.config import Config
from tre.decision import RefusedError, UnusableRequestError
from tre.safe_projects.application import Choice
from tre.safe_projects.changes import ChangeKind
from tre.safe_projects.places import place_of
from tre.safe_projects.project import Place, ProjectState
from tre.steps.apply_for_project import submit_application, withdraw_application
from tre.steps.change_project import (
    Proposal,
    decide_change,
    decide_change_as_owner,
    propose_change,
)
from tre.steps.decide_as_owner import Answer
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.record_project import record_project
from tre.steps.sessions_to_end import sessions_to_end
from tre.steps.start_session import start_session
from tre.steps.tre import SYSTEM, open_tre
from tre.store.project_applications import read_application

YES = Choice.APPROVE


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Start all at the same moment; what each came to, by the name of its error or "done"."""
    start, told = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            told.append("done")
        except (RefusedError, UnusableRequestError) as error:
            told.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.fixture
def world(any_demo: Demo) -> Demo:
    way.with_deciders(any_demo.tre)
    return any_demo


def test_three_who_vote_at_once_come_to_one_decision(world: Demo):
    project = way.with_panel(world.tre)
    told = at_once(*(lambda who=who: way.vote(world.tre, who, project, YES) for who in way.PANEL))
    # two of them are independent, so that no order leaves the kept seat to the third
    assert told == ["done"] * 3
    assert load_project(world.tre, project).state is ProjectState.ACCREDITED
    tags = [entry.tag for entry in read_ledger(world.tre, "omar", project=project)]
    assert tags.count("projects:panel:accredit") == 1
    assert tags.count("projects:panel:vote") == 3


def test_the_same_member_who_presses_twice_has_voted_once(world: Demo):
    project = way.with_panel(world.tre)
    press = lambda: way.vote(world.tre, "rosa", project, YES)  # noqa: E731
    assert at_once(press, press) == ["RefusedError", "done"]
    with world.tre.store.reading() as connection:
        found = read_application(connection, project)
    assert found is not None
    assert len(found.votes) == 1


def test_handing_in_and_withdrawing_at_once_leave_one_state(world: Demo):
    project = way.a_draft(world.tre)
    at_once(
        lambda: submit_application(world.tre, "ada", project),
        lambda: withdraw_application(world.tre, "ada", project),
    )
    # handed in and then withdrawn, or withdrawn and then refused: never something between
    assert load_project(world.tre, project).state is ProjectState.WITHDRAWN
    assert world.tre.store.verify_ledger().whole


def test_a_dataset_that_asks_for_another_place_ends_the_sessions_in_the_wrong_one(tmp_path: Path):
    tre = open_tre(Config(home=tmp_path / "home", place="assured home"), now=FakeClock())
    fill(tre, accounts=False)
    way.with_deciders(tre)
    study = load_project(tre, STUDY)
    at_home = tuple(replace(one, place=Place.ASSURED_HOME) for one in study.datasets)
    record_project(tre, SYSTEM, replace(study, datasets=at_home, meeting="In the SRS."))
    start_session(tre, "ada", STUDY)
    assert sessions_to_end(tre) == ()
    more = Proposal(kind=ChangeKind.MORE_DATA, reason="Hospitals too.", ask=way.ask("hes"))
    number = propose_change(tre, "ada", STUDY, more)
    names = tuple(variable.name for variable in way.ask("hes").variables)
    granted = Answer(choice=YES, reasons="Fine.", variables=names)
    decide_change_as_owner(tre, "nils", STUDY, number, granted)
    assert sessions_to_end(tre) == ()  # nothing is in force yet
    decide_change(tre, "rosa", STUDY, number, Answer(choice=YES, reasons="Fine."))
    assert place_of(load_project(tre, STUDY)) is Place.SAFE_ROOM
    (ending,) = sessions_to_end(tre)
    assert [reason.rule for reason in ending.decision.reasons] == ["place"]
    tre.close()
