"""Who is on a project, and who must therefore keep their hands off it in another role."""

from collections.abc import Collection
from datetime import date

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_projects.project import Membership, Project
from tre.vocabulary import PersonId, Safe

MEMBERSHIP = Rule(
    name="membership",
    safe=Safe.PROJECTS,
    sentence="The person is named on the project, and the day lies in their membership.",
    source="ONS",
)
NOT_A_MEMBER = Rule(
    name="not a member",
    safe=Safe.PROJECTS,
    sentence="Nobody reviews outputs of a project on which they are named, or gives it its data, "
    "whatever the dates of their membership.",
    source="separation of duties",
)
NOT_THE_LEAD = Rule(
    name="not the lead",
    safe=Safe.PROJECTS,
    sentence="Nobody records decisions about a project that they lead.",
    source="separation of duties",
)
LEADS = Rule(
    name="leads the project",
    safe=Safe.PROJECTS,
    sentence="The lead writes a project's application, hands it in, answers, and proposes changes.",
    source="ONS",
)
HAS_PART = Rule(
    name="part in the project",
    safe=Safe.PROJECTS,
    sentence="A project and its released results are shown to those named on it and to staff "
    "whose role concerns it; to a data owner, where it holds or asks for their data.",
    source="Five Safes; ONS",
)


def is_member(project: Project, person: PersonId, on: date) -> Decision:
    """Ask for a membership that covers the day."""
    named = memberships(project, person)
    if not named:
        return MEMBERSHIP.refuses(
            f"you are not named on “{project.title}”. The project's lead asks the TRE manager to "
            "add you, if you should be."
        )
    if any(membership.since <= on <= membership.until for membership in named):
        return ALLOWED
    coming = [membership.since for membership in named if membership.since > on]
    if coming:
        return MEMBERSHIP.refuses(
            f"you join “{project.title}” on {min(coming):%d %B %Y}. Come back then."
        )
    last = max(membership.until for membership in named)
    return MEMBERSHIP.refuses(
        f"you were on “{project.title}” until {last:%d %B %Y}. The project's lead asks the TRE "
        "manager to extend it, if you should still be."
    )


def is_not_member(project: Project, person: PersonId) -> Decision:
    """Keep everybody who was, is or will be on the project from judging it."""
    if not memberships(project, person):
        return ALLOWED
    return NOT_A_MEMBER.refuses(
        f"you are named on “{project.title}”, and nobody checks or supplies their own project. "
        "Leave it to a colleague who is not on it."
    )


def is_not_lead(project: Project, person: PersonId) -> Decision:
    """Keep the lead of a project from recording its accreditation or its grants."""
    if not any(membership.lead for membership in memberships(project, person)):
        return ALLOWED
    return NOT_THE_LEAD.refuses(
        f"you lead “{project.title}”, and nobody decides about a project that they lead. Ask "
        "another TRE manager."
    )


def leads(project: Project, person: PersonId, on: date) -> Decision:
    """Ask for the lead's own hand; who led it before is its lead no more."""
    if person in leads_on(project, on):
        return ALLOWED
    return LEADS.refuses(
        f"only its lead does this for “{project.title}”. Ask them, if you are on the project."
    )


def leads_on(project: Project, on: date) -> tuple[PersonId, ...]:
    """Name those who lead it on a day: before it begins, and after its end, as well.

    They ask for it before its first day, and for an extension also after its last.
    """
    lasts = min(on, project.ends)
    return tuple(dict.fromkeys(m.person for m in project.members if m.lead and m.until >= lasts))


def memberships(project: Project, person: PersonId) -> tuple[Membership, ...]:
    """Give every membership of the person on the project, of any time."""
    return tuple(m for m in project.members if m.person == person)


def members_on(project: Project, on: date) -> frozenset[PersonId]:
    """Name those whose membership covers the day."""
    return frozenset(m.person for m in project.members if m.since <= on <= m.until)


def everybody_named(project: Project) -> frozenset[PersonId]:
    """Name everybody who was, is or will be on the project."""
    return frozenset(m.person for m in project.members)


def has_part(
    project: Project, person: PersonId, *, by_role: bool, roles: Collection[str]
) -> Decision:
    """Let in those named on the project, of any time, and those whose role concerns it.

    by_role: whether the person has one of the roles; roles: these, for the refusal's words.
    """
    if by_role or memberships(project, person):
        return ALLOWED
    return HAS_PART.refuses(
        "this is for the people named on the project"
        + "".join(f", the {role}" for role in roles)
        + ". If you should be on it, its lead asks the TRE manager."
    )
