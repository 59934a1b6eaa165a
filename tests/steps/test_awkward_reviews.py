"""What happens when a review does not go as planned; the table in be-a-checker.md says the same."""

import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.demo import Demo
from tests.demo_people import CORA, STUDY
from tre.decision import OvertakenError, RefusedError
from tre.safe_outputs.release_request import CommentAudience, FileOrigin, State, VoteChoice
from tre.safe_projects.project import Membership
from tre.steps.approve_request import approve_request
from tre.steps.comment import comment
from tre.steps.create_request import create_request
from tre.steps.download_release import download_release
from tre.steps.impose_sanction import impose_sanction
from tre.steps.projects import load_project
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.replace_file import replace_file
from tre.steps.request_file import request_file
from tre.steps.retry_release import retry_release
from tre.steps.return_request import return_request
from tre.steps.submit_request import submit_request
from tre.steps.submit_review import submit_review
from tre.steps.tre import SYSTEM, open_tre
from tre.steps.verify_ledger import verify_ledger
from tre.steps.view_request import view_request
from tre.steps.views import FileView
from tre.steps.vote import vote
from tre.vocabulary import Role

APPROVED, CHANGES = VoteChoice.APPROVED, VoteChoice.CHANGES_REQUESTED
WHY = "Please withhold the small cells."


def output(demo: Demo, request: int, viewer: str) -> FileView:
    file = view_request(demo.tre, viewer, request).file(demo.outputs(request, viewer)[0])
    assert file is not None
    return file


def votes(demo: Demo, request: int, viewer: str) -> set[tuple[str, bool]]:
    return {(vote.reviewer_name, vote.counts) for vote in output(demo, request, viewer).votes}


def join(demo: Demo, person: str) -> None:
    study = load_project(demo.tre, STUDY)
    member = Membership(person=person, since=date(2026, 3, 2), until=date(2026, 12, 31))
    record_project(demo.tre, "mia", replace(study, members=(*study.members, member)))


def resubmit(demo: Demo, request: int) -> None:
    comment(demo.tre, "ada", request, "outputs", "It is as asked now.", CommentAudience.PUBLIC)
    submit_request(demo.tre, "ada", request)


# Two checkers who disagree


@pytest.fixture
def conflict(demo: Demo) -> tuple[Demo, int]:
    request = demo.submitted()
    demo.review(request, "cora", APPROVED)
    demo.review(request, "deniz", CHANGES)
    return demo, request


def test_nobody_approves_while_two_disagree_and_it_is_said_what_they_can_do(
    conflict: tuple[Demo, int],
) -> None:
    demo, request = conflict
    assert output(demo, request, "cora").decision == "conflicted"
    for checker in ("cora", "deniz"):
        with pytest.raises(RefusedError, match="Talk it over and change a vote, or return"):
            approve_request(demo.tre, checker, request)


def test_a_changed_vote_ends_the_conflict(conflict: tuple[Demo, int]) -> None:
    demo, request = conflict
    vote(demo.tre, "deniz", request, demo.outputs(request)[0], APPROVED)
    assert approve_request(demo.tre, "deniz", request) is State.RELEASED


def test_a_third_checker_does_not_outvote_one_of_them(conflict: tuple[Demo, int]) -> None:
    demo, request = conflict
    demo.review(request, "emi", APPROVED)
    assert output(demo, request, "emi").decision == "conflicted"
    with pytest.raises(RefusedError):
        approve_request(demo.tre, "emi", request)


def test_the_author_of_a_conflict_is_asked_for_changes_and_never_told_of_it(
    conflict: tuple[Demo, int],
) -> None:
    demo, request = conflict
    assert output(demo, request, "ada").decision == "incomplete"
    return_request(demo.tre, "cora", request, WHY)
    seen = output(demo, request, "ada")
    assert (seen.decision, seen.votes) == ("changes requested", ())


# A checker who has no say any more


