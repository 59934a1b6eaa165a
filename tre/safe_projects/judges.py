"""Who has judged a project, and therefore is not on it; and who a change must not be decided by."""

from collections.abc import Collection, Iterable

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_projects.application import Application
from tre.safe_projects.changes import Change
from tre.vocabulary import PersonId, Safe

JUDGES_APART = Rule(
    name="judges apart",
    safe=Safe.PROJECTS,
    sentence="Nobody is on a project who has advised on it, decided on its data, voted on it, or "
    "answered a change to it.",
    source="separation of duties",
)
NOT_ABOUT_ONESELF = Rule(
    name="not about oneself",
    safe=Safe.PROJECTS,
    sentence="Nobody answers a change that would put them on the project, or take them off it.",
    source="separation of duties",
)


def judges(application: Application | None, changes: Iterable[Change] = ()) -> frozenset[PersonId]:
    """Name everybody who has judged a project, in whatever round, or answered a change to it."""
    found = {word.person for change in changes for word in change.words}
    if application is not None:
        found |= {said.person for said in application.advice}
        found |= {said.person for said in application.decisions}
        found |= {said.person for said in application.votes}
    return frozenset(found)


def are_apart(named: Collection[PersonId], judged: Collection[PersonId]) -> Decision:
    """Refuse once for each person who would be on what they have judged.

    named: who is, or would be, on the project. judged: as `judges` gives them.
    """
    decision = ALLOWED
    for person in sorted(set(named) & set(judged)):
        decision = decision.also(
            JUDGES_APART.refuses(
                f"{person} has judged this project, and cannot be on it as well. Leave them out."
            )
        )
    return decision


def is_about_another(change: Change, person: PersonId) -> Decision:
    """Keep somebody from answering a change that is about themselves."""
    if change.member != person:
        return ALLOWED
    return NOT_ABOUT_ONESELF.refuses(
        "this change is about yourself. Leave it to another member of the panel."
    )
