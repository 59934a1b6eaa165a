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

INCOMPATIBLE: dict[frozenset[Role], str] = {
    **{
        frozenset({Role.AUDITOR, other}): "an auditor changes nothing and judges what others did"
        for other in Role
        if other is not Role.AUDITOR
    },
    frozenset({Role.DATA_LINKER, Role.RESEARCHER}): (
        "who sees identifiers does not analyse what was linked by them"
    ),
    frozenset({Role.TRE_MANAGER, Role.RESEARCHER}): (
        "who decides who may work with data does not work with them"
    ),
    frozenset({Role.TRE_MANAGER, Role.PANEL_MEMBER}): (
        "who carries out what the panel decides does not decide it"
    ),
    frozenset({Role.DATA_OWNER, Role.PANEL_MEMBER}): (
        "data owners decide first, and the panel decides after them and apart from them"
    ),
}
"""Roles that one person never has at once, each with the reason."""

COMPATIBLE = Rule(
    name="roles apart",
    safe=Safe.PEOPLE,
    sentence="Nobody has two roles of which one keeps watch on the other.",
    source="access rules, separation of duties",
)
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


def are_compatible(roles: Collection[Role]) -> Decision:
    """Refuse once for each pair of roles that one person may not have."""
    decision = ALLOWED
    for pair, because in INCOMPATIBLE.items():
        if pair <= frozenset(roles):
            first, second = sorted(pair, key=list(Role).index)
            decision = decision.also(
                COMPATIBLE.refuses(
                    f"nobody is {first} and {second} at once: {because}. Take one of the two away."
                )
            )
    return decision


def _in_words(roles: Collection[Role]) -> str:
    return " or ".join(str(role) for role in Role if role in roles)
