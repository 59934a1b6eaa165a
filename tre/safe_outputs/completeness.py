"""What must be there before a request may be submitted, a review submitted, or all approved."""

from collections.abc import Collection

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_outputs.release_request import (
    Comment,
    CommentAudience,
    FileKind,
    Group,
    ReleaseRequest,
    State,
    VoteChoice,
)
from tre.safe_outputs.states import OWNERS, Owner
from tre.safe_outputs.votes import (
    CHECKERS_NEEDED,
    FileDecision,
    file_decision,
    is_open,
    outputs,
    reviewers_of_turn,
    votes_in_force,
)
from tre.vocabulary import PersonId, Safe

HAS_OUTPUT = Rule(
    name="an output",
    safe=Safe.OUTPUTS,
    sentence="A request has at least one file to release.",
    source="release review",
)
CONTEXT = Rule(
    name="context and controls",
    safe=Safe.OUTPUTS,
    sentence="Every group of files says what it is, of which population and variables (context), "
    "and what was done about disclosure (controls).",
    source="release review; OpenSAFELY: a quarter of all refusals",
)
ANSWERS = Rule(
    name="answers",
    safe=Safe.OUTPUTS,
    sentence="When a request is submitted again, every group with changes requested has an "
    "answer from the author's side.",
    source="release review",
)
ALL_VOTED = Rule(
    name="every output voted",
    safe=Safe.OUTPUTS,
    sentence="A checker answers on every output before submitting the review, once a turn.",
    source="release review",
)
EXPLAINED = Rule(
    name="changes explained",
    safe=Safe.OUTPUTS,
    sentence="A checker who requests changes says which, in a comment on the group.",
    source="release review",
)
RETURNED_WITH_WORDS = Rule(
    name="a return says why",
    safe=Safe.OUTPUTS,
    sentence="A request comes back with something that its author can read: a reason, or a "
    "public comment of this turn.",
    source="release review; reasons for return",
)
FEWEST_LETTERS = 2
"""Of a comment that says something: dots and dashes are no answer."""
TWO_APPROVALS = Rule(
    name="two approvals",
    safe=Safe.OUTPUTS,
    sentence="Every output is approved by two checkers who are not on the project.",
    source="release review; separation of duties",
)
ONE_AT_A_TIME = Rule(
    name="one open request",
    safe=Safe.OUTPUTS,
    sentence="A person has one open request in a project at a time.",
    source="release review",
)


def problems_before_submission(
    request: ReleaseRequest, *, members: Collection[PersonId] = ()
) -> Decision:
    """Refuse for everything that the author's side must still do.

    members: everybody named on the project; their comments are answers, as are the author's.
    """
    written = has_output(request).also(is_described(request))
    return written.also(is_answered(request, members=members))


def problems_before_review(request: ReleaseRequest, reviewer: PersonId) -> Decision:
    """Refuse for every output without this checker's answer and every change unexplained."""
    return has_voted(request, reviewer).also(has_explained(request, reviewer))


def has_output(request: ReleaseRequest) -> Decision:
    """Ask for at least one file that would be released."""
    if outputs(request):
        return ALLOWED
    return HAS_OUTPUT.refuses("the request releases nothing yet. Add at least one output file.")


def is_described(request: ReleaseRequest) -> Decision:
    """Ask for context and controls of every group that holds files."""
    described = {group.name: group for group in request.groups}
    decision = ALLOWED
    for name in _groups_in_use(request):
        if missing := _missing_texts(described.get(name)):
            decision = decision.also(
                CONTEXT.refuses(f"the group “{name}” lacks {' and '.join(missing)}. Write it.")
            )
    return decision


def is_answered(request: ReleaseRequest, *, members: Collection[PersonId] = ()) -> Decision:
    """Ask a returned request for an answer in every group with changes requested.

    An answer is a public comment of the author's side in this turn.
    """
    if request.state is not State.RETURNED:
        return ALLOWED
    answered = {
        comment.group
        for comment in _comments_of_turn(request)
        if comment.author in {request.author, *members}
        and comment.audience is CommentAudience.PUBLIC
    }
    decision = ALLOWED
    for name in sorted(_groups_with_changes(request) - answered):
        decision = decision.also(
            ANSWERS.refuses(
                f"changes were requested in the group “{name}”. Answer with a comment on it: "
                "what you changed, or why not."
            )
        )
    return decision


