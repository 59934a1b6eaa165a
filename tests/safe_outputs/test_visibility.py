"""Visibility: two checkers are blind until both have answered; authors see what is public."""

import pytest

from tests.safe_outputs.requests import a_file, a_request, no, review, said, yes
from tre.safe_outputs.release_request import FileKind, State
from tre.safe_outputs.visibility import (
    PHASES,
    Phase,
    Viewer,
    phase,
    visible_comments,
    visible_decision,
    visible_reviews,
    visible_votes,
)
from tre.safe_outputs.votes import FileDecision

NAMED = frozenset({"ada", "bola"})
ADA, BOLA = Viewer(person="ada", named=NAMED), Viewer(person="bola", named=NAMED)
CORA, DENIZ = Viewer(person="cora", named=NAMED), Viewer(person="deniz", named=NAMED)
MIA = Viewer(person="mia", named=NAMED)

AUTHOR_PHASE = {State.DRAFT, State.RETURNED}
INDEPENDENT = {State.SUBMITTED, State.PARTIALLY_REVIEWED}
COMPLETE = set(State) - AUTHOR_PHASE - INDEPENDENT - {State.REVIEWED}


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_phase(state: State):
    expected = {
        **dict.fromkeys(AUTHOR_PHASE, Phase.AUTHOR),
        **dict.fromkeys(INDEPENDENT, Phase.INDEPENDENT),
        State.REVIEWED: Phase.CONSOLIDATING,
        **dict.fromkeys(COMPLETE, Phase.COMPLETE),
    }
    assert phase(state) is expected[state]
    assert set(PHASES) == set(State)


def in_state(state: State, *, both: bool, turn: int = 1):
    """Cora approves and says something private and public; Deniz requests changes."""
    return a_request(
        state=state,
        turn=turn,
        votes=(yes("cora"), no("deniz")),
        reviews=(review("cora"), review("deniz")) if both else (review("cora"),),
        comments=(
            said("ada", id=1),
            said("cora", id=2),
            said("cora", id=3, private=True),
            said("deniz", id=4),
            said("deniz", id=5, private=True),
            said("bola", id=6),
        ),
    )


def seen(viewer: Viewer, request) -> tuple[list[str], list[int], list[str]]:
    """Whose votes, which comments, whose reviews."""
    return (
        [vote.reviewer for vote in visible_votes(request, viewer)],
        [comment.id for comment in visible_comments(request, viewer)],
        [found.reviewer for found in visible_reviews(request, viewer)],
    )


ALL = (["cora", "deniz"], [1, 2, 3, 4, 5, 6], ["cora", "deniz"])


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("viewer", [CORA, DENIZ, MIA])
def test_once_both_have_answered_checkers_see_everything_in_every_state(state, viewer):
    assert seen(viewer, in_state(state, both=True)) == ALL


@pytest.mark.parametrize("state", sorted(INDEPENDENT | {State.REVIEWED}))
def test_before_that_each_sees_their_own(state: State):
    request = in_state(state, both=False)
    assert seen(CORA, request) == (["cora"], [1, 2, 3, 6], ["cora"])
    assert seen(DENIZ, request) == (["deniz"], [1, 4, 5, 6], [])
    assert seen(MIA, request) == ([], [1, 6], [])


def test_an_early_return_publishes_what_is_public_and_keeps_the_checkers_blind():
    request = in_state(State.RETURNED, both=False)
    assert seen(CORA, request) == (["cora"], [1, 2, 3, 4, 6], ["cora"])
    assert seen(DENIZ, request) == (["deniz"], [1, 2, 4, 5, 6], [])


def test_it_stays_so_in_the_next_turn_until_that_is_answered_by_both():
    request = in_state(State.SUBMITTED, both=False, turn=2)
    assert seen(DENIZ, request) == (["deniz"], [1, 2, 4, 5, 6], [])
    answered = a_request(
        **{name: getattr(request, name) for name in ("votes", "comments")},
        turn=2,
        state=State.REVIEWED,
        reviews=(review("cora"), review("cora", 2), review("deniz", 2)),
    )
    assert seen(DENIZ, answered)[:2] == (["cora", "deniz"], [1, 2, 3, 4, 5, 6])


def test_a_new_turn_after_a_full_one_is_blind_again():
    request = a_request(
        state=State.PARTIALLY_REVIEWED,
        turn=2,
        votes=(yes("cora"), yes("deniz"), no("cora", turn=2)),
        reviews=(review("cora"), review("deniz"), review("cora", 2)),
        comments=(said("cora", id=1, private=True), said("cora", id=2, turn=2)),
    )
    assert [(v.reviewer, v.turn) for v in visible_votes(request, DENIZ)] == [
        ("cora", 1),
        ("deniz", 1),
    ]
    assert [comment.id for comment in visible_comments(request, DENIZ)] == [1]


@pytest.mark.parametrize("state", sorted(COMPLETE))
@pytest.mark.parametrize("viewer", [CORA, DENIZ, MIA])
def test_when_a_request_is_closed_checkers_see_everything(state, viewer):
    assert seen(viewer, in_state(state, both=False))[:2] == ALL[:2]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("viewer", [ADA, BOLA])
@pytest.mark.parametrize("both", [True, False])
def test_the_author_s_side_sees_public_comments_when_the_request_has_come_back(state, viewer, both):
    votes, comments, reviews = seen(viewer, in_state(state, both=both))
    has_come_back = state in AUTHOR_PHASE | COMPLETE
    assert votes == []
    assert comments == ([1, 2, 4, 6] if has_come_back else [1, 6])
    assert bool(reviews) is has_come_back


@pytest.mark.parametrize("state", State)
def test_what_was_said_in_an_earlier_turn_stays_with_the_author(state: State):
    assert seen(ADA, in_state(state, both=True, turn=2))[1] == [1, 2, 4, 6]


@pytest.mark.parametrize("state", State)
def test_a_checker_who_joins_the_project_sees_no_private_comment_any_more(state: State):
    joined = Viewer(person="cora", named=NAMED | {"cora"})
    _, comments, _ = seen(joined, in_state(state, both=True))
    assert not {3, 5} & set(comments)


CONFLICT = FileDecision.CONFLICTED


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("both", [True, False])
def test_a_decision_is_known_when_the_votes_are(state: State, both: bool):
    request = in_state(state, both=both)
    for_checker = CONFLICT if both or state in COMPLETE else FileDecision.INCOMPLETE
    has_come_back = state in AUTHOR_PHASE | COMPLETE
    for_author = FileDecision.CHANGES_REQUESTED if has_come_back else FileDecision.INCOMPLETE
    assert visible_decision(a_file(), request, CORA) is for_checker
    assert visible_decision(a_file(), request, ADA) is for_author


def test_an_approval_is_called_so_to_the_author_too():
    request = a_request(state=State.RELEASED, votes=(yes("cora"), yes("deniz")))
    assert visible_decision(a_file(), request, ADA) is FileDecision.APPROVED


def test_a_file_that_is_not_voted_on_needs_no_decision():
    code = a_file(kind=FileKind.CODE)
    assert visible_decision(code, a_request(), ADA) is FileDecision.NOT_NEEDED
