"""Votes: what they come to on a file, and which of them still count."""

import pytest

from tests.safe_outputs.requests import a_file, a_request, no, review, undecided, yes
from tre.safe_outputs.release_request import FileKind, State
from tre.safe_outputs.votes import (
    FileDecision,
    file_decision,
    is_open,
    outputs,
    reviewers_of_turn,
    votes_in_force,
)

INCOMPLETE, APPROVED = FileDecision.INCOMPLETE, FileDecision.APPROVED
CHANGES, CONFLICTED = FileDecision.CHANGES_REQUESTED, FileDecision.CONFLICTED


@pytest.mark.parametrize(
    ("votes", "decision"),
    [
        # fewer than two answers
        ((), INCOMPLETE),
        ((yes("a"),), INCOMPLETE),
        ((no("a"),), INCOMPLETE),
        ((yes("a"), undecided("b")), INCOMPLETE),
        ((yes("a"), yes("a")), INCOMPLETE),
        # two
        ((yes("a"), yes("b")), APPROVED),
        ((no("a"), no("b")), CHANGES),
        ((yes("a"), no("b")), CONFLICTED),
        # three: all must agree
        ((yes("a"), yes("b"), undecided("c")), APPROVED),
        ((yes("a"), yes("b"), yes("c")), APPROVED),
        ((yes("a"), yes("b"), no("c")), CONFLICTED),
        ((no("a"), no("b"), no("c")), CHANGES),
        # the latest of one person counts
        ((no("a"), yes("b"), yes("a", turn=2)), APPROVED),
        ((yes("a", turn=2), yes("b"), no("a")), APPROVED),
        ((yes("a"), yes("b"), undecided("a", turn=2)), INCOMPLETE),
        # votes on other files do not
        ((yes("a"), yes("b", file_id=2)), INCOMPLETE),
    ],
)
def test_votes_come_to_a_decision(votes, decision):
    assert file_decision(a_file(), votes) is decision


def test_votes_from_before_a_change_have_lapsed():
    votes = (yes("a", turn=1), yes("b", turn=2))
    assert file_decision(a_file(added_turn=2), votes) is INCOMPLETE
    assert file_decision(a_file(added_turn=1), votes) is APPROVED


@pytest.mark.parametrize("kind", [FileKind.SUPPORTING, FileKind.CODE, FileKind.WITHDRAWN])
def test_only_outputs_are_voted_on(kind):
    assert file_decision(a_file(kind=kind), (no("a"), no("b"))) is FileDecision.NOT_NEEDED


@pytest.mark.parametrize(
    ("vote", "in_force"),
    [
        # of this turn: any
        (yes("a", turn=2), True),
        (no("a", turn=2), True),
        (undecided("a", turn=2), True),
        # of an earlier turn: approvals of unchanged files
        (yes("a", turn=1), True),
        (no("a", turn=1), False),
        (undecided("a", turn=1), False),
        (yes("a", file_id=2, turn=1), False),
        (yes("a", file_id=2, turn=2), True),
        # on a file that is not in the request, or by somebody who has no vote
        (yes("a", file_id=3, turn=2), False),
        (yes("out", turn=2), False),
    ],
)
def test_approvals_are_carried_over_and_wishes_for_changes_are_not(vote, in_force):
    files = (a_file(), a_file(id=2, added_turn=2))
    request = a_request(turn=2, files=files, votes=(vote,))
    assert (votes_in_force(request, without={"out"}) == (vote,)) is in_force


def test_the_outputs_are_the_files_that_would_be_released():
    files = (a_file(), *(a_file(id=2 + n, kind=kind) for n, kind in enumerate(FileKind)))
    assert [file.id for file in outputs(a_request(files=files))] == [1, 2]


def test_the_reviewers_of_a_turn_are_counted_once():
    reviews = (review("a"), review("a"), review("b"), review("c", turn=2))
    assert reviewers_of_turn(a_request(reviews=reviews), 1) == {"a", "b"}


@pytest.mark.parametrize("state", State)
def test_a_request_is_open_until_it_is_released_or_ended(state: State):
    closed = {State.RELEASED, State.WITHDRAWN, State.REJECTED, State.REVOKED}
    assert is_open(a_request(state=state)) is (state not in closed)
