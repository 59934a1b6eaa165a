"""Draw up what a view of a request shows, from what its viewer may see."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from tre.safe_outputs.file_check import worst
from tre.safe_outputs.release_request import (
    Comment,
    FileKind,
    Group,
    ReleaseRequest,
    RequestFile,
    Vote,
    VoteChoice,
)
from tre.safe_outputs.reproduction import to_run_again
from tre.safe_outputs.visibility import (
    Viewer,
    visible_comments,
    visible_decision,
    visible_reviews,
    visible_votes,
)
from tre.safe_outputs.votes import outputs, votes_in_force
from tre.steps.since_last_turn import LastTurn
from tre.steps.tre import SYSTEM
from tre.steps.views import (
    CommentView,
    EventView,
    FileView,
    GroupView,
    LedgerEntry,
    ReviewView,
    VoteView,
)
from tre.store.ledger_reading import entries
from tre.store.people import read_people
from tre.vocabulary import PersonId

HISTORY = {
    "outputs:request:create": "began the request",
    "outputs:request:submit": "submitted it",
    "outputs:request:withdraw": "withdrew it",
    "outputs:file:reproduce": "ran its code again",
    "outputs:request:return": "returned it",
    "outputs:request:reject": "rejected it",
    "outputs:request:approve": "approved it",
    "outputs:request:release": "released it",
    "outputs:request:release-failed": "could not release it",
    "outputs:release:revoke": "revoked the release",
    "outputs:release:download": "downloaded the bundle",
}
"""The ledger's tags that are part of a request's history, in words; reviews are added as seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request in front of a viewer. checks: by the file's number. names: by the person's id.

    then: the turn before. standing: the request with those votes alone that still count.
    runs_again: whether code is run again here at all.
    """

    request: ReleaseRequest
    standing: ReleaseRequest
    viewer: Viewer
    checks: Mapping[int, dict[str, Any]]
    then: LastTurn
    names: Mapping[PersonId, str]
    runs_again: bool = True

    def name(self, person: PersonId) -> str:
        """A person's name, for showing."""
        return "the environment" if person == SYSTEM else self.names.get(person, person)


def group_views(seen: Seen) -> tuple[GroupView, ...]:
    """Draw the groups in their order, with their files and comments."""
    return tuple(_group_view(seen, group) for group in seen.request.groups)


def _group_view(seen: Seen, group: Group) -> GroupView:
    files = [file for file in seen.request.files if file.id not in seen.then.replaced]
    comments = visible_comments(seen.request, seen.viewer)
    before = seen.then.group(group.name)
    return GroupView(
        name=group.name,
        context=group.context,
        controls=group.controls,
        files=tuple(_file_view(seen, file) for file in files if file.group == group.name),
        comments=tuple(_comment_view(seen, c) for c in comments if c.group == group.name),
        context_before=before.context if before else None,
        controls_before=before.controls if before else None,
    )


def review_views(seen: Seen) -> tuple[ReviewView, ...]:
    """Draw the reviews that the viewer may know of."""
    return tuple(
        ReviewView(
            reviewer_id=review.reviewer,
            reviewer_name=seen.name(review.reviewer),
            turn=review.turn,
            submitted_at=review.submitted_at,
        )
        for review in visible_reviews(seen.request, seen.viewer)
    )


def history(connection: Connection, seen: Seen) -> tuple[EventView, ...]:
    """Tell what happened, the oldest first; of reviews only those the viewer may know of."""
    found = reversed(entries(connection, request=seen.request.id))
    told = [entry for entry in found if entry.outcome == "done" and entry.tag in HISTORY]
    names = {
        person.id: person.name
        for person in read_people(connection, {entry.actor for entry in told}).values()
    }
    events = [
        EventView(
            at=entry.at,
            who=names.get(entry.actor, seen.name(entry.actor)),
            what=_in_words(entry),
        )
        for entry in told
    ]
    events += [
        EventView(
            at=review.submitted_at,
            who=review.reviewer_name,
            what=f"submitted a review of turn {review.turn}",
        )
        for review in review_views(seen)
    ]
    return tuple(sorted(events, key=lambda event: event.at))


def worst_verdict(request: ReleaseRequest, checks: Mapping[int, dict[str, Any]]) -> str | None:
    """Give the worst verdict on the request's outputs; None before any was checked."""
    found = [checks[file.id]["verdict"] for file in outputs(request) if file.id in checks]
    return worst(found) if found else None


def _in_words(entry: LedgerEntry) -> str:
    words = HISTORY[entry.tag]
    more = {"outputs:request:submit": f"turn {entry.details.get('turn')}"}.get(entry.tag)
    more = more or entry.details.get("because")
    return f"{words} ({more})" if more else words


def _file_view(seen: Seen, file: RequestFile) -> FileView:
    change = seen.then.change_of(file)
    previous = seen.then.version_of(file)
    return FileView(
        id=file.id,
        name=file.name,
        kind=file.kind,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        declaration=json.loads(file.declaration) if file.declaration else None,
        check=seen.checks.get(file.id),
        votes=tuple(_vote_view(seen, vote) for vote in _votes_on(seen, file)),
        my_vote=_my_vote(seen, file),
        decision=_decision(seen, file),
        changed_since_last_turn=change in {"new", "replaced"},
        since_last_turn=change,
        previous=previous.id if previous else None,
        waits_to_be_run=seen.runs_again and file in to_run_again(seen.request, seen.checks),
    )


def _votes_on(seen: Seen, file: RequestFile) -> tuple[Vote, ...]:
    visible = visible_votes(seen.request, seen.viewer)
    return tuple(vote for vote in visible if vote.file_id == file.id)


def _my_vote(seen: Seen, file: RequestFile) -> VoteChoice | None:
    mine = [
        vote.choice
        for vote in sorted(votes_in_force(seen.standing), key=lambda vote: vote.turn)
        if vote.reviewer == seen.viewer.person and vote.file_id == file.id
    ]
    return mine[-1] if mine else None


def _decision(seen: Seen, file: RequestFile) -> str:
    if file.kind is FileKind.WITHDRAWN:
        return "withdrawn"
    return str(visible_decision(file, seen.standing, seen.viewer))


def _vote_view(seen: Seen, vote: Vote) -> VoteView:
    return VoteView(
        reviewer_name=seen.name(vote.reviewer),
        choice=vote.choice,
        turn=vote.turn,
        mine=vote.reviewer == seen.viewer.person,
        counts=vote in seen.standing.votes,
    )


def _comment_view(seen: Seen, comment: Comment) -> CommentView:
    return CommentView(
        id=comment.id,
        author_name=seen.name(comment.author),
        audience=comment.audience,
        text=comment.text,
        turn=comment.turn,
        written_at=comment.written_at,
        mine=comment.author == seen.viewer.person,
    )
