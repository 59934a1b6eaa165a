"""Look at a request: everything about it that the one who looks may see."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Literal

from tre.decision import Decision
from tre.five_safes import Subject, decide
from tre.safe_outputs.release_request import ReleaseRequest
from tre.safe_outputs.reviewing import STATE
from tre.safe_outputs.visibility import Viewer, phase
from tre.safe_outputs.working_days import age_in_working_days, due_on
from tre.safe_projects.membership import everybody_named
from tre.steps.acting import Act, acting
from tre.steps.drawing_up import Seen, group_views, history, review_views, worst_verdict
from tre.steps.in_question import request_in_question
from tre.steps.output_files import types_found
from tre.steps.since_last_turn import last_turn
from tre.steps.tre import Tre
from tre.steps.views import ReleaseView, RequestView
from tre.store.people import read_people
from tre.store.releases import Release, read_release
from tre.store.requests import checks_of, policy_and_failure
from tre.vocabulary import Action, PersonId, RequestId

OF_A_REQUEST = (
    Action.UPDATE_REQUEST,
    Action.SUBMIT_REQUEST,
    Action.WITHDRAW_REQUEST,
    Action.VOTE,
    Action.COMMENT,
    Action.SUBMIT_REVIEW,
    Action.RETURN_REQUEST,
    Action.REJECT_REQUEST,
    Action.APPROVE_REQUEST,
    Action.REVOKE_RELEASE,
    Action.DOWNLOAD_RELEASE,
)
"""The acts that a view says something about."""


def view_request(tre: Tre, actor: PersonId, request: RequestId) -> RequestView:
    """Give a request as the actor may see it; that they looked is on the ledger.

    Raises NotThereError to those without a part in it, RefusedError with every reason to those
    who have one and may not look today.
    """
    with acting(tre, actor, Action.VIEW_REQUEST, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        view = _draw(act, found, subject)
        act.record({"turn": found.turn})
    return view


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    seen: Seen
    policy: str
    failure: str | None
    release: Release | None


def _draw(act: Act, request: ReleaseRequest, subject: Subject) -> RequestView:
    facts = _facts(act, request, subject)
    seen, submitted = facts.seen, request.submitted_at
    return RequestView(
        id=request.id,
        title=request.title,
        project_id=request.project,
        project_title=subject.project.title if subject.project else request.project,
        author_id=request.author,
        author_name=seen.name(request.author),
        state=request.state,
        phase=str(phase(request.state)),
        turn=request.turn,
        created_at=request.created_at,
        submitted_at=submitted,
        age_working_days=age_in_working_days(submitted, act.at) if submitted else 0,
        due_at=_end_of(submitted) if submitted else None,
        worst_verdict=worst_verdict(request, seen.checks),
        groups=group_views(seen),
        reviews=review_views(seen),
        history=history(act.connection, seen),
        may=_may(act, subject),
        policy=facts.policy,
        release=_release_view(facts.release),
        i_am=_i_am(act, request, subject),
        failure=facts.failure,
        last_turn=seen.then.number,
    )


def _facts(act: Act, request: ReleaseRequest, subject: Subject) -> _Facts:
    named = everybody_named(subject.project) if subject.project else frozenset()
    policy, failure = policy_and_failure(act.connection, request.id)
    return _Facts(
        seen=Seen(
            request=request,
            standing=subject.request or request,
            viewer=Viewer(person=act.actor.id, named=named),
            checks=checks_of(act.connection, [request.id]),
            then=last_turn(act.connection, request),
            names=_names(act, request),
            runs_again=act.tre.config.rerun_minutes > 0,
        ),
        policy=policy,
        failure=failure,
        release=read_release(act.connection, request.id),
    )


def _names(act: Act, request: ReleaseRequest) -> dict[PersonId, str]:
    ids = {request.author, *(comment.author for comment in request.comments)}
    ids |= {vote.reviewer for vote in request.votes}
    ids |= {review.reviewer for review in request.reviews}
    return {person.id: person.name for person in read_people(act.connection, ids).values()}


def _may(act: Act, subject: Subject) -> dict[str, Decision]:
    may = {str(action): decide(act.actor, action, subject, on=act.at) for action in OF_A_REQUEST}
    if subject.request is not None:
        approve = str(Action.APPROVE_REQUEST)
        may[approve] = may[approve].also(types_found(act, subject.request))
    return may


def _i_am(
    act: Act, request: ReleaseRequest, subject: Subject
) -> Literal["author", "member", "reviewer", "reader"]:
    person = act.actor
    if person.id == request.author:
        return "author"
    if subject.project and person.id in everybody_named(subject.project):
        return "member"
    decision = decide(person, Action.VOTE, subject, on=act.at)
    is_reviewer = all(reason.rule == STATE.name for reason in decision.reasons)
    return "reviewer" if is_reviewer else "reader"


def _release_view(release: Release | None) -> ReleaseView | None:
    if release is None:
        return None
    plain: dict[str, Any] = {
        name: getattr(release, name) for name in ReleaseView.__dataclass_fields__
    }
    return ReleaseView(**plain)


def _end_of(submitted: datetime) -> datetime:
    return datetime.combine(due_on(submitted), time(23, 59, 59), UTC)
