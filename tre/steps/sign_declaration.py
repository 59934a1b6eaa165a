"""Sign the researcher's declaration in its newest version, with one's own name."""

from dataclasses import replace

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.safe_people.applying import is_own_name
from tre.safe_people.declarations import DECLARATION, DECLARATIONS
from tre.steps.acting import acting
from tre.steps.tre import Tre
from tre.store.people import write_person
from tre.vocabulary import Action, PersonId


def sign_declaration(tre: Tre, actor: PersonId, version: str, signed_as: str) -> None:
    """Sign; the version is the one that was read, so that nobody signs what they have not seen.

    Raises RefusedError unless it is signed with one's own name, UnusableRequestError for a
    version that is not the newest.
    """
    newest = DECLARATIONS[-1].version
    if version != newest:
        message = f"version {version[:40]!r} is not the newest one; read version {newest}"
        raise UnusableRequestError(message)
    with acting(tre, actor, Action.SIGN_DECLARATION) as act:
        unsigned = DECLARATION.refuses(
            f"sign with your own name as it is recorded here: {act.actor.name}."
        )
        own = () if is_own_name(act.actor, signed_as) else (unsigned,)
        act.require(Subject(person=actor), *own)
        write_person(act.connection, replace(act.actor, declaration_version=version))
        act.record({"version": version})
