"""Look at everything that is known about somebody, as those who look after people see it."""

from tre.five_safes import Subject
from tre.steps.acting import acting, known_person
from tre.steps.my_page import MyPage, page_of
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId


def view_person(tre: Tre, actor: PersonId, person: PersonId) -> MyPage:
    """Give somebody's page to the TRE manager, the auditor, or themselves; the ledger knows."""
    with acting(tre, actor, Action.VIEW_PERSON) as act:
        act.require(Subject(person=person))
        known_person(act.connection, person)
        act.record(person=person)
    return page_of(tre, person)
