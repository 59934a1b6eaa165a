"""An application as its applicant types it: nothing is known yet, everything may be missing."""

from dataclasses import dataclass
from datetime import date

from tre.safe_projects.application import AskedVariable
from tre.vocabulary import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked of one dataset; whose it is and where it is used, the catalogue says."""

    dataset: str
    variables: tuple[AskedVariable, ...]
    since_year: int | None = None
    until_year: int | None = None
    why_years: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an applicant wants. members: beside the lead, who is the applicant."""

    title: str
    starts: date
    ends: date
    summary: str = ""
    methods: str = ""
    public_benefit: str = ""
    gateways: tuple[str, ...] = ()
    rec: str = ""
    iras: str = ""
    cag: str = ""
    meeting: str = ""
    shift_dates: bool = False
    members: tuple[PersonId, ...] = ()
    asks: tuple[Ask, ...] = ()
