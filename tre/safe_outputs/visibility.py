"""Who sees what of a review, and when: two checkers are blind until both have answered.

A turn is *consolidated* once two reviews were submitted in it; what was said in that turn and
in those before it is then open to every checker. All is open to them when a request is closed.
"""

from dataclasses import dataclass
from enum import StrEnum

from tre.safe_outputs.release_request import (
    Comment,
    CommentAudience,
    ReleaseRequest,
    RequestFile,
    Review,
    State,
    Vote,
)
from tre.safe_outputs.votes import (
    CHECKERS_NEEDED,
    FileDecision,
    file_decision,
    reviewers_of_turn,
    votes_in_force,
)
from tre.vocabulary import PersonId


class Phase(StrEnum):
    """How far the review is, as far as seeing goes."""

    AUTHOR = "author"
    INDEPENDENT = "independent"
    CONSOLIDATING = "consolidating"
    COMPLETE = "complete"


PHASES = {
    State.DRAFT: Phase.AUTHOR,
    State.SUBMITTED: Phase.INDEPENDENT,
    State.PARTIALLY_REVIEWED: Phase.INDEPENDENT,
    State.REVIEWED: Phase.CONSOLIDATING,
    State.RETURNED: Phase.AUTHOR,
    State.APPROVED: Phase.COMPLETE,
    State.FAILED: Phase.COMPLETE,
    State.RELEASED: Phase.COMPLETE,
    State.WITHDRAWN: Phase.COMPLETE,
    State.REJECTED: Phase.COMPLETE,
    State.REVOKED: Phase.COMPLETE,
}
"""The phase of each state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody who looks at a request.

    named: everybody named on its project, of any time: they are on the author's side, and a
    checker who joins the project moves over to it.
    """

    person: PersonId
    named: frozenset[PersonId]

    def is_on_the_authors_side(self, request: ReleaseRequest) -> bool:
        """Whether the viewer is the author or anybody of the project."""
        return self.person == request.author or self.person in self.named


def phase(state: State) -> Phase:
    """Give the phase of a state."""
    return PHASES[state]


def visible_votes(request: ReleaseRequest, viewer: Viewer) -> tuple[Vote, ...]:
    """Give the votes that the viewer may see: the author's side sees none, ever."""
    if viewer.is_on_the_authors_side(request):
        return ()
    return tuple(
        vote
        for vote in request.votes
        if vote.reviewer == viewer.person or is_open_to_checkers(request, vote.turn)
    )


def visible_comments(request: ReleaseRequest, viewer: Viewer) -> tuple[Comment, ...]:
    """Give the comments that the viewer may see, in the order in which they were written."""
    authors_side = viewer.is_on_the_authors_side(request)
    sees = _the_authors_side_sees if authors_side else _a_checker_sees
    return tuple(comment for comment in request.comments if sees(request, viewer, comment))


def visible_reviews(request: ReleaseRequest, viewer: Viewer) -> tuple[Review, ...]:
    """Give the submitted reviews that the viewer may know of.

    The author's side learns who has reviewed when the request comes back or is closed.
    """
    if viewer.is_on_the_authors_side(request):
        return tuple(r for r in request.reviews if _has_come_back(request, r.turn))
    return tuple(
        review
        for review in request.reviews
        if review.reviewer == viewer.person or is_open_to_checkers(request, review.turn)
    )


def is_open_to_checkers(request: ReleaseRequest, turn: int) -> bool:
    """Whether this turn, or one after it, is consolidated, or the request is closed."""
    return phase(request.state) is Phase.COMPLETE or any(
        len(reviewers_of_turn(request, later)) >= CHECKERS_NEEDED
        for later in range(turn, request.turn + 1)
    )


def visible_decision(file: RequestFile, request: ReleaseRequest, viewer: Viewer) -> FileDecision:
    """Give a file's decision as the viewer may know it.

    Nobody knows it before the turn is consolidated. Authors are told of a conflict as of
    changes requested, and only when the request has come back to them or is closed.
    """
    decision = file_decision(file, votes_in_force(request))
    if decision is FileDecision.NOT_NEEDED:
        return decision
    if not viewer.is_on_the_authors_side(request):
        is_known = is_open_to_checkers(request, request.turn)
        return decision if is_known else FileDecision.INCOMPLETE
    if not _has_come_back(request, request.turn):
        return FileDecision.INCOMPLETE
    return _AS_AUTHORS_SEE_IT.get(decision, decision)


_AS_AUTHORS_SEE_IT = {FileDecision.CONFLICTED: FileDecision.CHANGES_REQUESTED}


def _the_authors_side_sees(request: ReleaseRequest, viewer: Viewer, comment: Comment) -> bool:
    """Public ones alone: at once those of their own side, a checker's when it has come back."""
    if comment.audience is CommentAudience.PRIVATE:
        return False
    own_side = comment.author == request.author or comment.author in viewer.named
    return own_side or _has_come_back(request, comment.turn)


def _a_checker_sees(request: ReleaseRequest, viewer: Viewer, comment: Comment) -> bool:
    """Their own, the author's side's, what has been published, and what is consolidated."""
    if comment.author in {viewer.person, request.author} | viewer.named:
        return True
    if comment.audience is CommentAudience.PUBLIC and _has_come_back(request, comment.turn):
        return True
    return is_open_to_checkers(request, comment.turn)


def _has_come_back(request: ReleaseRequest, turn: int) -> bool:
    """Whether the author's side was given what the checkers said in a turn."""
    return turn < request.turn or phase(request.state) in {Phase.AUTHOR, Phase.COMPLETE}
