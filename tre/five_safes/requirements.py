"""Every rule of the Five Safes as a requirement that can be asked of a question."""

from dataclasses import replace

from tre.decision import Decision
from tre.five_safes.question import Only, Question, Requirement, every_reason
from tre.safe_outputs import completeness, reviewing
from tre.safe_outputs.release_request import State
from tre.safe_people import (
    account,
    accreditation,
    declarations,
    passports,
    roles,
    sanctions,
    system,
)
from tre.safe_projects import membership, places, standing
from tre.vocabulary import Role

ON_REAL_PROJECTS = Only(
    words="not on practice projects", holds=lambda question: not question.project.practice
)
ON_PRACTICE = Only(words="on practice projects", holds=lambda question: question.project.practice)
ON_A_PERSON = Only(
    words="on a person, and not on an organisation",
    holds=lambda question: question.subject.person is not None,
)
PEOPLE = Only(
    words="people, while the environment itself may do it to build its world",
    holds=lambda question: question.actor.id != system.SYSTEM_ID,
)
AUTHORS_SIDE = Only(
    words="people of the project", holds=lambda question: question.is_on_the_authors_side
)
OTHERS = Only(words="everybody else", holds=lambda question: not question.is_on_the_authors_side)
FOR_ANOTHER = Only(
    words="when somebody else than the author acts",
    holds=lambda question: question.actor.id != question.request.author,
)


def only(condition: Only, *requirements: Requirement) -> tuple[Requirement, ...]:
    """Ask requirements only where a condition holds, besides their own."""
    return tuple(
        Requirement(rule=each.rule, check=each.check, only=_both(condition, each.only))
        for each in requirements
    )


def _both(first: Only, second: Only | None) -> Only:
    if second is None:
        return first
    return Only(
        words=f"{first.words}, {second.words}",
        holds=lambda question: first.holds(question) and second.holds(question),
    )


def a(*wanted: Role) -> Requirement:
    """Ask the actor for one of the roles."""
    return Requirement(rule=roles.ROLE, check=lambda q: roles.has_role(q.actor, wanted))


def state(*wanted: State) -> Requirement:
    """Ask for a request in one of the states."""
    return Requirement(
        rule=reviewing.STATE, check=lambda q: reviewing.is_in_state(q.request, wanted)
    )


def part(*wanted: Role) -> Requirement:
    """Ask for a name on the project or one of the roles."""
    return Requirement(
        rule=membership.HAS_PART,
        check=lambda q: membership.has_part(
            q.project,
            q.actor.id,
            by_role=roles.has_role(q.actor, wanted).allowed,
            roles=wanted,
        ),
    )


def _may_research(q: Question) -> Decision:
    on_practice = (Role.RESEARCHER, Role.TRAINER)
    return roles.has_role(q.actor, on_practice if q.project.practice else (Role.RESEARCHER,))


def _is_supervised(q: Question) -> Decision:
    return accreditation.is_supervised(
        q.actor,
        q.day,
        supervisor=q.subject.people.get(q.actor.supervisor or ""),
        members=membership.members_on(q.project, q.day),
    )


def _is_in_place(q: Question) -> Decision:
    if q.subject.place is None:
        return places.PLACE.refuses(
            "where this session is used is not known. Ask the TRE manager to set the place."
        )
    return places.is_in_place(q.project, q.subject.place)


def _has_no_supervisor_link(q: Question) -> Decision:
    return reviewing.has_no_supervisor_link(
        checker=q.actor.id,
        checkers_supervisor=q.actor.supervisor,
        author=q.author.id,
        authors_supervisor=q.author.supervisor,
    )


def _is_not_frozen(q: Question) -> Decision:
    """Ask the rules of a researcher of the author; the actor may be their supervisor."""
    known = {**q.subject.people, q.actor.id: q.actor}
    as_author = Question(actor=q.author, subject=replace(q.subject, people=known), on=q.on)
    return reviewing.is_not_frozen(every_reason(RESEARCHER_TODAY, as_author))