def test_the_vote_of_a_checker_who_joins_the_project_is_shown_and_no_longer_counts(
    any_demo: Demo,
) -> None:
    demo = any_demo
    request = demo.reviewed()
    assert votes(demo, request, "deniz") == {("Cora Lindqvist", True), ("Deniz Kaya", True)}
    join(demo, "cora")
    assert votes(demo, request, "deniz") == {("Cora Lindqvist", False), ("Deniz Kaya", True)}
    assert output(demo, request, "deniz").decision == "incomplete"
    demo.review(request, "emi")
    assert output(demo, request, "deniz").decision == "approved"
    assert approve_request(demo.tre, "deniz", request) is State.RELEASED


def test_who_has_joined_sees_the_request_as_its_members_do(demo: Demo) -> None:
    request = demo.submitted()
    comment(demo.tre, "deniz", request, "outputs", "I doubt it.", CommentAudience.PRIVATE)
    demo.review(request, "cora")
    demo.review(request, "deniz")
    join(demo, "cora")
    # cora is no accredited researcher: on the author's side now, she may not look at all
    with pytest.raises(RefusedError, match="accreditation"):
        view_request(demo.tre, "cora", request)


def test_a_checker_who_loses_the_role_between_vote_and_approval_is_replaced(demo: Demo) -> None:
    request = demo.reviewed()
    record_person(demo.tre, SYSTEM, replace(CORA, roles=frozenset({Role.LAY_MEMBER})))
    with pytest.raises(RefusedError, match="approval of 2 checkers"):
        approve_request(demo.tre, "deniz", request)
    assert ("Cora Lindqvist", False) in votes(demo, request, "deniz")
    demo.review(request, "emi")
    assert approve_request(demo.tre, "emi", request) is State.RELEASED


