"""Who counts as a researcher on a day: ONS accreditation, supervision, training, declaration."""

from collections.abc import Collection
from datetime import date

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_people.declarations import has_declared
from tre.safe_people.person import Accreditation, AccreditationLevel, Person
from tre.safe_people.roles import has_role
from tre.safe_people.sanctions import is_free_of_sanctions
from tre.safe_people.years import last_day_of
from tre.vocabulary import PersonId, Role, Safe

LONGEST_YEARS = {AccreditationLevel.FULL: 5, AccreditationLevel.PROVISIONAL: 3}
"""How long an accreditation can last, whatever end was written down (ONS)."""

TRAINING_YEARS = 5
"""How long Safe Researcher Training counts, with an accreditation of the same length (ONS)."""

ACCREDITATION = Rule(
    name="accreditation",
    safe=Safe.PEOPLE,
    sentence="The researcher holds ONS accreditation, full (5 years at most) or provisional "
    "(3 years at most), that is valid on the day.",
    source="ONS, Digital Economy Act 2017",
)
SUPERVISION = Rule(
    name="supervision",
    safe=Safe.PEOPLE,
    sentence="A provisional researcher has a supervisor who is a full accredited researcher of "
    "the same organisation, named on the same project, all on the day.",
    source="ONS, Digital Economy Act 2017",
)
TRAINING = Rule(
    name="training",
    safe=Safe.PEOPLE,
    sentence="Safe Researcher Training was passed and is in date.",
    source="ONS, Safe Researcher Training",
)


def accreditation_on(person: Person, on: date) -> Accreditation | None:
    """Give the accreditation that counts on a day: the one held, or from its first day the next."""
    after = person.accreditation_after
    return after if after is not None and on >= after.since else person.accreditation


def is_accredited(person: Person, on: date) -> Decision:
    """Ask for an accreditation, of either level, that is valid on the day."""
    held = accreditation_on(person, on)
    if held is None:
        return ACCREDITATION.refuses(
            "you have no ONS accreditation. Apply for it, as a full or provisional accredited "
            "researcher, on your own page at the desk."
        )
    if on < held.since:
        return ACCREDITATION.refuses(
            f"your {held.level} accreditation begins on {held.since:%d %B %Y}. Come back then."
        )
    if on > last_day(held):
        return ACCREDITATION.refuses(
            f"your {held.level} accreditation ended on {last_day(held):%d %B %Y}. Apply "
            "for it anew on your own page at the desk."
        )
    return ALLOWED


def last_day(held: Accreditation) -> date:
    """Give the last day of an accreditation: the end written down, or the longest allowed."""
    return min(held.until, last_day_of(held.since, LONGEST_YEARS[held.level]))


def is_supervised(
    person: Person, on: date, *, supervisor: Person | None, members: Collection[PersonId]
) -> Decision:
    """Ask a provisional researcher for a supervisor who may vouch for them on the day.

    supervisor: the person whom `person.supervisor` names; None where not known, which refuses.
    members: who is named on the project on that day.
    Somebody who is not provisional needs nobody, and nobody supervises themselves. The
    supervisor's own affairs are not told.
    """
    if not is_provisional(person, on):
        return ALLOWED
    is_named = supervisor is not None and supervisor.id == person.supervisor
    if supervisor is None or not is_named or supervisor.id == person.id:
        return SUPERVISION.refuses(
            "a provisional researcher works under a supervisor, and none is recorded for you. "
            "Name a full accredited researcher of your organisation who is on this project, on "
            "your own page at the desk; they confirm it on theirs."
        )
    if supervisor.organisation != person.organisation:
        return SUPERVISION.refuses(
            f"your supervisor, {supervisor.name}, is not of your organisation. Ask a full "
            f"accredited researcher of {person.organisation} who is on this project."
        )
    if supervisor.id not in members:
        return SUPERVISION.refuses(
            f"your supervisor, {supervisor.name}, is not named on this project today. Ask the "
            "project's lead to have them named, or find another supervisor who is."
        )
    if not may_vouch(supervisor, on):
        return SUPERVISION.refuses(
            f"your supervisor, {supervisor.name}, may not supervise today. Ask them to look at "
            "their own page, or find another supervisor."
        )
    return ALLOWED


def is_trained(person: Person, on: date) -> Decision:
    """Ask for Safe Researcher Training that was passed by the day and has not run out."""
    if person.training_passed is None or person.training_until is None:
        return TRAINING.refuses(
            "you have not passed Safe Researcher Training. Book a place with the ONS, then ask "
            "the TRE manager to record the day on which you passed."
        )
    if on < person.training_passed:
        return TRAINING.refuses(
            f"your Safe Researcher Training counts from {person.training_passed:%d %B %Y}. "
            "Come back then."
        )
    if on > person.training_until:
        return TRAINING.refuses(
            f"your Safe Researcher Training ran out on {person.training_until:%d %B %Y}. Take "
            "it again, then ask the TRE manager to record it."
        )
    return ALLOWED


def is_provisional(person: Person, on: date) -> bool:
    """Whether the accreditation that counts on a day is a provisional one."""
    held = accreditation_on(person, on)
    return held is not None and held.level is AccreditationLevel.PROVISIONAL


def may_vouch(supervisor: Person, on: date) -> bool:
    """Whether this is a full accredited researcher on the day, with all that makes one."""
    asked = (
        has_role(supervisor, {Role.RESEARCHER}),
        is_accredited(supervisor, on),
        is_trained(supervisor, on),
        has_declared(supervisor, on),
        is_free_of_sanctions(supervisor, on),
    )
    return not is_provisional(supervisor, on) and all(decision.allowed for decision in asked)
