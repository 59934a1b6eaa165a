"""Reviewing: two checkers, blind to each other, and everything that can change beneath them."""

from dataclasses import replace
from datetime import date

import pytest

from tests.demo import Demo
from tests.demo_people import CORA, STUDY
from tre.decision import NotThereError, OvertakenError, RefusedError, UnusableRequestError
from tre.safe_outputs.release_request import (
    CommentAudience,
    FileKind,
    FileOrigin,
    State,
    VoteChoice,
)
from tre.safe_projects.project import Membership
from tre.steps.approve_request import approve_request
from tre.steps.comment import comment
from tre.steps.notices import notices
from tre.steps.projects import load_project
from tre.steps.publish_comment import publish_comment
from tre.steps.queue import queue
from tre.steps.read_ledger import read_ledger
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.reject_request import reject_request
from tre.steps.replace_file import replace_file
from tre.steps.request_file import request_file
from tre.steps.return_request import return_request
from tre.steps.submit_request import submit_request
from tre.steps.submit_review import submit_review
from tre.steps.tre import SYSTEM
from tre.steps.view_request import view_request
from tre.steps.views import RequestView
from tre.steps.vote import vote
from tre.vocabulary import Role

WHY = "Please say which years."
APPROVED, CHANGES = VoteChoice.APPROVED, VoteChoice.CHANGES_REQUESTED
PRIVATE, PUBLIC = CommentAudience.PRIVATE, CommentAudience.PUBLIC


def seen(demo: Demo, request: int, viewer: str) -> RequestView:
    return view_request(demo.tre, viewer, request)


def texts(view: RequestView) -> list[str]:
    return [comment.text for group in view.groups for comment in group.comments]


def voters(view: RequestView) -> list[str]:
    return [vote.reviewer_name for group in view.groups for f in group.files for vote in f.votes]


def decision_on(demo: Demo, request: int, file_id: int, viewer: str) -> str:
    file = seen(demo, request, viewer).file(file_id)
    assert file is not None
    return file.decision


# Blindness


def test_checkers_are_blind_until_both_have_answered(any_demo: Demo) -> None:
    demo = any_demo
    request = demo.submitted()
    comment(demo.tre, "cora", request, "outputs", "Looks fine to me.", PRIVATE)
    demo.review(request, "cora")
    deniz = seen(demo, request, "deniz")
    assert (deniz.state, deniz.phase) == (State.PARTIALLY_REVIEWED, "independent")
    assert (voters(deniz), texts(deniz), deniz.reviews) == ([], [], ())
    assert "review" not in " ".join(event.what for event in deniz.history)
    assert voters(seen(demo, request, "cora")) == ["Cora Lindqvist"]

    demo.review(request, "deniz")
    deniz = seen(demo, request, "deniz")
    assert (deniz.state, deniz.phase) == (State.REVIEWED, "consolidating")
    assert sorted(voters(deniz)) == ["Cora Lindqvist", "Deniz Kaya"]
    assert texts(deniz) == ["Looks fine to me."]
    assert {review.reviewer_id for review in deniz.reviews} == {"cora", "deniz"}


def test_the_author_never_sees_votes_or_private_comments(demo: Demo) -> None:
    request = demo.submitted()
    comment(demo.tre, "cora", request, "outputs", "Who are these people?", PRIVATE)
    comment(demo.tre, "cora", request, "outputs", "Which years?", PUBLIC)
    demo.review(request, "cora", CHANGES)
    demo.review(request, "deniz", CHANGES)
    ada = seen(demo, request, "ada")
    assert (voters(ada), texts(ada)) == ([], [])  # not before it comes back
    return_request(demo.tre, "cora", request, WHY)
    ada = seen(demo, request, "ada")
    assert voters(ada) == []
    assert "Which years?" in texts(ada)
    assert "Who are these people?" not in texts(ada)


def test_a_private_comment_can_be_published_by_its_writer_in_the_same_turn(demo: Demo) -> None:
    request = demo.submitted()
    number = comment(demo.tre, "cora", request, "outputs", "Round to 5.", PRIVATE)
    with pytest.raises(UnusableRequestError, match="none of yours"):
        publish_comment(demo.tre, "deniz", request, number)
    publish_comment(demo.tre, "cora", request, number)
    return_request(demo.tre, "cora", request)
    assert texts(seen(demo, request, "ada")) == ["Round to 5."]


def test_the_authors_side_has_no_private_comments(demo: Demo) -> None:
    request = demo.submitted()
    return_request(demo.tre, "cora", request, WHY)
    with pytest.raises(UnusableRequestError, match="choose public"):
        comment(demo.tre, "ada", request, "outputs", "Between us.", PRIVATE)


def test_a_comment_is_on_a_group_that_is_there_and_says_something(demo: Demo) -> None:
    request = demo.submitted()
    with pytest.raises(UnusableRequestError, match="no group"):
        comment(demo.tre, "cora", request, "elsewhere", "Hello.", PUBLIC)
    with pytest.raises(UnusableRequestError, match="empty"):
        comment(demo.tre, "cora", request, "outputs", " \n", PUBLIC)


# Answers