def test_one_who_is_sanctioned_between_approval_and_release_stops_it_and_it_goes_back(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = demo.reviewed()

    def stopped(*_: object) -> State:
        raise OvertakenError

    with monkeypatch.context() as patch:  # the machine stops between approval and release
        patch.setattr("tre.steps.approve_request.release", stopped)
        assert approve_request(demo.tre, "cora", request) is State.APPROVED
    impose_sanction(demo.tre, "mia", person="deniz", until=None, reason="Under inquiry.")
    assert retry_release(demo.tre, request) is State.FAILED
    with pytest.raises(RefusedError):  # the author is stuck with it
        create_request(demo.tre, "ada", STUDY, "Another one")

    return_request(demo.tre, "cora", request, "An approval no longer counts: submit it again.")
    view = view_request(demo.tre, "ada", request)
    assert (view.state, view.failure) == (State.RETURNED, None)
    resubmit(demo, request)
    demo.review(request, "emi")
    demo.review(request, "cora")
    assert approve_request(demo.tre, "emi", request) is State.RELEASED


# Files that change


def test_a_file_that_changes_in_the_workspace_changes_nothing(demo: Demo) -> None:
    workspace = demo.tre.folders.workspace(STUDY)
    workspace.mkdir(parents=True, exist_ok=True)
    file = workspace / "table.csv"
    file.write_bytes(demo.table_file().content)
    request = demo.submitted()
    file.write_bytes(b"sex,value\nFemale,1\n")
    seen = request_file(demo.tre, "cora", request, demo.outputs(request)[0])
    assert seen.bytes == demo.table_file().content
    demo.review(request, "cora")
    demo.review(request, "deniz")
    file.unlink()
    assert approve_request(demo.tre, "cora", request) is State.RELEASED
    with zipfile.ZipFile(download_release(demo.tre, "ada", request)) as archive:
        assert archive.read("files/table.csv") == demo.table_file().content


def test_a_frozen_copy_that_was_changed_stops_the_release_and_the_file_is_put_in_again(
    any_demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = any_demo
    request = demo.reviewed()
    number = demo.outputs(request)[0]
    copy = demo.tre.folders.frozen(request) / output(demo, request, "cora").sha256
    copy.chmod(0o600)
    copy.write_bytes(b"sex,value\nFemale,1\n")
    with monkeypatch.context() as patch:
        patch.setattr("tre.steps.approve_request._damaged", lambda *_: "")  # afterwards
        assert approve_request(demo.tre, "cora", request) is State.FAILED
    assert "changed on disk" in (view_request(demo.tre, "ada", request).failure or "")

    return_request(demo.tre, "cora", request, "Put the file in again: its copy is damaged.")
    table = demo.table_file()
    copy.unlink()
    replace_file(
        demo.tre,
        "ada",
        request,
        number,
        content=table.content,
        declaration=table.declaration,
        origin=FileOrigin.SESSION,
    )
    resubmit(demo, request)
    with pytest.raises(RefusedError):  # nobody has approved of the new copy
        approve_request(demo.tre, "cora", request)
    demo.review(request, "cora")
    demo.review(request, "deniz")
    assert approve_request(demo.tre, "cora", request) is State.RELEASED


def test_what_has_failed_goes_back_by_a_checkers_hand_alone(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = demo.reviewed()
    copy = demo.tre.folders.frozen(request) / output(demo, request, "cora").sha256
    hidden = copy.rename(copy.with_name("hidden"))
    monkeypatch.setattr("tre.steps.approve_request._damaged", lambda *_: "")  # afterwards
    assert approve_request(demo.tre, "cora", request) is State.FAILED
    for actor in ("ada", "mia", "omar"):
        with pytest.raises(RefusedError):
            return_request(demo.tre, actor, request, WHY)
    hidden.rename(copy)
    assert retry_release(demo.tre, request) is State.RELEASED
    with pytest.raises(OvertakenError):  # what is out does not go back
        return_request(demo.tre, "cora", request, WHY)


# At the same moment


def at_once(demo: Demo, *acts: Callable[..., object]) -> list[str]:
    """Do all at once, each with an environment of its own; what came of each, in their order."""
    start = threading.Barrier(len(acts))
    came = [""] * len(acts)

    def act(number: int) -> None:
        own = open_tre(demo.tre.config, now=demo.clock)
        start.wait()
        try:
            came[number] = str(acts[number](own) or "done")
        except (OvertakenError, RefusedError) as error:
            came[number] = type(error).__name__
        finally:
            own.close()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify_ledger(demo.tre).whole
    return came


def test_an_approval_and_a_return_at_once_come_to_one_of_them(any_demo: Demo) -> None:
    demo = any_demo
    request = demo.reviewed()
    approved, returned = at_once(
        demo,
        lambda tre: approve_request(tre, "cora", request),
        lambda tre: return_request(tre, "deniz", request, WHY),
    )
    state = view_request(demo.tre, "cora", request).state
    assert (approved, returned, state) in {
        ("released", "OvertakenError", State.RELEASED),
        ("OvertakenError", "done", State.RETURNED),
    }


def test_two_reviews_at_once_are_both_there(any_demo: Demo) -> None:
    demo = any_demo
    request = demo.submitted()
    for checker in ("cora", "deniz"):
        vote(demo.tre, checker, request, demo.outputs(request)[0], APPROVED)
    came = at_once(
        demo,
        lambda tre: submit_review(tre, "cora", request),
        lambda tre: submit_review(tre, "deniz", request),
    )
    view = view_request(demo.tre, "deniz", request)
    assert came == ["done", "done"]
    assert (view.state, len(view.reviews)) == (State.REVIEWED, 2)


def test_a_review_that_is_submitted_twice_at_once_counts_once(any_demo: Demo) -> None:
    demo = any_demo
    request = demo.submitted()
    vote(demo.tre, "cora", request, demo.outputs(request)[0], APPROVED)
    came = at_once(demo, *[lambda tre: submit_review(tre, "cora", request)] * 2)
    assert sorted(came) == ["RefusedError", "done"]
    assert view_request(demo.tre, "cora", request).state is State.PARTIALLY_REVIEWED
