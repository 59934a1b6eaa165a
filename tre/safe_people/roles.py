"""What each role is for, and the question whether somebody has one of them."""

from collections.abc import Collection

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_people.person import Person
from tre.vocabulary import Role, Safe

ROLES = {
    Role.RESEARCHER: "works on the projects that name them and asks for results to be released",
    Role.OUTPUT_CHECKER: "reviews what other people's projects ask to release",
    Role.DATA_LINKER: "runs linkages and makes extracts; sees how well they matched",
    Role.DATA_OWNER: "decides for a controller which data a project is granted",
    Role.PANEL_MEMBER: "sits on the panel that accredits projects",
    Role.LAY_MEMBER: "advises on projects for service users and carers",
    Role.TRAINER: "teaches on practice projects, whose data are synthetic",
    Role.TRE_MANAGER: "records people and projects, imposes sanctions, revokes releases",
    Role.AUDITOR: "reads the ledger and what led to each entry; changes nothing",
}
"""Each role in one line, as help pages and refusals say it."""

ROLE = Rule(
    name="role",
    safe=Safe.PEOPLE,
    sentence="The person has a role that the act belongs to.",
    source="access rules, separation of duties",
)


def has_role(person: Person, roles: Collection[Role]) -> Decision:
    """Ask for any one of the roles; naming none means that no person may."""
    if person.roles & frozenset(roles):
        return ALLOWED
    asked = _in_words(roles)
    held = _in_words(person.roles)
    return ROLE.refuses(
        f"this is for {asked or 'the system alone'}; your account is for {held or 'no role yet'}. "
        "If that is wrong, ask the TRE manager to correct your roles."
    )


def _in_words(roles: Collection[Role]) -> str:
    return " or ".join(str(role) for role in Role if role in roles)