def test_a_review_needs_an_answer_on_every_output(demo: Demo) -> None:
    request = demo.submitted(demo.table_file(), demo.table_file(name="second.csv"))
    first, _ = demo.outputs(request)
    vote(demo.tre, "cora", request, first, APPROVED)
    with pytest.raises(RefusedError, match=r"second\.csv"):
        submit_review(demo.tre, "cora", request)


def test_changes_need_a_comment(demo: Demo) -> None:
    request = demo.submitted()
    vote(demo.tre, "cora", request, demo.outputs(request)[0], CHANGES)
    with pytest.raises(RefusedError, match="comment"):
        submit_review(demo.tre, "cora", request)


def test_a_vote_can_be_changed_and_the_last_one_counts(demo: Demo) -> None:
    request = demo.submitted()
    table = demo.outputs(request)[0]
    vote(demo.tre, "cora", request, table, CHANGES)
    vote(demo.tre, "cora", request, table, APPROVED)
    file = seen(demo, request, "cora").file(table)
    assert file is not None
    assert (file.my_vote, len(file.votes)) == (APPROVED, 1)


def test_a_review_is_submitted_once_a_turn(demo: Demo) -> None:
    request = demo.submitted()
    demo.review(request, "cora")
    with pytest.raises(RefusedError, match="you have submitted"):
        submit_review(demo.tre, "cora", request)


def test_only_outputs_of_the_request_are_voted_on(demo: Demo) -> None:
    request = demo.submitted()
    files = [file for group in seen(demo, request, "cora").groups for file in group.files]
    code = next(file.id for file in files if file.kind is FileKind.CODE)
    with pytest.raises(UnusableRequestError, match="only outputs"):
        vote(demo.tre, "cora", request, code, APPROVED)
    with pytest.raises(UnusableRequestError, match="has no file"):
        vote(demo.tre, "cora", request, 999, APPROVED)


# Who may not

NOT_CHECKERS = ("ada", "mia", "omar")


@pytest.mark.parametrize("actor", NOT_CHECKERS)
def test_nobody_but_checkers_judges_and_the_ledger_has_it(demo: Demo, actor: str) -> None:
    request = demo.submitted()
    table = demo.outputs(request)[0]
    for judge in (
        lambda: vote(demo.tre, actor, request, table, APPROVED),
        lambda: submit_review(demo.tre, actor, request),
        lambda: return_request(demo.tre, actor, request, WHY),
        lambda: reject_request(demo.tre, actor, request, "No."),
        lambda: approve_request(demo.tre, actor, request),
    ):
        with pytest.raises(RefusedError):
            judge()
    entries = read_ledger(demo.tre, "omar", person=actor, request=request)
    assert [entry.outcome for entry in entries].count("refused") == 5


@pytest.mark.parametrize("actor", ["tess", "finn", "lena"])
def test_who_has_no_part_in_a_request_does_not_learn_that_it_exists(demo: Demo, actor: str) -> None:
    request = demo.submitted()
    told = []
    for number in (request, request + 1):
        with pytest.raises(NotThereError) as refusal:
            view_request(demo.tre, actor, number)
        told.append(str(refusal.value).replace(str(number), "N"))
    assert told[0] == told[1]
    with pytest.raises(NotThereError):
        request_file(demo.tre, actor, request, 1)
    tried = read_ledger(demo.tre, "omar", person=actor, request=request)
    assert {entry.outcome for entry in tried} == {"refused"}


def test_a_member_who_may_not_work_today_is_told_why_they_may_not_look(demo: Demo) -> None:
    request = demo.submitted()
    with pytest.raises(RefusedError, match="accreditation"):
        view_request(demo.tre, "bola", request)


def test_a_checker_who_supervises_the_author_only_reads(demo: Demo) -> None:
    request = demo.submitted()
    record_person(demo.tre, SYSTEM, replace(CORA, supervisor="ada"))
    view = seen(demo, request, "cora")
    assert view.i_am == "reader"
    assert not view.may["outputs:review:vote"].allowed
    assert seen(demo, request, "deniz").i_am == "reviewer"


# Changes beneath the reviewers


def join(demo: Demo, person: str) -> None:
    study = load_project(demo.tre, STUDY)
    member = Membership(person=person, since=date(2026, 3, 2), until=date(2026, 12, 31))
    record_project(demo.tre, "mia", replace(study, members=(*study.members, member)))


def test_a_checker_who_joins_the_project_has_no_vote_any_more(any_demo: Demo) -> None:
    demo = any_demo
    request = demo.reviewed()
    join(demo, "cora")
    with pytest.raises(RefusedError, match="approval"):
        approve_request(demo.tre, "deniz", request)
    assert seen(demo, request, "deniz").state is State.REVIEWED
    demo.review(request, "emi")  # a third one steps in
    assert approve_request(demo.tre, "deniz", request) is State.RELEASED


def test_a_checker_who_loses_the_role_has_no_vote_any_more(demo: Demo) -> None:
    request = demo.reviewed()
    record_person(demo.tre, "mia", replace(CORA, roles=frozenset({Role.LAY_MEMBER})))
    with pytest.raises(RefusedError):
        approve_request(demo.tre, "deniz", request)


