"""What a linkage is: everything that has to be known about it before it may run."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any

import numpy as np

from tre.decision import NotThereError
from tre.safe_data.population.population import Population
from tre.safe_data.records.errors import ErrorRates
from tre.safe_data.records.register import Register
from tre.safe_data.variable import TableDescription, Variable

CDLS = "Clinical Data Linkage Service"
SRS = "ONS Secure Research Service"
SLAM = "South London and Maudsley NHS Foundation Trust"
IDENTIFIERS_OF_THE_NHS = ("nhs_number", "first_name", "last_name", "date_of_birth", "postcode")
"""What the CDLS sends to NHS Digital; for a register whose sources are silent, assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Whose identifiers are sent, in words and as a rule on what SLaM itself knows.

    referred_before_age: first referral before this age, years. adult_by: 18 or older on this day.
    born_by: born on or before this day. referred_from, referred_by: first referral on or after, and
    on or before, this day. sex: Female or Male. gp_borough: of the practice with
    which the patient is registered. None asks for nothing.
    """

    text: str
    referred_before_age: int | None = None
    adult_by: date | None = None
    born_by: date | None = None
    referred_from: date | None = None
    referred_by: date | None = None
    sex: str | None = None
    gp_borough: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """Whom the holder gives beside the matched, in words and as a rule on its own people.

    among: a column of the table of people, and the values that make somebody a control; all
    columns must agree. Whoever was matched is a patient and no control.
    """

    text: str
    among: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An earlier agreement for the same linkage, with limits in time of its own.

    referred_from, referred_by: of the covered, those first referred within these days. first_day,
    last_day: records of the register outside are not linked. limits: in words.
    """

    id: str
    title: str
    referred_from: date
    referred_by: date
    first_day: date
    last_day: date
    limits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTable:
    """One table of a register, as the holder brings it: its variables and nothing else.

    variables: every column but those that name people. about: columns that name people; the first
    is the register's key, and the others end with its name (`child_record`). dated_by: the column
    by which limits in time are kept, of days or of school years;
    None for no limit.
    in_order: pairs of days of which the second never lies before the first. near_birth: days that
    are somebody's date of birth, or so near that they tell it; the holder gives their month alone.
    may_repeat: two rows may be alike in everything, as two attendances on one day are.
    """

    name: str
    description: str
    unit: str
    variables: tuple[Variable, ...]
    about: tuple[str, ...] = ("record",)
    dated_by: str | None = None
    in_order: tuple[tuple[str, str], ...] = ()
    near_birth: tuple[str, ...] = ()
    may_repeat: bool = False

    def columns(self) -> tuple[str, ...]:
        """Its columns in the register: who it is about, then the variables."""
        return (*self.about, *(variable.name for variable in self.variables))

    def described(self) -> TableDescription:
        """As the catalogue describes it."""
        return TableDescription(
            name=self.name,
            description=self.description,
            unit=self.unit,
            variables=self.variables,
            also=tuple(_person(other_person(name, self.about[0])) for name in self.about[1:]),
        )


def other_person(column: str, record: str) -> str:
    """Who is meant by a column that names a second person: the child by `child_record`.

    record: the register's own key of a person, which ends the column's name.
    """
    return column.removesuffix(f"_{record}")


def _person(who: str) -> Variable:
    """The project's pseudonym of somebody else in the same record: `child_id`."""
    return Variable(
        name=f"{who}_id",
        type="string",
        description=f"The pseudonym of the {who}, as person_id in the other tables",
        codes=(),
        source="made with the project's key (HMAC-SHA256)",
    )


