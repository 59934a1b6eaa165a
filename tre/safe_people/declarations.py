"""The researcher's declaration: its versions with their words, and who has signed the right one."""

from dataclasses import dataclass
from datetime import date

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_people.person import Person
from tre.vocabulary import Safe


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationVersion:
    """since: the first day on which this version, or a later one, must have been signed."""

    version: str
    since: date
    promises: tuple[str, ...]


DECLARATIONS = (
    DeclarationVersion(
        version="2025-1",
        since=date(2020, 1, 1),
        promises=(
            "I use the data for the project that names me, and for nothing else.",
            "I do not try to find out who anybody in the data is, and I say at once if I do.",
            "I keep my account to myself: password, second factor and open sessions.",
            "I take nothing out but through a release that output checkers have approved.",
            "I report a breach, mine or another's, to the TRE manager on the same day.",
            "I know that a breach can end my accreditation and my organisation's access.",
        ),
    ),
)
"""Every version, oldest first; a new one is added with the day from which it must be signed."""

DECLARATION = Rule(
    name="declaration",
    safe=Safe.PEOPLE,
    sentence="The researcher's declaration is signed in the version that is current on the day, "
    "or in a later one.",
    source="ONS, accredited researcher declaration",
)


def declaration_on(
    on: date, versions: tuple[DeclarationVersion, ...] = DECLARATIONS
) -> DeclarationVersion:
    """Give the version that must have been signed on a day; the first one before there was any."""
    return max(
        (each for each in versions if each.since <= on),
        key=lambda each: each.since,
        default=versions[0],
    )


def to_be_signed(
    signed: str | None, versions: tuple[DeclarationVersion, ...] = DECLARATIONS
) -> DeclarationVersion | None:
    """Give the newest version, also one still to come, unless it is the one that was signed."""
    return None if signed == versions[-1].version else versions[-1]


def has_declared(
    person: Person, on: date, versions: tuple[DeclarationVersion, ...] = DECLARATIONS
) -> Decision:
    """Ask for the declaration in the version of the day, or a later one."""
    needed = declaration_on(on, versions)
    signed = person.declaration_version
    if signed in {each.version for each in versions if each.since >= needed.since}:
        return ALLOWED
    what = f"you signed version {signed}" if signed else "you have not signed it"
    return DECLARATION.refuses(
        f"the researcher's declaration is needed in version {needed.version}; {what}. Sign it on "
        "your own page at the desk."
    )
