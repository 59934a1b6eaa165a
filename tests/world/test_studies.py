"""The fourteen studies: one for each linkage, each in its state, by the steps that people take."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tre.config import Config
from tre.decision import NotThereError
from tre.safe_data import world as safe_data
from tre.safe_data.catalogue import catalogue
from tre.safe_outputs.release_request import State
from tre.safe_projects.application import Choice
from tre.safe_projects.changes import ChangeState
from tre.safe_projects.lifecycle import PUBLIC, TRANSITIONS
from tre.safe_projects.panel import CRITERIA
from tre.safe_projects.project import ProjectState
from tre.steps.demo_outcomes import bring_outcomes
from tre.steps.demo_studies import bring_studies
from tre.steps.extracts import extract_of
from tre.steps.make_extract import pseudonym_key
from tre.steps.project_tasks import Task, project_tasks
from tre.steps.projects import load_project
from tre.steps.register import public_register
from tre.steps.tre import Tre, open_tre
from tre.steps.view_project import view_project
from tre.store.ledger import LedgerEntry
from tre.store.ledger_reading import entries
from tre.store.project_applications import read_applications
from tre.store.project_changes import read_archives, read_changes
from tre.store.releases import read_release
from tre.store.requests import requests_of
from tre.training.deciders import DECIDERS, LAY_MEMBER, OWNERS, PANEL
from tre.training.demo import CHECKERS, ENDED_STUDY, MANAGER, demo_person
from tre.training.studies import APPLIED_FOR, STUDIES
from tre.training.study import Study
from tre.vocabulary import Role

pytestmark = pytest.mark.xdist_group("world")
_S = ProjectState


@pytest.fixture(scope="module")
def tre(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tre]:
    """A copy of the built world, which the tests of this file only look at."""
    home = tmp_path_factory.mktemp("studies") / "home"
    shutil.copytree(built_home, home)
    opened = open_tre(Config(home=home, people=2_000))
    yield opened
    opened.close()


def lines(tre: Tre, study: str) -> list[LedgerEntry]:
    """What the ledger has of a study, the oldest first."""
    with tre.store.reading() as connection:
        return list(reversed(entries(connection, project=study, limit=1_000)))


def test_there_are_fourteen_studies_and_every_linkage_has_its_own():
    assert len(STUDIES) == 14
    every = {one.id for one in safe_data.linkages()}
    assert len(every) == 14
    assert {linkage for study in STUDIES for linkage in study.linkages} == every


def test_the_studies_stand_in_eleven_states_and_four_are_accredited():
    states = Counter(study.state for study in STUDIES)
    assert set(ProjectState) - set(states) == {_S.APPLIED}  # that of projects without application
    assert len(states) == 11
    assert {state: n for state, n in states.items() if n > 1} == {_S.ACCREDITED: 4}


def test_no_two_studies_show_the_same():
    assert len({study.shows for study in APPLIED_FOR}) == len(APPLIED_FOR)


@pytest.mark.parametrize("study", APPLIED_FOR, ids=lambda study: study.id)
def test_each_study_is_in_its_state(tre: Tre, study: Study):
    assert load_project(tre, study.id).state is study.state


@pytest.mark.parametrize("study", APPLIED_FOR, ids=lambda study: study.id)
def test_the_ledger_has_a_way_to_each_state_from_its_first_draft(tre: Tre, study: Study):
    """Walk the table of states by the tags of the ledger's lines: they lead where it stands."""
    told = [one for one in lines(tre, study.id) if one.outcome == "done"]
    assert told[0].tag == "projects:application:write"
    assert told[0].actor == study.lead
    recorded = [one for one in told if one.tag == "projects:project:record"]
    assert not any("state" in one.details for one in recorded)  # a budget, and no state by hand
    state = _S.DRAFT
    for one in told:
        state = next(
            (
                way.to
                for (before, _), way in TRANSITIONS.items()
                if before is state and way.tag == one.tag
            ),
            state,
        )
    assert state is study.state


def test_people_of_each_role_have_moved_them_and_given_reasons(tre: Tre):
    """Owners and panel by name, with their reasons; an approval finds every criterion met."""
    with tre.store.reading() as connection:
        forms = read_applications(connection)
    for study in APPLIED_FOR:
        form = forms[study.id]
        for word in form.decisions:
            asked = form.of(word.dataset)
            assert asked is not None
            assert (OWNERS[asked.controller], bool(word.reasons)) == (word.person, True)
        assert [vote.person for vote in form.votes] == list(PANEL[: len(form.votes)])
        assert all(vote.reasons for vote in form.votes)
        approving = [vote for vote in form.votes if vote.choice is Choice.APPROVE]
        assert all(set(vote.criteria) == set(CRITERIA) for vote in approving)
    hiv = forms["hiv"].votes
    assert [vote.choice for vote in hiv] == [Choice.REFUSE, Choice.RETURN, Choice.REFUSE]
    actors = {one.actor for study in APPLIED_FOR for one in lines(tre, study.id)}
    assert {LAY_MEMBER, MANAGER, *PANEL, *CHECKERS, "ada", "grace"} <= actors