def has_voted(request: ReleaseRequest, reviewer: PersonId) -> Decision:
    """Ask a checker for an answer on every output, and for one review a turn."""
    if reviewer in reviewers_of_turn(request, request.turn):
        return ALL_VOTED.refuses(
            "you have submitted your review of this turn. You can still change a vote or comment."
        )
    votes = [vote for vote in votes_in_force(request) if vote.reviewer == reviewer]
    answered = {vote.file_id for vote in votes if vote.choice is not VoteChoice.UNDECIDED}
    decision = ALLOWED
    for file in outputs(request):
        if file.id not in answered:
            decision = decision.also(
                ALL_VOTED.refuses(
                    f"you have not answered on “{file.name}”. Approve it or request changes."
                )
            )
    return decision


def has_explained(request: ReleaseRequest, reviewer: PersonId) -> Decision:
    """Ask a checker for a comment in every group in which they request changes."""
    explained = {c.group for c in _comments_of_turn(request) if c.author == reviewer}
    decision = ALLOWED
    for name in sorted(_groups_with_changes(request, reviewer) - explained):
        decision = decision.also(
            EXPLAINED.refuses(
                f"you request changes in the group “{name}”. Say which in a comment on it."
            )
        )
    return decision


def is_readable_for_the_author(
    request: ReleaseRequest, *, members: Collection[PersonId] = ()
) -> Decision:
    """Ask a return without a reason for a checker's public comment of this turn.

    members: everybody named on the project; what they wrote themselves tells them nothing.
    """
    said = [c for c in _comments_of_turn(request) if c.author not in {request.author, *members}]
    if any(comment.audience is CommentAudience.PUBLIC for comment in said):
        return ALLOWED
    if said:
        return RETURNED_WITH_WORDS.refuses(
            "the author could read nothing of it: every comment of this turn is for checkers "
            "alone. Publish one of yours, or write a reason."
        )
    return RETURNED_WITH_WORDS.refuses(
        "the author would read nothing. Write what to change, as a reason or a public comment."
    )


def says_something(text: str) -> bool:
    """Whether a text holds more than punctuation: at least FEWEST_LETTERS letters or digits."""
    return sum(character.isalnum() for character in text) >= FEWEST_LETTERS


def is_approved_by_two(request: ReleaseRequest, *, members: Collection[PersonId] = ()) -> Decision:
    """Ask every output for two approvals, no wish for changes, by people apart from the project.

    members: everybody named on the project: a checker who joined it has no vote any more.
    """
    if not outputs(request):
        return TWO_APPROVALS.refuses("the request has no output to release. Return it.")
    votes = votes_in_force(request, without={request.author, *members})
    decision = ALLOWED
    for file in outputs(request):
        found = file_decision(file, votes)
        if found is not FileDecision.APPROVED:
            decision = decision.also(
                TWO_APPROVALS.refuses(
                    f"“{file.name}” stands at “{found}”: it needs the approval of "
                    f"{CHECKERS_NEEDED} checkers who are not on the project, and no wish for "
                    "changes. Talk it over and change a vote, or return the request."
                )
            )
    return decision


def problems_before_another(requests: Collection[ReleaseRequest]) -> Decision:
    """Refuse a second open request of one person in one project.

    requests: all requests of that person in that project; closed ones are passed over.
    """
    for request in requests:
        if is_open(request):
            return ONE_AT_A_TIME.refuses(
                f"your request {request.id} in this project is still {request.state}. "
                + (
                    "Add the files to it, or withdraw it."
                    if OWNERS[request.state] is Owner.AUTHOR
                    else "Wait until it is answered: only a request that is back with you can be "
                    "changed or withdrawn."
                )
            )
    return ALLOWED


def _missing_texts(group: Group | None) -> list[str]:
    """Name what the author has not written about a group."""
    asked = {
        "context (what it is, of which population and variables)": group.context if group else "",
        "controls (what was done about disclosure)": group.controls if group else "",
    }
    return [what for what, text in asked.items() if not text.strip()]


def _groups_in_use(request: ReleaseRequest) -> list[str]:
    """List the groups that hold files, in the order of their first file."""
    held = [file.group for file in request.files if file.kind is not FileKind.WITHDRAWN]
    return list(dict.fromkeys(held))


def _groups_with_changes(request: ReleaseRequest, reviewer: PersonId | None = None) -> set[str]:
    """Name the groups in which changes are requested in this turn, by anybody or one checker.

    A file that was withdrawn or replaced since still counts: the request wants an answer.
    """
    groups = {file.id: file.group for file in request.files}
    return {
        groups[vote.file_id]
        for vote in request.votes
        if vote.choice is VoteChoice.CHANGES_REQUESTED
        and vote.turn == request.turn
        and vote.file_id in groups
        and reviewer in {None, vote.reviewer}
    }


def _comments_of_turn(request: ReleaseRequest) -> list[Comment]:
    """List the comments of this turn that say something."""
    return [c for c in request.comments if c.turn == request.turn and says_something(c.text)]
