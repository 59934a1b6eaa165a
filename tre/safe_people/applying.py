"""What an application for accreditation must hold, when one may be made, and what it gives."""

from datetime import date, timedelta

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_people.accreditation import LONGEST_YEARS, TRAINING_YEARS, accreditation_on, last_day
from tre.safe_people.applications import Basis, Evidence
from tre.safe_people.declarations import declaration_on
from tre.safe_people.person import Accreditation, AccreditationLevel, Person
from tre.safe_people.years import last_day_of
from tre.vocabulary import Safe

RENEWAL_DAYS = 60
"""How long before its end an accreditation can be renewed."""

LEAST_QUANTITATIVE_MONTHS = 36

QUALIFICATION = Rule(
    name="qualification",
    safe=Safe.PEOPLE,
    sentence="A full accredited researcher has a degree with substantial mathematics or "
    "statistics, or three years of quantitative research.",
    source="ONS, Digital Economy Act 2017",
)
COMPLETE = Rule(
    name="application complete",
    safe=Safe.PEOPLE,
    sentence="An application tells its evidence, names the certificate of Safe Researcher "
    "Training, is signed with the applicant's own name, and names a supervisor if provisional.",
    source="ONS, accredited researcher application",
)
CONFIRMED = Rule(
    name="supervision confirmed",
    safe=Safe.PEOPLE,
    sentence="The supervisor whom a provisional researcher names has confirmed it.",
    source="ONS, Digital Economy Act 2017",
)
RENEWAL = Rule(
    name="renewal",
    safe=Safe.PEOPLE,
    sentence=f"An accreditation is renewed from {RENEWAL_DAYS} days before its end; the new "
    "period begins on the day after the old one ends.",
    source="access rules; ONS",
)
REASONED = Rule(
    name="reason given",
    safe=Safe.PEOPLE,
    sentence="Who returns or refuses an application says why.",
    source="access rules",
)


def may_apply(person: Person, level: AccreditationLevel, on: date) -> Decision:
    """Refuse an application that would give what is held already, or too early a renewal."""
    held = accreditation_on(person, on)
    if held is None or on > last_day(held):
        return ALLOWED
    if level is AccreditationLevel.FULL and held.level is AccreditationLevel.PROVISIONAL:
        return ALLOWED
    if level is not held.level:
        return RENEWAL.refuses(
            f"you hold full accreditation until {last_day(held):%d %B %Y}, which is more than a "
            "provisional one."
        )
    if person.accreditation_after is not None and person.accreditation_after.since > on:
        return RENEWAL.refuses(
            "your accreditation is renewed already, until "
            f"{last_day(person.accreditation_after):%d %B %Y}."
        )
    opens = last_day(held) - timedelta(days=RENEWAL_DAYS)
    if on < opens:
        return RENEWAL.refuses(
            f"your {held.level} accreditation lasts until {last_day(held):%d %B %Y}, and can be "
            f"renewed from {opens:%d %B %Y}. Come back then."
        )
    return ALLOWED


def is_complete(person: Person, told: Evidence, on: date) -> Decision:
    """Ask an application for everything that a decision needs; every gap is named."""
    return (
        _is_qualified(told)
        .also(_is_trained(told, on))
        .also(_is_signed(person, told, on))
        .also(_names_supervisor(person, told))
    )


def granted_period(person: Person, level: AccreditationLevel, on: date) -> Accreditation:
    """Give the period that a grant on a day begins: at once, or after what is held of its level."""
    held = accreditation_on(person, on)
    since = on
    if held is not None and held.level is level and held.since <= on <= last_day(held):
        since = last_day(held) + timedelta(days=1)
    return Accreditation(level=level, since=since, until=last_day_of(since, LONGEST_YEARS[level]))


def is_confirmed(told: Evidence, *, confirmed: bool) -> Decision:
    """Ask for the supervisor's own word, where the application is for provisional accreditation."""
    if confirmed or told.level is AccreditationLevel.FULL:
        return ALLOWED
    return CONFIRMED.refuses(
        "the supervisor has not confirmed yet. They do it on their own page at the desk."
    )


def is_reasoned(reason: str) -> Decision:
    """Ask for a reason."""
    if reason.strip():
        return ALLOWED
    return REASONED.refuses("say why: the applicant reads it and mends what you name.")


def _is_qualified(told: Evidence) -> Decision:
    if told.level is AccreditationLevel.PROVISIONAL:
        return ALLOWED
    decision = ALLOWED
    if told.basis is Basis.NONE_YET:
        return QUALIFICATION.refuses(
            "without a degree or experience you can apply as a provisional researcher. Choose "
            "that level, or say which of the two you have."
        )
    months = told.quantitative_months or 0
    if told.basis is Basis.EXPERIENCE and months < LEAST_QUANTITATIVE_MONTHS:
        decision = decision.also(
            QUALIFICATION.refuses(
                f"three years ({LEAST_QUANTITATIVE_MONTHS} months) of quantitative research are "
                f"needed, and you told {months} months. Apply as a provisional researcher until "
                "then."
            )
        )
    if not told.qualification.strip():
        wanted = {
            Basis.DEGREE: "which degree, of which university and year, and its mathematics",
            Basis.EXPERIENCE: "which posts, from when to when, and the methods you used",
        }[told.basis]
        decision = decision.also(QUALIFICATION.refuses(f"the evidence is missing: {wanted}."))
    return decision


def _is_trained(told: Evidence, on: date) -> Decision:
    if told.training_passed is None or not told.training_certificate.strip():
        return COMPLETE.refuses(
            "say on which day you passed Safe Researcher Training, and the certificate's number."
        )
    if told.training_passed > on:
        return COMPLETE.refuses("the day on which you passed the training has not come yet.")
    if on > last_day_of(told.training_passed, TRAINING_YEARS):
        return COMPLETE.refuses(
            f"the training of {told.training_passed:%d %B %Y} counted for {TRAINING_YEARS} years. "
            "Take it again first."
        )
    return ALLOWED


def _is_signed(person: Person, told: Evidence, on: date) -> Decision:
    if not is_own_name(person, told.declared_as):
        return COMPLETE.refuses(
            f"sign the declaration with your own name as it is recorded here: {person.name}."
        )
    needed = declaration_on(on).version
    if told.declaration_version != needed:
        return COMPLETE.refuses(
            f"the declaration is needed in version {needed}. Read it again and sign it."
        )
    return ALLOWED


def is_own_name(person: Person, signed: str) -> bool:
    """Whether a signature is the person's name, apart from capitals and spaces."""
    return " ".join(signed.split()).casefold() == " ".join(person.name.split()).casefold()


def _names_supervisor(person: Person, told: Evidence) -> Decision:
    if told.level is AccreditationLevel.FULL:
        return ALLOWED
    if not told.supervisor or not told.project:
        return COMPLETE.refuses(
            "name your supervisor, a full accredited researcher of your organisation, and the "
            "project on which you work together."
        )
    if told.supervisor == person.id:
        return COMPLETE.refuses("nobody supervises themselves. Name somebody else.")
    return ALLOWED