def test_one_that_waits_leaves_something_to_decide(tre: Tre):
    with tre.store.reading() as connection:
        forms = read_applications(connection)
    assert len(forms["kidney-disease"].decisions) == 0
    assert [word.dataset for word in forms["absence-and-diagnosis"].decisions] == ["cris"]
    assert len(forms["cancer-survival"].votes) == 1


def test_the_changes_wait_for_their_owner_and_for_the_chair(tre: Tre):
    with tre.store.reading() as connection:
        states = {change.project: change.state for change in read_changes(connection)}
    assert states == {
        "life-expectancy": ChangeState.WITH_OWNER,
        "hospital-use": ChangeState.WITH_CHAIR,
    }


def test_the_ended_study_has_no_data_left_and_the_ledger_proves_it(tre: Tre):
    """Every file that was made is destroyed, by the same hash; the key and workspace are gone."""
    told = lines(tre, ENDED_STUDY)
    (made,) = (one for one in told if one.tag == "data:extract:make")
    (gone,) = (one for one in told if one.tag == "data:extract:destroy")
    assert extract_of(tre, ENDED_STUDY) is None
    assert not list(tre.folders.extracts(ENDED_STUDY).glob("*/*"))
    assert gone.details["version"] == made.details["version"]
    hashes = {f"{name}.parquet": sha256 for name, sha256 in made.details["sha256"].items()}
    assert hashes
    assert gone.details["as_made"] == hashes
    assert hashes.items() <= gone.details["destroyed"].items()
    assert not (tre.folders.keys / pseudonym_key(ENDED_STUDY)).exists()
    assert not tre.folders.workspace(ENDED_STUDY).exists()
    with tre.store.reading() as connection:
        archive = read_archives(connection)[ENDED_STUDY]
    assert archive.files > 0
    assert (tre.folders.archive(ENDED_STUDY) / f"{archive.sha256}.tar").is_file()


def test_the_ended_study_keeps_what_it_released_by_two_checkers(tre: Tre):
    with tre.store.reading() as connection:
        (request,) = requests_of(connection, project=ENDED_STUDY)
        release = read_release(connection, request.id)
    assert request.state is State.RELEASED
    assert {review.reviewer for review in request.reviews} == set(CHECKERS)
    assert release is not None
    registered = {one.title: one for one in public_register(tre)}
    ended = registered[load_project(tre, ENDED_STUDY).title]
    assert [result.title for result in ended.results] == ["Young people by first diagnosis"]


def test_the_register_has_the_studies_that_were_accredited_and_no_others(tre: Tre):
    public = {study.title for study in STUDIES if study.state in PUBLIC}
    assert {one.title for one in public_register(tre)} == public
    assert len(public) == 6


def test_everybody_who_decides_finds_something_to_do(tre: Tre):
    waiting = {demo.id: {task.task for task in project_tasks(tre, demo.id)} for demo in DECIDERS}
    assert waiting["sol"] == {Task.ADVISE}
    for owner in ("uma", "raj", "dora"):
        assert waiting[owner] == {Task.DECIDE_DATA}
    assert waiting["nils"] == {Task.DECIDE_CHANGE}
    assert Task.VOTE not in waiting["priya"]  # she has voted
    for person in ("quinn", "rosa"):
        assert waiting[person] == {Task.VOTE, Task.DECIDE_CHANGE}
    assert {task.task for task in project_tasks(tre, "ada")} == {
        Task.FINISH, Task.ANSWER_QUESTIONS,
    }  # fmt: skip
    assert {task.task for task in project_tasks(tre, "grace")} == {Task.ANSWER_ADVICE}


@pytest.mark.parametrize(
    ("owner", "study"),
    [
        ("uma", "kidney-disease"), ("raj", "kidney-disease"), ("dora", "absence-and-diagnosis"),
        ("leo", "depression-in-primary-care"), ("hana", "pandemic-attendances"),
        ("mei", "birth-outcomes"), ("owen", "sep-md"), ("tilda", "cancer-survival"),
        ("petra", "hiv"), ("carl", "care-proceedings"),
    ],
)  # fmt: skip
def test_an_owner_sees_the_study_that_asks_for_their_data(tre: Tre, owner: str, study: str):
    shown = view_project(tre, owner, study)
    assert shown.project.state is load_project(tre, study).state


@pytest.mark.parametrize(
    ("owner", "study"), [("fay", "fertility-treatment"), ("wes", "welfare-and-relapse")]
)
def test_what_is_private_to_its_lead_is_not_there_for_its_owner(tre: Tre, owner: str, study: str):
    with pytest.raises(NotThereError):
        view_project(tre, owner, study)


def test_a_second_try_does_nothing_again_and_costs_little(tre: Tre):
    before = tre.store.verify_ledger().entries
    began = time.process_time()
    bring_studies(tre)
    bring_outcomes(tre)
    assert tre.store.verify_ledger().entries == before
    assert time.process_time() - began < 5


def test_each_controller_has_an_owner_and_the_panel_an_independent_member():
    assert set(OWNERS) == {dataset.controller for dataset in catalogue()}
    for organisation, person in OWNERS.items():
        found = demo_person(person)
        assert found is not None
        assert (found.organisation, found.role) == (organisation, Role.DATA_OWNER)
    organisations = {demo.organisation for demo in DECIDERS if demo.id in PANEL}
    assert organisations - set(OWNERS) - {"King's College London"}
