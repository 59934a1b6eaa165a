"""What the demonstration's people are, as data: kinds of values, and organisations."""

from dataclasses import dataclass

from tre.safe_people.person import AccreditationLevel, PassportKind
from tre.vocabulary import PersonId, Role

KINGS = "King's College London"
ONS = "Office for National Statistics"
SLAM = "South London and Maudsley NHS Foundation Trust"
DFE = "Department for Education"

DECLARATION_VERSION = "2025-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccreditation:
    """years_ago: when it was given; it lasts five years if full, three if provisional."""

    level: AccreditationLevel
    years_ago: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPassport:
    """years_ago: when the trust issued it; it lasts three years."""

    kind: PassportKind
    trust: str
    years_ago: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody to sign in as.

    try_this: one sentence, what this account is there to show.
    """

    id: PersonId
    name: str
    organisation: str
    role: Role
    try_this: str
    accreditation: DemoAccreditation | None = None
    passport: DemoPassport | None = None
