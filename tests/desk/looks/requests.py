"""Release requests in every state, and code that was brought in with every outcome."""

from collections.abc import Callable

import pytest

from tests.demo import Demo
from tests.demo_people import PRACTICE, STUDY
from tests.desk.looks import papers
from tests.desk.looks.projects import LEAD
from tre.decision import OvertakenError
from tre.safe_outputs.release_request import CommentAudience, State, VoteChoice
from tre.safe_settings.ingress.scan import Offered
from tre.steps.accept_code import accept_code
from tre.steps.approve_request import approve_request
from tre.steps.ask_for_release import PackageFile, ReleasePackage, ask_for_release
from tre.steps.bring_code import bring_code
from tre.steps.comment import comment
from tre.steps.create_request import create_request
from tre.steps.refuse_code import refuse_code
from tre.steps.reject_request import reject_request
from tre.steps.return_request import return_request
from tre.steps.revoke_release import revoke_release
from tre.steps.submit_review import submit_review
from tre.steps.vote import vote
from tre.steps.withdraw_code import withdraw_code
from tre.steps.withdraw_request import withdraw_request

PUBLIC, PRIVATE = CommentAudience.PUBLIC, CommentAudience.PRIVATE


def fill_requests(demo: Demo) -> dict[State, int]:
    """Ask for releases and bring one to each state; the number of one request in each."""
    found = {}
    for state, bring in _WAYS.items():
        found[state] = bring(demo)
        demo.clock.move(hours=1, minutes=20)
    return found


def _asked(
    demo: Demo, author: str, project: str, title: str, files: tuple[PackageFile, ...]
) -> int:
    package = ReleasePackage(
        title=title,
        context="What it is: counts of people by first diagnosis and sex.\n"
        "Population: 200 people known to child services, and controls, 2010 to 2019.\n"
        "Variables: diagnosis_group, sex.",
        controls="Small numbers: cells under 10 are suppressed, and others so that they cannot "
        "be worked out.",
        files=(*files, PackageFile("lesson.py", papers.SCRIPT, papers.FileKind.CODE)),
    )
    return ask_for_release(demo.tre, author, project, package)


def _released(demo: Demo) -> int:
    table = (demo.table_file(),)
    request = _asked(demo, "ada", STUDY, "Diagnosis by sex, all years", table)
    demo.review(request, "cora")
    demo.review(request, "deniz")
    approve_request(demo.tre, "cora", request)
    return request


def _revoked(demo: Demo) -> int:
    request = _both(demo, "attendance", "Attendance by diagnosis")
    approve_request(demo.tre, "deniz", request)
    revoke_release(demo.tre, "mia", request, "Two of its years were counted twice.")
    return request


def _rejected(demo: Demo) -> int:
    request = _both(demo, "medication", "Doses by postcode")
    reject_request(demo.tre, "cora", request, "Postcodes cannot be released at all.")
    return request


def _withdrawn(demo: Demo) -> int:
    request = _asked(demo, LEAD, "medication", "Doses by region", (demo.table_file(),))
    return_request(demo.tre, "cora", request, "Regions are too small here.")
    withdraw_request(demo.tre, LEAD, request)
    return request


def _returned(demo: Demo) -> int:
    table = (demo.table_file(protected=False),)
    request = _asked(demo, "ada", STUDY, "Diagnosis by sex, first episodes", table)
    for checker, text in (("cora", "Protect the small cells."), ("deniz", "One cell is 6.")):
        for file in demo.outputs(request, checker):
            vote(demo.tre, checker, request, file, VoteChoice.CHANGES_REQUESTED)
        comment(demo.tre, checker, request, "outputs", text, PUBLIC)
        submit_review(demo.tre, checker, request)
    return_request(demo.tre, "cora", request, "Small cells: see the comments.")
    return request


def _submitted(demo: Demo) -> int:
    """What waits for a checker: a table that fails, and a file of each other kind."""
    files = (demo.table_file(protected=False), *papers.EVERY_LOOK)
    return _asked(demo, "tess", PRACTICE, "First diagnosis by sex", files)


def _partially_reviewed(demo: Demo) -> int:
    table = (demo.table_file(protected=False),)
    request = _asked(demo, "finn", PRACTICE, "Practice: diagnosis by sex", table)
    comment(demo.tre, "cora", request, "outputs", "Is the margin needed?", PRIVATE)
    demo.review(request, "cora")
    return request


def _reviewed(demo: Demo) -> int:
    return _both(demo, "attendance", "Attendance by sex")


def _approved(demo: Demo) -> int:
    """Approved, and the machine stops before the bundle is written."""
    request = _both(demo, "transitions", "Moves to adult services")

    def meanwhile(*_: object) -> State:
        raise OvertakenError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tre.steps.approve_request.release", meanwhile)
        approve_request(demo.tre, "cora", request)
    return request


def _failed(demo: Demo) -> int:
    """Approved, and something lies where the bundle should be written."""
    request = _both(demo, "inpatients", "Days in hospital")
    in_the_way = demo.tre.folders.releases(request)
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.touch()
    approve_request(demo.tre, "cora", request)
    return request


def _draft(demo: Demo) -> int:
    return create_request(demo.tre, LEAD, "sixth-form", "Attainment in the sixth form")


def _both(demo: Demo, project: str, title: str) -> int:
    request = _asked(demo, LEAD, project, title, (demo.table_file(),))
    demo.review(request, "cora")
    demo.review(request, "deniz")
    return request


_WAYS: dict[State, Callable[[Demo], int]] = {
    State.RELEASED: _released,
    State.REVOKED: _revoked,
    State.REJECTED: _rejected,
    State.WITHDRAWN: _withdrawn,
    State.RETURNED: _returned,
    State.SUBMITTED: _submitted,
    State.PARTIALLY_REVIEWED: _partially_reviewed,
    State.REVIEWED: _reviewed,
    State.APPROVED: _approved,
    State.FAILED: _failed,
    State.DRAFT: _draft,
}


def fill_ingress(demo: Demo) -> dict[str, int]:
    """Bring code in: accepted, refused, withdrawn, blocked, and waiting with what was found."""
    tre = demo.tre
    found = {"accepted": _brought(demo, papers.GOOD_CODE)}
    accept_code(tre, "cora", found["accepted"])
    found["refused"] = _brought(demo, papers.GOOD_CODE)
    refuse_code(tre, "deniz", found["refused"], "Say which protocol it belongs to.")
    found["withdrawn"] = _brought(demo, papers.GOOD_CODE)
    withdraw_code(tre, "ada", found["withdrawn"])
    found["blocked"] = _brought(demo, papers.BAD_CODE)
    demo.clock.move(hours=2)
    found["waiting"] = _brought(
        demo, papers.GOOD_CODE, papers.ODD_CODE, papers.SAVED_NOTEBOOK, papers.BAD_CODE
    )
    return found


def _brought(demo: Demo, *files: Offered) -> int:
    return bring_code(
        demo.tre,
        "ada",
        STUDY,
        files,
        purpose="The models of section 4 of the protocol.",
        source="Written by us; the list of codes is from OpenCodelists, of 3 March 2025.",
    )