SECOND_FACTOR = Requirement(
    rule=account.SECOND_FACTOR, check=lambda q: account.has_second_factor(q.actor, q.on)
)
OWN_PASSWORD = Requirement(
    rule=account.OWN_PASSWORD, check=lambda q: account.has_own_password(q.actor)
)
NOT_ONES_OWN = Requirement(
    rule=account.NOT_ONES_OWN, check=lambda q: account.is_about_another(q.actor, q.subject.person)
)
NO_SANCTION = Requirement(
    rule=sanctions.SANCTIONS, check=lambda q: sanctions.is_free_of_sanctions(q.actor, q.day)
)
SYSTEM_ALONE = Requirement(rule=system.SYSTEM_ALONE, check=lambda q: system.is_system(q.actor))
OWN_RECORD_OR_STAFF = Requirement(
    rule=account.OWN_RECORD,
    check=lambda q: account.may_read_record(
        q.actor, q.subject.person, by_role=q.actor.roles & {Role.TRE_MANAGER, Role.AUDITOR}
    ),
)
RESEARCHER = Requirement(rule=roles.ROLE, check=_may_research)
ACCREDITED = Requirement(
    rule=accreditation.ACCREDITATION, check=lambda q: accreditation.is_accredited(q.actor, q.day)
)
SUPERVISED = Requirement(rule=accreditation.SUPERVISION, check=_is_supervised)
TRAINED = Requirement(
    rule=accreditation.TRAINING, check=lambda q: accreditation.is_trained(q.actor, q.day)
)
DECLARED = Requirement(
    rule=declarations.DECLARATION, check=lambda q: declarations.has_declared(q.actor, q.day)
)
PASSPORTS = Requirement(
    rule=passports.PASSPORT,
    check=lambda q: passports.holds_passports(q.actor, standing.trusts(q.project), q.day),
)
PROJECT_ACCREDITED = Requirement(
    rule=standing.ACCREDITED, check=lambda q: standing.is_accredited(q.project)
)
PROJECT_DATES = Requirement(
    rule=standing.DATES, check=lambda q: standing.is_within_dates(q.project, q.day)
)
PROJECT_NOT_OVER = Requirement(
    rule=standing.DATES, check=lambda q: standing.is_not_past_its_end(q.project, q.day)
)
DATASETS = Requirement(
    rule=standing.DATASETS, check=lambda q: standing.has_granted_data(q.project, q.day)
)
MEMBER = Requirement(
    rule=membership.MEMBERSHIP,
    check=lambda q: membership.is_member(q.project, q.actor.id, q.day),
)
NOT_A_MEMBER = Requirement(
    rule=membership.NOT_A_MEMBER,
    check=lambda q: membership.is_not_member(q.project, q.actor.id),
)
NOT_THE_LEAD = Requirement(
    rule=membership.NOT_THE_LEAD, check=lambda q: membership.is_not_lead(q.project, q.actor.id)
)
IN_PLACE = Requirement(rule=places.PLACE, check=_is_in_place)
NOT_THE_AUTHOR = Requirement(
    rule=reviewing.NOT_THE_AUTHOR, check=lambda q: reviewing.is_not_author(q.request, q.actor.id)
)
NO_SUPERVISOR_LINK = Requirement(rule=reviewing.NO_SUPERVISOR_LINK, check=_has_no_supervisor_link)
NOT_FROZEN = Requirement(rule=reviewing.FROZEN, check=_is_not_frozen)
HAS_OUTPUT = Requirement(
    rule=completeness.HAS_OUTPUT, check=lambda q: completeness.has_output(q.request)
)
DESCRIBED = Requirement(
    rule=completeness.CONTEXT, check=lambda q: completeness.is_described(q.request)
)
ANSWERED = Requirement(
    rule=completeness.ANSWERS,
    check=lambda q: completeness.is_answered(
        q.request, members=membership.everybody_named(q.project)
    ),
)
ALL_VOTED = Requirement(
    rule=completeness.ALL_VOTED, check=lambda q: completeness.has_voted(q.request, q.actor.id)
)
EXPLAINED = Requirement(
    rule=completeness.EXPLAINED, check=lambda q: completeness.has_explained(q.request, q.actor.id)
)
TWO_APPROVALS = Requirement(
    rule=completeness.TWO_APPROVALS,
    check=lambda q: completeness.is_approved_by_two(
        q.request, members=membership.everybody_named(q.project)
    ),
)


AT_THE_DOOR = (SECOND_FACTOR, NO_SANCTION)
EVERYBODY = (SECOND_FACTOR, OWN_PASSWORD, NO_SANCTION)
RESEARCHER_TODAY = (
    *EVERYBODY,
    RESEARCHER,
    *only(ON_REAL_PROJECTS, ACCREDITED, SUPERVISED, TRAINED, DECLARED, PASSPORTS),
    PROJECT_ACCREDITED,
    PROJECT_DATES,
    MEMBER,
    DATASETS,
)
CHECKER_APART = (
    *EVERYBODY,
    a(Role.OUTPUT_CHECKER),
    NOT_THE_AUTHOR,
    NOT_A_MEMBER,
    NO_SUPERVISOR_LINK,
)
AUTHORS_TURN = state(*reviewing.IN_THE_AUTHORS_HANDS)
REVIEWERS_TURN = state(*reviewing.IN_THE_REVIEWERS_HANDS)
MANAGER = (*EVERYBODY, a(Role.TRE_MANAGER))
