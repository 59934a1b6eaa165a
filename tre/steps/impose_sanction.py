"""Impose a sanction on a person or on everybody of an organisation."""

from datetime import date

from tre.decision import NotThereError, UnusableRequestError
from tre.five_safes import Subject
from tre.safe_people.person import Sanction
from tre.steps.acting import acting, known_person
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.store.people import has_organisation, write_sanction
from tre.vocabulary import Action, PersonId


def impose_sanction(
    tre: Tre,
    actor: PersonId,
    *,
    reason: str,
    until: date | None,
    person: PersonId | None = None,
    organisation: str | None = None,
) -> None:
    """Ban a person or an organisation from today to a day included, or until lifted (None).

    The ledger says that there was a sanction, not why. Raises UnusableRequestError unless exactly
    one of person and organisation is named, or where the day has passed.
    """
    reason = usable_text(reason, what="reason")
    today = tre.now().date()
    if (person is None) == (organisation is None):
        message = "a sanction is on one person or on one organisation: name exactly one"
        raise UnusableRequestError(message)
    if until is not None and until < today:
        message = f"the sanction would have ended on {until:%d %B %Y}; name a day to come"
        raise UnusableRequestError(message)
    with acting(tre, actor, Action.IMPOSE_SANCTION) as act:
        act.require(Subject(person=person))
        if person is not None:
            known_person(act.connection, person)
        elif organisation is not None and not has_organisation(act.connection, organisation):
            message = f"nobody here belongs to {organisation[:60]!r}"
            raise NotThereError(message)
        sanction = Sanction(
            on_organisation=organisation is not None, since=today, until=until, reason=reason
        )
        write_sanction(act.connection, sanction, person=person, organisation=organisation)
        details = {"until": until.isoformat() if until else None, "organisation": organisation}
        act.record(details, person=person)
