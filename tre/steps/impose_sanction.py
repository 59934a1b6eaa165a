"""Impose a sanction on a person or on everybody of an organisation; those it reaches are told."""

from datetime import date

from tre.decision import NotThereError, UnusableRequestError
from tre.five_safes import Subject
from tre.safe_people.person import Sanction
from tre.steps.acting import Act, acting, known_person
from tre.steps.sanction_cascade import Cascade, cascade_of
from tre.steps.telling import News, tell
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
) -> Cascade:
    """Ban a person or an organisation from today to a day included, or until lifted (None).

    Gives what it stops. Those who are barred, and those who lose their supervisor, are told. The
    ledger says that there was a sanction, not why. Raises UnusableRequestError unless exactly one
    of person and organisation is named, or where the day has passed.
    """
    reason = usable_text(reason, what="reason")
    with acting(tre, actor, Action.IMPOSE_SANCTION) as act:
        act.require(Subject(person=person))
        _refuse_unusable(act, until, person=person, organisation=organisation)
        sanction = Sanction(
            on_organisation=organisation is not None,
            since=act.at.date(),
            until=until,
            reason=reason,
        )
        stopped = cascade_of(
            tre, act.connection, sanction, person=person, organisation=organisation
        )
        write_sanction(act.connection, sanction, person=person, organisation=organisation)
        details = {
            "until": until.isoformat() if until else None,
            "organisation": organisation,
            "people": len(stopped.barred),
            "without_supervisor": len(stopped.without_supervisor),
            "sessions": len(stopped.sessions),
            "requests": list(stopped.requests),
        }
        act.record(details, person=person)
        _tell(act, sanction, stopped)
    return stopped


def foresee_sanction(
    tre: Tre,
    actor: PersonId,
    *,
    until: date | None,
    person: PersonId | None = None,
    organisation: str | None = None,
) -> Cascade:
    """Say what a sanction would stop, without imposing it; the ledger has that it was asked."""
    with acting(tre, actor, Action.IMPOSE_SANCTION) as act:
        act.require(Subject(person=person))
        _refuse_unusable(act, until, person=person, organisation=organisation)
        sanction = Sanction(
            on_organisation=organisation is not None,
            since=act.at.date(),
            until=until,
            reason="",
        )
        act.record({"organisation": organisation}, tag=FORESEEN, person=person)
        return cascade_of(tre, act.connection, sanction, person=person, organisation=organisation)


FORESEEN = "people:sanction:foresee"


def _refuse_unusable(
    act: Act, until: date | None, *, person: PersonId | None, organisation: str | None
) -> None:
    if (person is None) == (organisation is None):
        message = "a sanction is on one person or on one organisation: name exactly one"
        raise UnusableRequestError(message)
    if until is not None and until < act.at.date():
        message = f"the sanction would have ended on {until:%d %B %Y}; name a day to come"
        raise UnusableRequestError(message)
    if person is not None:
        known_person(act.connection, person)
    elif organisation is not None and not has_organisation(act.connection, organisation):
        message = f"nobody here belongs to {organisation[:60]!r}"
        raise NotThereError(message)


def _tell(act: Act, sanction: Sanction, stopped: Cascade) -> None:
    """Tell each what concerns them: not the reason by mail, and nobody another's affairs."""
    until = f"until {sanction.until:%d %B %Y}" if sanction.until else "until it is lifted"
    whom = "Your organisation is" if sanction.on_organisation else "You are"
    barred = News(
        title=f"{whom} barred",
        text=f"{whom} barred {until}. Sessions end within a minute and open requests are frozen. "
        "Your page says more.",
        path="/me",
    )
    without = News(
        title="You need another supervisor",
        text="Your supervisor may not supervise for now, so you cannot work on real projects as a "
        "provisional researcher. Name another supervisor, who confirms it.",
        path="/me/supervisor",
    )
    for person in stopped.barred:
        tell(act.tre, act.connection, person.id, barred)
    for person in stopped.without_supervisor:
        tell(act.tre, act.connection, person.id, without)
