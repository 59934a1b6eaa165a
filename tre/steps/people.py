"""Look people up."""

from tre.five_safes import Subject
from tre.safe_people.person import Person
from tre.steps.acting import acting, known_person
from tre.steps.tre import Tre
from tre.store.people import read_people
from tre.vocabulary import Action, PersonId


def load_person(tre: Tre, person: PersonId) -> Person:
    """Give what is known about a person, for the environment's own use: nothing is decided.

    Raises NotThereError where nobody has that name.
    """
    with tre.store.reading() as connection:
        return known_person(connection, person)


def people(tre: Tre, actor: PersonId) -> tuple[Person, ...]:
    """List everybody, by sign-in name, to those who look after people."""
    with acting(tre, actor, Action.VIEW_PERSON) as act:
        act.require(Subject())
        found = tuple(read_people(act.connection).values())
        act.record({"people": len(found)})
    return found
