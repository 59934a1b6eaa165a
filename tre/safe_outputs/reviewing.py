"""Who may judge a request, and in which states each act on it makes sense."""

from collections.abc import Collection

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_outputs.release_request import ReleaseRequest, State
from tre.safe_outputs.states import OWNERS, Owner
from tre.vocabulary import PersonId, Safe

STATE = Rule(
    name="state of the request",
    safe=Safe.OUTPUTS,
    sentence="The request is in a state in which the act makes sense.",
    source="release review, table of states",
)
NOT_THE_AUTHOR = Rule(
    name="not the author",
    safe=Safe.OUTPUTS,
    sentence="Nobody reviews a request that they wrote.",
    source="release review; separation of duties",
)
NO_SUPERVISOR_LINK = Rule(
    name="no supervisor link",
    safe=Safe.OUTPUTS,
    sentence="A checker is neither the supervisor of the request's author nor supervised by them.",
    source="release review; separation of duties",
)
FROZEN = Rule(
    name="author in good standing",
    safe=Safe.OUTPUTS,
    sentence="A request stands still while its author may not act as a researcher.",
    source="access rules, consequences cascade",
)

IN_THE_AUTHORS_HANDS = tuple(state for state in State if OWNERS[state] is Owner.AUTHOR)
IN_THE_REVIEWERS_HANDS = tuple(state for state in State if OWNERS[state] is Owner.REVIEWERS)
TO_BE_RETURNED = (*IN_THE_REVIEWERS_HANDS, State.FAILED)
"""Also what was approved and cannot be released, as when an approval has lapsed in between."""
AFTER_SUBMISSION = tuple(state for state in State if state is not State.DRAFT)


def is_in_state(request: ReleaseRequest, states: Collection[State]) -> Decision:
    """Ask for one of the states."""
    if request.state in states:
        return ALLOWED
    wanted = " or ".join(str(state) for state in State if state in states)
    return STATE.refuses(
        f"request {request.id} is {request.state}, and this needs it to be {wanted}. "
        f"{_NEXT[OWNERS[request.state]]}"
    )


def is_not_author(request: ReleaseRequest, person: PersonId) -> Decision:
    """Keep the author from judging their own request."""
    if person != request.author:
        return ALLOWED
    return NOT_THE_AUTHOR.refuses(
        "you wrote this request, and nobody reviews their own. Leave it to the output checkers."
    )


def has_no_supervisor_link(
    *,
    checker: PersonId,
    checkers_supervisor: PersonId | None,
    author: PersonId,
    authors_supervisor: PersonId | None,
) -> Decision:
    """Keep supervisors from judging those they supervise, and the other way round."""
    if checkers_supervisor != author and authors_supervisor != checker:
        return ALLOWED
    return NO_SUPERVISOR_LINK.refuses(
        "you and this request's author are supervisor and supervised. Leave it to a colleague "
        "without that link."
    )


def is_not_frozen(author_may_research: Decision) -> Decision:
    """Let a request go on only while its author may work; why they may not is theirs to know.

    author_may_research: the decision on the author as a researcher of the project, today.
    """
    if author_may_research.allowed:
        return ALLOWED
    return FROZEN.refuses(
        "this request is frozen, since its author may not act as a researcher today. They see "
        "why on their own page; go on when that is put right, or return the request."
    )


_NEXT = {
    Owner.AUTHOR: "It is with its author: they submit it first.",
    Owner.REVIEWERS: "It is with the output checkers: wait for them, or ask them to return it.",
    Owner.SYSTEM: "It is being released: look again in a minute.",
    Owner.NOBODY: "Nothing more can be done with it: make a new request if you need one.",
}
