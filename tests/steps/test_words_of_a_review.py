"""What a review must say, to whom, and what the ledger keeps from a checker meanwhile."""

from dataclasses import replace

import pytest

from tests.demo import Demo
from tests.demo_people import CORA, DENIZ
from tre.decision import NotThereError, RefusedError, UnusableRequestError
from tre.safe_outputs.release_request import CommentAudience, State, VoteChoice
from tre.steps.comment import comment
from tre.steps.publish_comment import publish_comment
from tre.steps.read_ledger import read_ledger
from tre.steps.record_person import record_person
from tre.steps.return_request import return_request
from tre.steps.submit_request import submit_request
from tre.steps.submit_review import submit_review
from tre.steps.tre import SYSTEM
from tre.steps.view_request import view_request
from tre.steps.vote import Remark, vote
from tre.vocabulary import Role

CHANGES = VoteChoice.CHANGES_REQUESTED
PRIVATE, PUBLIC = CommentAudience.PRIVATE, CommentAudience.PUBLIC

# A return


@pytest.mark.parametrize("reason", ["", "  ", "...", "?"])
def test_nothing_comes_back_without_a_word(demo: Demo, reason: str) -> None:
    request = demo.submitted()
    with pytest.raises(UnusableRequestError, match="the author would read nothing"):
        return_request(demo.tre, "cora", request, reason)
    assert view_request(demo.tre, "cora", request).state is State.SUBMITTED


def test_an_explanation_for_checkers_alone_is_none_for_the_author(demo: Demo) -> None:
    request = demo.submitted()
    number = comment(demo.tre, "cora", request, "outputs", "Cell of 6.", PRIVATE)
    with pytest.raises(UnusableRequestError, match="Publish one of yours"):
        return_request(demo.tre, "cora", request)
    publish_comment(demo.tre, "cora", request, number)
    return_request(demo.tre, "cora", request)
    assert view_request(demo.tre, "ada", request).groups[0].comments[0].text == "Cell of 6."


@pytest.mark.parametrize("answer", [".", "...", "!?", "\u2014"])
def test_punctuation_answers_nothing(demo: Demo, answer: str) -> None:
    request = demo.submitted()
    demo.review(request, "cora", CHANGES)
    demo.review(request, "deniz", CHANGES)
    return_request(demo.tre, "cora", request)
    comment(demo.tre, "ada", request, "outputs", answer, PUBLIC)
    with pytest.raises(RefusedError, match="Answer with a comment"):
        submit_request(demo.tre, "ada", request)
    comment(demo.tre, "ada", request, "outputs", "Rounded.", PUBLIC)
    submit_request(demo.tre, "ada", request)


# Votes after a review


def test_a_wish_for_changes_after_ones_review_says_which(demo: Demo) -> None:
    request = demo.submitted()
    table = demo.outputs(request)[0]
    demo.review(request, "cora")
    with pytest.raises(RefusedError, match="Say which in a comment"):
        vote(demo.tre, "cora", request, table, CHANGES)
    vote(demo.tre, "cora", request, table, CHANGES, because=Remark(text="A cell of 6."))
    file = view_request(demo.tre, "cora", request).file(table)
    assert file is not None
    assert file.my_vote is CHANGES


def test_so_does_a_third_checkers_when_two_reviews_are_in(demo: Demo) -> None:
    request = demo.reviewed()
    table = demo.outputs(request)[0]
    with pytest.raises(RefusedError, match="Say which in a comment"):
        vote(demo.tre, "emi", request, table, CHANGES)
    comment(demo.tre, "emi", request, "outputs", "A cell of 6.", PRIVATE)
    vote(demo.tre, "emi", request, table, CHANGES)


def test_before_the_review_the_comment_may_come_after_the_vote(demo: Demo) -> None:
    request = demo.submitted()
    vote(demo.tre, "cora", request, demo.outputs(request)[0], CHANGES)
    comment(demo.tre, "cora", request, "outputs", "A cell of 6.", PRIVATE)
    submit_review(demo.tre, "cora", request)


# The ledger


@pytest.mark.parametrize("second", [Role.TRE_MANAGER])
def test_the_ledger_does_not_end_a_checkers_blindness(any_demo: Demo, second: Role) -> None:
    demo = any_demo
    both = frozenset({Role.OUTPUT_CHECKER, second})
    record_person(demo.tre, SYSTEM, replace(DENIZ, roles=both))
    request = demo.submitted()
    vote(demo.tre, "cora", request, demo.outputs(request)[0], CHANGES)
    with pytest.raises(RefusedError):
        submit_review(demo.tre, "cora", request)  # refused: not explained
    comment(demo.tre, "cora", request, "outputs", "A cell of 6.", PUBLIC)
    submit_review(demo.tre, "cora", request)

    for seen in (
        read_ledger(demo.tre, "deniz", request=request),
        read_ledger(demo.tre, "deniz", person="cora"),
        read_ledger(demo.tre, "deniz"),
    ):
        told = [e for e in seen if e.actor == "cora" and ":view" not in e.tag]
        assert {(e.tag, e.outcome, str(e.details)) for e in told} == {
            ("outputs:review:hidden", "done", "{}")
        }
        assert len(told) == 4  # that something was done stays
    assert "changes requested" in repr(read_ledger(demo.tre, "omar", request=request))

    demo.review(request, "deniz")
    assert "changes requested" in repr(read_ledger(demo.tre, "deniz", request=request))


def test_a_checkers_own_record_is_theirs_to_read(demo: Demo) -> None:
    record_person(demo.tre, SYSTEM, replace(CORA, roles=CORA.roles | {Role.TRE_MANAGER}))
    request = demo.submitted()
    vote(demo.tre, "cora", request, demo.outputs(request)[0], CHANGES)
    assert "changes requested" in repr(read_ledger(demo.tre, "cora", person="cora"))


# Numbers


@pytest.mark.parametrize("number", [-1, 0, 2**31, 3_000_000_000, 2**63, 10**20 - 1])
def test_a_number_that_no_request_can_have_is_not_there(any_demo: Demo, number: int) -> None:
    with pytest.raises(NotThereError):
        view_request(any_demo.tre, "cora", number)
    with pytest.raises(NotThereError):
        read_ledger(any_demo.tre, "omar", request=number)
