"""What the votes on a file come to, and which of them still stand."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from tre.safe_outputs.release_request import (
    FileKind,
    ReleaseRequest,
    RequestFile,
    State,
    Vote,
    VoteChoice,
)
from tre.vocabulary import PersonId

CHECKERS_NEEDED = 2
"""How many people must answer on every output."""


class FileDecision(StrEnum):
    """What the checkers' votes on one file come to."""

    INCOMPLETE = "incomplete"
    APPROVED = "approved"
    CONFLICTED = "conflicted"
    CHANGES_REQUESTED = "changes requested"
    NOT_NEEDED = "not needed"


def file_decision(file: RequestFile, votes: Iterable[Vote]) -> FileDecision:
    """Come to a decision on a file from the votes given on it since it was last changed.

    Undecided is no answer. Two answers are needed; of three or more all must agree.
    Only outputs are voted on: for other files no decision is needed.
    """
    if file.kind is not FileKind.OUTPUT:
        return FileDecision.NOT_NEEDED
    answers = _answers(file, votes)
    if len(answers) < CHECKERS_NEEDED:
        return FileDecision.INCOMPLETE
    choices = set(answers.values())
    if choices == {VoteChoice.APPROVED}:
        return FileDecision.APPROVED
    if choices == {VoteChoice.CHANGES_REQUESTED}:
        return FileDecision.CHANGES_REQUESTED
    return FileDecision.CONFLICTED


def votes_in_force(
    request: ReleaseRequest, *, without: Collection[PersonId] = ()
) -> tuple[Vote, ...]:
    """Give the votes that count in this turn.

    A vote given before the file was last changed has lapsed. From earlier turns only approvals
    of unchanged files are carried over: a wish for changes was answered by submitting again.
    without: people whose votes no longer count, such as a checker who has joined the project.
    """
    files = {file.id: file for file in request.files}
    return tuple(
        vote
        for vote in request.votes
        if vote.reviewer not in without
        and vote.file_id in files
        and vote.turn >= files[vote.file_id].added_turn
        and (vote.turn == request.turn or vote.choice is VoteChoice.APPROVED)
    )


def outputs(request: ReleaseRequest) -> tuple[RequestFile, ...]:
    """List the files that would be released."""
    return tuple(file for file in request.files if file.kind is FileKind.OUTPUT)


def reviewers_of_turn(request: ReleaseRequest, turn: int) -> frozenset[PersonId]:
    """Name those who have submitted their review in a turn."""
    return frozenset(review.reviewer for review in request.reviews if review.turn == turn)


def is_open(request: ReleaseRequest) -> bool:
    """Whether something can still happen to the request before its release or end."""
    return request.state not in _CLOSED


def _answers(file: RequestFile, votes: Iterable[Vote]) -> dict[PersonId, VoteChoice]:
    """Give each reviewer's latest answer; a later vote of theirs replaces an earlier one."""
    given = [v for v in votes if v.file_id == file.id and v.turn >= file.added_turn]
    latest = {vote.reviewer: vote.choice for vote in sorted(given, key=lambda vote: vote.turn)}
    return {who: choice for who, choice in latest.items() if choice is not VoteChoice.UNDECIDED}


_CLOSED = frozenset({State.RELEASED, State.WITHDRAWN, State.REJECTED, State.REVOKED})
