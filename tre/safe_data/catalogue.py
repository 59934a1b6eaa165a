"""The catalogue: which data there are, whose, and what every variable means."""

from dataclasses import asdict, dataclass
from typing import Any

from tre.decision import UnusableRequestError
from tre.safe_data.catalogue_tables import CRIS_TABLES, NPD_TABLES
from tre.safe_data.variable import TableDescription, Variable

UNIT = Variable(
    name="person_id",
    type="string",
    description="The person's pseudonym in this project and in no other; the unit of every table",
    codes=(),
    source="made by the SRS with the project's key (HMAC-SHA256)",
)
"""In every table of every extract, without being asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Data of one controller that a project may be granted.

    place: the least restrictive ONS access level. policy: the disclosure policy of its outputs.
    """

    id: str
    title: str
    controller: str
    place: str
    passport_trust: str | None
    policy: str
    linkage: str
    tables: tuple[TableDescription, ...]

    def variables(self) -> tuple[str, ...]:
        """Every variable that can be granted, as `table.variable`."""
        return tuple(
            f"{table.name}.{variable.name}" for table in self.tables for variable in table.variables
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self)


_SLAM = "South London and Maudsley NHS Foundation Trust"

_DATASETS = (
    Dataset(
        id="npd",
        title="National Pupil Database, linked with CRIS",
        controller="Department for Education",
        place="safe room",
        passport_trust=_SLAM,
        policy="srs",
        linkage="npd",
        tables=NPD_TABLES,
    ),
    Dataset(
        id="cris",
        title="CRIS: child mental-health records of SLaM, de-identified",
        controller=_SLAM,
        place="safe room",
        passport_trust=_SLAM,
        policy="srs",
        linkage="npd",
        tables=CRIS_TABLES,
    ),
)


def catalogue() -> tuple[Dataset, ...]:
    """Every dataset that can be granted, in the order of the documentation."""
    return _DATASETS


def describe(variables: tuple[str, ...]) -> tuple[TableDescription, ...]:
    """The tables and variables that these names (`table.variable`) ask for, in catalogue order.

    Raises UnusableRequestError naming every one that is not in the catalogue, and for none at all.
    """
    asked = set(variables)
    merged = _all_tables()
    known = {f"{t.name}.{v.name}" for t in merged for v in t.variables}
    if not asked or asked - known:
        unknown = ", ".join(sorted(asked - known)) or "nothing at all"
        message = f"not in the catalogue: {unknown}; a variable is named table.variable"
        raise UnusableRequestError(message)
    chosen = (t.only({v for v in t.names() if f"{t.name}.{v}" in asked}) for t in merged)
    return tuple(table for table in chosen if table.variables)


def _all_tables() -> tuple[TableDescription, ...]:
    """Each table once; `linked` holds variables of both datasets."""
    merged: dict[str, TableDescription] = {}
    for table in (*NPD_TABLES, *CRIS_TABLES):
        earlier = merged.get(table.name)
        merged[table.name] = earlier.joined(table) if earlier else table
    return tuple(merged.values())