def test_a_conflict_is_shown_to_checkers_as_it_is_and_to_authors_as_changes(demo: Demo) -> None:
    request = demo.submitted()
    demo.review(request, "cora", APPROVED)
    demo.review(request, "deniz", CHANGES)
    table = demo.outputs(request)[0]
    assert decision_on(demo, request, table, "deniz") == "conflicted"
    with pytest.raises(RefusedError):
        approve_request(demo.tre, "deniz", request)
    return_request(demo.tre, "deniz", request, WHY)
    assert decision_on(demo, request, table, "ada") == "changes requested"


def test_a_page_of_an_earlier_turn_judges_nothing(demo: Demo) -> None:
    request = demo.submitted(demo.table_file(protected=False))
    old = demo.outputs(request)[0]
    return_request(demo.tre, "cora", request, WHY)
    new = replace_file(
        demo.tre, "ada", request, old, content=b"sex\n1\n", origin=FileOrigin.SESSION
    )
    submit_request(demo.tre, "ada", request)
    with pytest.raises(UnusableRequestError, match="not any more"):
        vote(demo.tre, "cora", request, old, APPROVED)
    with pytest.raises(OvertakenError, match="turn 2 now"):
        vote(demo.tre, "cora", request, new, APPROVED, seen_turn=1)
    demo.review(request, "cora")
    demo.review(request, "deniz")
    for judge in (
        lambda: approve_request(demo.tre, "cora", request, seen_turn=1),
        lambda: reject_request(demo.tre, "cora", request, "No.", seen_turn=1),
        lambda: return_request(demo.tre, "cora", request, seen_turn=1),
    ):
        with pytest.raises(OvertakenError, match="turn 2 now"):
            judge()


def test_what_was_decided_already_is_overtaken_not_refused(demo: Demo) -> None:
    request = demo.submitted()
    return_request(demo.tre, "cora", request, WHY)
    with pytest.raises(OvertakenError, match="returned"):
        return_request(demo.tre, "deniz", request, WHY)


def test_a_request_stands_still_while_its_author_may_not_act(demo: Demo) -> None:
    request = demo.reviewed()
    study = load_project(demo.tre, STUDY)
    members = tuple(
        replace(member, until=date(2026, 3, 1)) if member.person == "ada" else member
        for member in study.members
    )
    record_project(demo.tre, "mia", replace(study, members=members))
    with pytest.raises(RefusedError, match="frozen"):
        approve_request(demo.tre, "cora", request)
    with pytest.raises(RefusedError):
        view_request(demo.tre, "ada", request)


def test_a_rejection_says_why_and_is_final(demo: Demo) -> None:
    request = demo.reviewed()
    reject_request(demo.tre, "cora", request, "It answers no question of the project.")
    ada = seen(demo, request, "ada")
    assert ada.state is State.REJECTED
    assert texts(ada) == ["It answers no question of the project."]
    assert not any(decision.allowed for decision in ada.may.values())
    assert demo.submitted() == request + 1  # another one may begin


# The queue


def test_the_queue_shows_age_turn_verdict_and_who_has_answered(demo: Demo) -> None:
    request = demo.submitted(demo.table_file(protected=False))
    row = queue(demo.tre, "cora")[0]
    assert (row.id, row.worst_verdict, row.outputs, row.late) == (request, "fail", 1, False)
    assert (row.author_name, row.turn, row.age_working_days) == ("Ada Mensah", 1, 0)
    demo.review(request, "cora")
    assert queue(demo.tre, "cora")[0].my_review_in
    assert not queue(demo.tre, "deniz")[0].my_review_in
    demo.clock.move(days=8)  # Monday to Tuesday week: 6 working days
    row = queue(demo.tre, "deniz")[0]
    assert (row.age_working_days, row.late) == (6, True)


def test_the_queue_is_the_checkers(demo: Demo) -> None:
    demo.submitted()
    assert len(queue(demo.tre, "mia")) == 1
    for actor in ("ada", "tess", "lena", "omar"):
        with pytest.raises(RefusedError):
            queue(demo.tre, actor)


def test_drafts_and_ones_own_projects_are_not_in_the_queue(demo: Demo) -> None:
    request = demo.submitted()
    join(demo, "cora")
    assert queue(demo.tre, "cora") == ()
    return_request(demo.tre, "deniz", request, WHY)
    assert queue(demo.tre, "deniz") == ()


def test_the_author_is_told_what_happened(demo: Demo) -> None:
    request = demo.submitted()
    return_request(demo.tre, "cora", request, WHY)
    told = notices(demo.tre, "ada")
    assert [notice.request for notice in told] == [request, request]
    assert "came back" in told[0].text
    assert "came back" not in repr(notices(demo.tre, "cora"))


def test_every_look_is_on_the_ledger(demo: Demo) -> None:
    request = demo.submitted()
    seen(demo, request, "cora")
    request_file(demo.tre, "cora", request, demo.outputs(request)[0])
    tags = [entry.tag for entry in read_ledger(demo.tre, "omar", person="cora", request=request)]
    assert "outputs:request:view" in tags
    assert "outputs:file:view" in tags
