"""What the demonstration's people and projects are, as data: kinds of values and organisations."""

from dataclasses import dataclass

from tre.safe_people.person import AccreditationLevel, PassportKind
from tre.safe_projects.project import Place, ProjectState
from tre.vocabulary import PersonId, ProjectId, Role

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


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoGrant:
    """A dataset granted to a project; variables are `table.variable` of the catalogue."""

    dataset: str
    controller: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoProject:
    """A project to work in.

    years_ago, lasts_years: when it started and how long it runs. lead: one of its members.
    privacy_budget: the epsilon that private counts may cost in all. meeting, shift_dates: as those
    of a project.
    """

    id: ProjectId
    title: str
    summary: str
    years_ago: float
    lasts_years: float
    legal_gateway: str
    ethics_reference: str
    public_benefit: str
    members: tuple[PersonId, ...]
    lead: PersonId
    grants: tuple[DemoGrant, ...]
    practice: bool = False
    state: ProjectState = ProjectState.ACCREDITED
    place: Place = Place.SAFE_ROOM
    passport_trust: str | None = SLAM
    privacy_budget: float = 3.0
    meeting: str = ""
    shift_dates: bool = False
