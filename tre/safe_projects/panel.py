"""The panel: three members, one of them independent, who vote by correspondence and blind."""

from collections.abc import Collection

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_projects.application import Application, Choice, PanelVote
from tre.safe_projects.lifecycle import Event
from tre.safe_projects.owners import standing_grant
from tre.vocabulary import PersonId, Safe

SEATS = 3
"""How many members decide."""

INDEPENDENT_SEATS = 1
"""How many of them, at the least, are independent of the project."""

CRITERIA = {
    "public-benefit": "The project is for the public's benefit.",
    "merit": "Its questions and methods have analytical merit.",
    "feasible": "It can be done with the data, the people and the time that it names.",
    "privacy": "What it means for people's privacy is answered for.",
    "ethics": "It has come through a formal ethics review.",
}
"""What every member looks at. Source: UK Statistics Authority, Research Accreditation Panel."""

SEAT = Rule(
    name="seat on the panel",
    safe=Safe.PROJECTS,
    sentence=f"A project is decided by {SEATS} members of the panel, at least "
    f"{INDEPENDENT_SEATS} of them independent: of another organisation than its lead and than "
    "every controller of its data. Each votes once a round.",
    source="ONS, UK Statistics Authority; access rules",
)
NO_INTEREST = Rule(
    name="no common organisation",
    safe=Safe.PROJECTS,
    sentence="Nobody of the lead's own organisation sits on the panel that decides about it.",
    source="separation of duties",
)
REASONED = Rule(
    name="vote reasoned",
    safe=Safe.PROJECTS,
    sentence="A vote gives its reasons; one that approves finds every criterion met.",
    source="UK Statistics Authority, Research Accreditation Panel",
)


def is_independent(organisation: str, leads: str, controllers: Collection[str]) -> bool:
    """Whether a member's organisation has no part in the project: neither its lead nor its data."""
    return organisation != leads and organisation not in controllers


def has_no_interest(organisation: str, leads: str) -> Decision:
    """Keep the lead's colleagues from deciding about the project."""
    if organisation != leads:
        return ALLOWED
    return NO_INTEREST.refuses(
        f"you and the project's lead are both of {leads}, so that you have an interest in it. "
        "Leave it to the other members of the panel."
    )


def may_take_seat(person: PersonId, votes: Collection[PanelVote], *, independent: bool) -> Decision:
    """Ask for a seat that is free, and for no vote of the person's own; one seat is reserved.

    votes: of the present round. independent: whether the person is independent of the project.
    """
    if any(vote.person == person for vote in votes):
        return SEAT.refuses("you have voted on it in this round. Wait for the other members.")
    free = SEATS - len(votes)
    if free <= 0:
        return SEAT.refuses("the panel of this project is complete. Nothing is left to vote on.")
    reserved = INDEPENDENT_SEATS - sum(vote.independent for vote in votes)
    if not independent and free <= max(0, reserved):
        return SEAT.refuses(
            "the last seat is for an independent member, whose organisation is neither the lead's "
            "nor a controller of the data. Leave it to them."
        )
    return ALLOWED


def is_reasoned(choice: Choice, reasons: str, criteria: Collection[str]) -> Decision:
    """Ask for reasons, and of a vote that approves for every criterion."""
    decision = ALLOWED
    if not reasons.strip():
        decision = REASONED.refuses("say why you vote so; the lead reads it once all have voted.")
    unknown = sorted(set(criteria) - set(CRITERIA))
    if unknown:
        decision = decision.also(REASONED.refuses(f"{unknown[0][:40]!r} is no criterion."))
    unmet = [sentence for name, sentence in CRITERIA.items() if name not in criteria]
    if choice is Choice.APPROVE and unmet:
        decision = decision.also(
            REASONED.refuses(
                f"you approve, and have not found this met: {' '.join(unmet)} Ask first, or "
                "refuse, if it is not."
            )
        )
    return decision


def outcome(votes: Collection[PanelVote]) -> Event | None:
    """What the votes of a round come to; None while a seat is empty.

    All approve: accredited. Most refuse: refused. Anything between: returned with questions. The
    UK Statistics Authority's panel decides in agreement, and takes up in a meeting what is
    contested by correspondence; so one member who is not content is enough to ask again, and one
    alone is not enough to refuse.
    """
    if len(votes) < SEATS:
        return None
    choices = [vote.choice for vote in votes]
    if all(choice is Choice.APPROVE for choice in choices):
        return Event.ACCREDIT
    if 2 * choices.count(Choice.REFUSE) > len(choices):
        return Event.REFUSE
    return Event.RETURN


def visible_votes(
    application: Application, viewer: PersonId, *, decided: bool
) -> tuple[PanelVote, ...]:
    """The votes that somebody may see: all of a round that is decided, else their own alone.

    decided: whether the present round is over, that is, the project is with its panel no more.
    """
    return tuple(
        vote
        for vote in application.votes
        if decided or vote.round != application.round or vote.person == viewer
    )


def conditions(application: Application) -> tuple[str, ...]:
    """What the project must keep to: its owners' conditions, then those of the deciding votes."""
    found: list[str] = []
    for asked in application.asked:
        decision = standing_grant(application, asked)
        found += decision.conditions if decision else ()
    votes = application.votes_now()
    if outcome(votes) is Event.ACCREDIT:
        found += [condition for vote in votes for condition in vote.conditions]
    return tuple(dict.fromkeys(found))
