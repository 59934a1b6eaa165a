"""Lift a sanction before its end, with a reason; those it was on are told."""

from tre.decision import NotThereError, OvertakenError, RefusedError
from tre.five_safes import Subject
from tre.safe_people.account import is_about_another
from tre.safe_people.sanctions import reached_by
from tre.steps.acting import Act, acting
from tre.steps.telling import News, tell
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.store.people import KeptSanction, lift, read_people, read_sanctions
from tre.vocabulary import Action, PersonId


def lift_sanction(tre: Tre, actor: PersonId, number: int, reason: str) -> None:
    """Lift a sanction from today on. Nobody lifts one on themselves or their own organisation.

    Raises NotThereError where there is none of that number, OvertakenError where it was lifted.
    """
    reason = usable_text(reason, what="reason")
    with acting(tre, actor, Action.LIFT_SANCTION) as act:
        act.require(Subject())
        kept = _known(act, number)
        _refuse_own(act, kept)
        done = lift(act.connection, number, on=act.at.date(), by=actor, because=reason)
        if not done:
            message = "this sanction was lifted already"
            raise OvertakenError(message)
        act.record({"sanction": number, "organisation": kept.organisation}, person=kept.person)
        people = read_people(act.connection)
        reached = reached_by(
            list(people.values()), person=kept.person, organisation=kept.organisation
        )
        for person in reached.barred:
            tell(act.tre, act.connection, person, _NEWS)


def sanctions(tre: Tre, actor: PersonId) -> tuple[KeptSanction, ...]:
    """List every sanction that there ever was, to those who look after people."""
    with acting(tre, actor, Action.VIEW_PERSON) as act:
        act.require(Subject())
        found = read_sanctions(act.connection)
        act.record({"sanctions": len(found)})
    return found


_NEWS = News(
    title="A sanction was lifted",
    text="A sanction that barred you is lifted. Your page says what you may do today.",
    path="/me",
)


def _known(act: Act, number: int) -> KeptSanction:
    for each in read_sanctions(act.connection):
        if each.sanction.number == number:
            return each
    message = f"there is no sanction {number}"
    raise NotThereError(message)


def _refuse_own(act: Act, kept: KeptSanction) -> None:
    is_own = kept.person == act.actor.id or kept.organisation == act.actor.organisation
    if is_own:
        raise RefusedError(is_about_another(act.actor, act.actor.id))