GROUP = Variable(
    name="group",
    type="string",
    description="A linked patient, a control, or somebody in a record with a linked patient",
    codes=("patient", "control", "relative"),
    source="linkage",
)
"""In every linkage's table of people, unless the linkage says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkage:
    """One register that CRIS is linked with, and by which rules.

    order: its place in the documentation. register, holder, matcher: who keeps it, and who
    compares identifiers. supplier: who sends them. identifiers: columns that leave the supplier,
    beside the pseudonym and nothing else. covered: whose are sent. controls: who is compared with
    them, None for nobody. first_day, last_day: records outside are not linked; None for no limit.
    limits: in words, what the linkage cannot see. periods: earlier agreements under which it can be
    run as well. period: the id of the one that this description is narrowed to, "" for the newest
    agreement. brings: registers, by the ids of their
    linkages, whose records of the same people come with it, as tables of its own.
    identifier_basis, access_basis: legal basis for sending identifiers, and for research access.
    place: where researchers see the result, SRS or CDLS. passport_trust: whose research passport
    they need.
    people: the table with one row a person of the register, and what describes them; the rule of
    `controls` reads it. tables: its other tables. extract: the tables that a project can be
    granted, where they are other than these; None for the same.
    record, research_id: the register's own key of a person, and the holder's research pseudonym.
    errors: how the register writes people down. simulate: fills it from the population.
    prone: how many times likelier than others each of these people is to be written down wrongly.
    objects: share of the register's people who object to research at the holder.
    source: where these facts are from. assumed: which of them the sources leave open.
    """

    id: str
    order: int
    title: str
    register: str
    holder: str
    matcher: str
    supplier: str = CDLS
    identifiers: tuple[str, ...]
    pseudonym: str = "cris_pseudonym"
    covered: Covered
    controls: Controls | None
    first_day: date | None = None
    last_day: date | None = None
    limits: str
    periods: tuple[Period, ...] = ()
    period: str = ""
    brings: tuple[str, ...] = ()
    identifier_basis: str = "Section 251 of the NHS Act 2006"
    access_basis: str
    place: str
    passport_trust: str | None = SLAM
    people: RegisterTable
    tables: tuple[RegisterTable, ...]
    extract: tuple[TableDescription, ...] | None = None
    record: str = "record"
    research_id: str = "research_id"
    errors: ErrorRates
    simulate: Callable[[Population], Register] = field(repr=False)
    prone: Callable[[Population, np.ndarray], np.ndarray] | None = field(default=None, repr=False)
    objects: float = 0.002
    source: str
    assumed: tuple[str, ...] = ()

    def granted(self) -> tuple[TableDescription, ...]:
        """The tables that a project can be granted."""
        if self.extract is not None:
            return self.extract
        first, *others = (table.described() for table in self.holdings)
        return (replace(first, variables=(GROUP, *first.variables)), *others)

    def during(self, period: str) -> "Linkage":
        """The linkage under an earlier agreement; "" for the newest, which is as described.

        Raises NotThereError for a period that is not described.
        """
        if not period:
            return self
        known = {one.id: one for one in self.periods}
        if period not in known:
            names = ", ".join(known) or "none but the newest"
            message = f"the linkage {self.id!r} has no period {period!r}; known are: {names}"
            raise NotThereError(message)
        chosen = known[period]
        covered = replace(
            self.covered,
            text=f"{self.covered.text}, between {_spoken(chosen.referred_from)} and "
            f"{_spoken(chosen.referred_by)}",
            referred_from=chosen.referred_from,
            referred_by=chosen.referred_by,
        )
        return replace(
            self,
            title=f"{self.title}: {chosen.title}",
            covered=covered,
            first_day=chosen.first_day,
            last_day=chosen.last_day,
            limits=f"{chosen.limits}; {self.limits}",
            period=period,
        )

    @property
    def agreement(self) -> str:
        """The title of the earlier agreement that it is narrowed to, "" for the newest."""
        return next((one.title for one in self.periods if one.id == self.period), "")

    @property
    def holdings(self) -> tuple[RegisterTable, ...]:
        """All tables of the register, that of its people first."""
        return (self.people, *self.tables)

    def to_dict(self) -> dict[str, Any]:
        """The description as plain values, ready for JSON: days as YYYY-MM-DD, no simulation."""
        left_out = (
            "simulate", "prone", "errors", "extract", "people", "tables", "covered",
            "periods",
        )  # fmt: skip
        plain = {
            one.name: getattr(self, one.name) for one in fields(self) if one.name not in left_out
        }
        controls = self.controls and {
            "text": self.controls.text,
            "among": {column: list(values) for column, values in self.controls.among.items()},
        }
        covered = _plain(asdict(self.covered))
        days = {
            name: value and value.isoformat()
            for name, value in (("first_day", self.first_day), ("last_day", self.last_day))
        }
        return (
            plain
            | days
            | {
                "covered": covered,
                "controls": controls,
                "tables": [asdict(table) for table in self.holdings],
                "periods": [_plain(asdict(period)) for period in self.periods],
            }
        )


def _spoken(on: date) -> str:
    return f"{on:%-d %B %Y}"


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Days as YYYY-MM-DD, nothing that is None."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value is not None
    }
