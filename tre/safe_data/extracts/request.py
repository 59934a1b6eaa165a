"""What a project asks an extract for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tre.safe_data.extracts.years import Years

PERSON = "_person"
"""Who a row is about, before the project's own pseudonym stands there: known to no project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRequest:
    """What is asked for.

    variables: granted, as `table.variable`. key: the project's, in bytes. meeting: how data that
    live at the CDLS and data that live in the SRS come together, in the project's own words; "" for
    a project that needs only one of the two. shift_dates: dates are moved by a number of days of
    each person's own instead of being given to the month. years: granted of each dataset, by its
    id; a dataset that is not named is given whole.
    """

    project: str
    variables: tuple[str, ...]
    key: bytes
    on: date
    meeting: str = ""
    shift_dates: bool = False
    years: Mapping[str, Years] = field(default_factory=dict)
