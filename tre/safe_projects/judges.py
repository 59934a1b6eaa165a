"""Who has judged a project, and therefore is not on it; and who a change must not be decided by."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

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
ONE_VOICE = Rule(
    name="one voice each",
    safe=Safe.PROJECTS,
    sentence="The lay group's advice, the data owners' word and the panel's vote come from "
    "different people: whoever has spoken about a project as one of them does not speak about it "
    "as another.",
    source="access rules: three safeguards of a project; separation of duties",
)


class Voice(StrEnum):
    """As what somebody judges a project."""

    LAY = "for the lay group"
    OWNER = "as a data owner"
    PANEL = "on the panel"


def voices(
    application: Application | None, change: Change | None = None
) -> dict[Voice, frozenset[PersonId]]:
    """Name who has spoken about a project as what, in whatever round.

    change: the one in question; what was said of it before its panel's chair, its owner said.
    """
    said = application or Application(project="")
    words = change.words if change is not None else ()
    return {
        Voice.LAY: frozenset(one.person for one in said.advice),
        Voice.OWNER: frozenset(one.person for one in (*said.decisions, *words)),
        Voice.PANEL: frozenset(one.person for one in said.votes),
    }


def speaks_with_one_voice(
    spoken: Mapping[Voice, Collection[PersonId]], person: PersonId, voice: Voice
) -> Decision:
    """Keep who has judged a project as one thing from judging it as another.

    A member of the panel who has advised on it would sit over their own advice, which the others
    know, while votes are blind; and a project would be looked at by fewer people than it should.
    """
    decision = ALLOWED
    for other in Voice:
        if other is not voice and person in spoken.get(other, ()):
            decision = decision.also(
                ONE_VOICE.refuses(
                    f"you have spoken about this project {other}, and cannot speak {voice} as "
                    "well. Leave it to somebody else."
                )
            )
    return decision


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
