"""What became of the example studies once they had data: changes, a release, a stop, an end."""

from output_checks import Data
from tre.decision import NotThereError
from tre.safe_outputs.release_request import FileKind, ReleaseRequest, State, VoteChoice
from tre.safe_outputs.votes import outputs, reviewers_of_turn
from tre.safe_projects.project import ProjectState
from tre.steps.approve_request import approve_request
from tre.steps.ask_for_release import PackageFile, ReleasePackage, ask_for_release
from tre.steps.change_project import Proposal, propose_change
from tre.steps.demo_studies import ask_of
from tre.steps.end_project import end_project
from tre.steps.extracts import extract_of, policy_of
from tre.steps.projects import load_project
from tre.steps.submit_review import submit_review
from tre.steps.suspend_project import suspend_project
from tre.steps.tre import Tre
from tre.steps.vote import vote
from tre.store.project_changes import read_changes
from tre.store.requests import requests_of
from tre.training.demo import CHECKERS, MANAGER
from tre.training.studies import APPLIED_FOR
from tre.training.study import Study, StudyChange, StudyResult

_S = ProjectState
TABLE = "linked"
CODE = """from tre import session

session.data("{table}").table("{by}").protect("suppress")
"""


def bring_outcomes(tre: Tre) -> None:
    """Bring every study that was accredited to its state; what was done is not done again.

    Raises NotThereError where a study that releases something has no extract.
    """
    for study in APPLIED_FOR:
        state = load_project(tre, study.id).state
        if state is not _S.ACCREDITED:
            continue
        if study.change is not None:
            _propose(tre, study, study.change)
        if study.result is not None:
            _release(tre, study, study.result)
        if study.state is _S.SUSPENDED:
            suspend_project(tre, MANAGER, study.id, study.because)
        elif study.state is _S.ENDED:
            end_project(tre, MANAGER, study.id, study.because)


def _propose(tre: Tre, study: Study, change: StudyChange) -> None:
    """Have the study's lead propose its change, once."""
    with tre.store.reading() as connection:
        if read_changes(connection, [study.id]):
            return
    ends = load_project(tre, study.id).ends
    proposal = Proposal(
        kind=change.kind,
        reason=change.reason,
        ask=ask_of(change.ask) if change.ask else None,
        until=ends + change.longer if change.longer else None,
    )
    propose_change(tre, study.lead, study.id, proposal)


def _release(tre: Tre, study: Study, result: StudyResult) -> None:
    """Have the lead ask for a table, two checkers review it, and one approve what both approved."""
    request = _request(tre, study)
    if request is None:
        ask_for_release(tre, study.lead, study.id, _package(tre, study, result))
        request = _request(tre, study)
    if request is None or request.state is State.RELEASED:
        return
    for checker in CHECKERS:
        if checker in reviewers_of_turn(request, request.turn):
            continue
        for file in outputs(request):
            vote(tre, checker, request.id, file.id, VoteChoice.APPROVED)
        submit_review(tre, checker, request.id)
    approve_request(tre, CHECKERS[0], request.id)


def _request(tre: Tre, study: Study) -> ReleaseRequest | None:
    with tre.store.reading() as connection:
        return next(iter(requests_of(connection, project=study.id)), None)


def _package(tre: Tre, study: Study, result: StudyResult) -> ReleasePackage:
    """The table as a session would make it, from the study's extract, with the code that does."""
    extract, policy = extract_of(tre, study.id), policy_of(tre, load_project(tre, study.id))
    if extract is None:
        message = f"{study.id} has no extract yet, and so nothing to release"
        raise NotThereError(message)
    people = Data.read(extract / f"{TABLE}.parquet", unit="person_id", name=TABLE)
    table = people.table(result.by, policy=policy).protect("suppress")
    code = CODE.format(table=TABLE, by=result.by)
    return ReleasePackage(
        title=result.title,
        context=result.context,
        controls=result.controls,
        files=(
            PackageFile(
                "table.csv", table.to_csv().encode(), FileKind.OUTPUT, table.declaration.to_json()
            ),
            PackageFile("table.py", code.encode(), FileKind.CODE),
        ),
    )
