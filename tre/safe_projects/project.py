"""What the environment knows about a project when it asks whether something may be done in it."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tre.vocabulary import PersonId, ProjectId


def is_project_id(text: str) -> bool:
    """Whether a project could have this id: 2 to 60 of a-z, 0-9 and -, a letter first."""
    return _ID.fullmatch(text) is not None


_ID = re.compile(r"[a-z][a-z0-9-]{0,58}[a-z0-9]", re.ASCII)


class ProjectState(StrEnum):
    """Where a project stands, from the first draft of its application to its end.

    APPLIED: recorded by the TRE manager without an application, as practice projects are.
    """

    APPLIED = "applied"
    DRAFT = "draft"
    WITH_LAY_GROUP = "with the lay group"
    ADVISED = "advised"
    WITH_OWNERS = "with the data owners"
    WITH_PANEL = "with the panel"
    RETURNED = "returned"
    ACCREDITED = "accredited"
    SUSPENDED = "suspended"
    ENDED = "ended"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Place(StrEnum):
    """The ONS access levels, from the most restrictive to the least."""

    SAFE_ROOM = "safe room"
    ASSURED_OFFICE = "assured office"
    ASSURED_HOME = "assured home"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person named on a project, from and until days included."""

    person: PersonId
    since: date
    until: date
    lead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedDataset:
    """A dataset granted to the project by its controller.

    variables: the names granted and no others, as `table.variable`.
    since_year, until_year: calendar years of what happened, both included; None for no limit.
    place: the least restrictive place in which the controller lets it be used.
    passport_trust: the NHS trust whose passport or honorary contract its readers must hold.
    """

    dataset: str
    controller: str
    variables: tuple[str, ...]
    granted_on: date
    place: Place
    passport_trust: str | None = None
    policy: str = "srs"
    since_year: int | None = None
    until_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A study, or a practice project whose data are synthetic.

    practice: data are a synthetic twin; nobody on it needs accreditation.
    meeting: how data that live at the CDLS and data that live in the SRS come together for it, ""
    where it needs only one of the two. shift_dates: dates of its extract are moved by a number of
    days of each person's own, instead of being given to the month.
    """

    id: ProjectId
    title: str
    summary: str
    state: ProjectState
    starts: date
    ends: date
    legal_gateway: str
    ethics_reference: str
    public_benefit: str
    practice: bool
    members: tuple[Membership, ...]
    datasets: tuple[GrantedDataset, ...]
    meeting: str = ""
    shift_dates: bool = False
