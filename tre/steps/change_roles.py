"""Give somebody roles, or take them away."""

from collections.abc import Collection
from dataclasses import replace

from tre.five_safes import Subject
from tre.safe_people.roles import are_compatible
from tre.steps.acting import acting, known_person
from tre.steps.telling import News, tell
from tre.steps.tre import Tre
from tre.store.people import write_person
from tre.vocabulary import Action, PersonId, Role


def change_roles(tre: Tre, actor: PersonId, person: PersonId, roles: Collection[Role]) -> None:
    """Let somebody have exactly these roles; they are told.

    Raises RefusedError for one's own roles, and for two that watch each other.
    """
    wanted = frozenset(roles)
    with acting(tre, actor, Action.CHANGE_ROLES) as act:
        act.require(Subject(person=person), are_compatible(wanted))
        found = known_person(act.connection, person)
        if wanted == found.roles:
            return
        write_person(act.connection, replace(found, roles=wanted))
        given = sorted(str(role) for role in wanted - found.roles)
        taken = sorted(str(role) for role in found.roles - wanted)
        act.record({"given": given, "taken": taken}, person=person)
        now = ", ".join(sorted(str(role) for role in wanted)) or "none"
        news = News(title="Your roles have changed", text=f"Your roles are now: {now}.", path="/me")
        tell(act.tre, act.connection, person, news)
