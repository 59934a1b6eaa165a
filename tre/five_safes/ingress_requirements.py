"""The rules about code that people bring in, as requirements that can be asked of a question."""

from dataclasses import replace

from tre.decision import Decision
from tre.five_safes.question import (
    KNOWN,
    MissingFactError,
    Only,
    Question,
    Requirement,
    every_reason,
)
from tre.five_safes.requirements import EVERYBODY, NOT_A_MEMBER, RESEARCHER_TODAY, a
from tre.safe_people.person import Person
from tre.safe_projects.membership import everybody_named
from tre.safe_settings.ingress import request as rules
from tre.vocabulary import Role


def _is_on_bringers_side(q: Question) -> bool:
    return q.actor.id in everybody_named(q.project) or q.actor.id == q.ingress.author


def _bringer(q: Question) -> Person:
    author = q.ingress.author
    if author == q.actor.id:
        return q.actor
    if author not in q.subject.people:
        raise MissingFactError(KNOWN.refuses("who brings the files is not known any more."))
    return q.subject.people[author]


def _has_no_link(q: Question) -> Decision:
    bringer = _bringer(q)
    return rules.has_no_link(
        checker=q.actor.id,
        checkers_supervisor=q.actor.supervisor,
        author=bringer.id,
        authors_supervisor=bringer.supervisor,
    )


def _is_in_standing(q: Question) -> Decision:
    known = {**q.subject.people, q.actor.id: q.actor}
    subject = replace(q.subject, people=known)
    as_bringer = Question(actor=_bringer(q), subject=subject, on=q.on)
    return rules.bringer_is_in_standing(every_reason(RESEARCHER_TODAY, as_bringer))


BRINGERS_SIDE = Only(words="people of the project", holds=_is_on_bringers_side)
NOT_BRINGERS_SIDE = Only(words="everybody else", holds=lambda q: not _is_on_bringers_side(q))

STILL_WAITING = Requirement(rule=rules.WAITING, check=lambda q: rules.is_waiting(q.ingress))
IN_STANDING = Requirement(rule=rules.BRINGER_IN_STANDING, check=_is_in_standing)
DECIDES_ABOUT_CODE = (
    *EVERYBODY,
    a(Role.OUTPUT_CHECKER),
    Requirement(
        rule=rules.NOT_WHO_BRINGS, check=lambda q: rules.is_not_who_brings(q.ingress, q.actor.id)
    ),
    NOT_A_MEMBER,
    Requirement(rule=rules.NO_LINK_TO_WHO_BRINGS, check=_has_no_link),
    STILL_WAITING,
)
