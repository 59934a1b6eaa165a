"""The catalogue: which data there are, whose, and what every variable means."""

from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from tre.decision import UnusableRequestError
from tre.safe_data.catalogue_tables import LINKED, cris_tables
from tre.safe_data.linkages import linkages
from tre.safe_data.linkages.linkage import SLAM, Linkage
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


def _of_linkage(linkage: Linkage) -> Dataset:
    return Dataset(
        id=linkage.id,
        title=f"{linkage.register}, linked with CRIS",
        controller=linkage.holder,
        place="safe room",
        passport_trust=linkage.passport_trust,
        policy="srs",
        linkage=linkage.id,
        tables=linkage.granted(),
    )


def _cris() -> Dataset:
    return Dataset(
        id="cris",
        title="CRIS: mental-health records of SLaM, de-identified",
        controller=SLAM,
        place="safe room",
        passport_trust=SLAM,
        policy="srs",
        linkage="",
        tables=cris_tables(tuple((one.id, one.register) for one in linkages())),
    )


@cache
def catalogue() -> tuple[Dataset, ...]:
    """Every dataset that can be granted, in the order of the documentation."""
    return (*(_of_linkage(one) for one in linkages()), _cris())


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


def datasets_of(tables: tuple[TableDescription, ...]) -> tuple[str, ...]:
    """The linkages that these tables are of, in the order of the documentation.

    A patient's `linked_<id>` asks for that linkage too.
    """
    asked = {table.name for table in tables}
    linked = {
        name.removeprefix(LINKED).replace("_", "-")
        for table in tables
        if table.name == "patients"
        for name in table.names()
        if name.startswith(LINKED)
    }
    if "referrals" in asked:
        linked.add("npd")
    return tuple(
        one.id
        for one in linkages()
        if one.id in linked or any(table.name in asked for table in one.granted())
    )


def _all_tables() -> tuple[TableDescription, ...]:
    """Each table once; `linked` holds variables of both datasets."""
    merged: dict[str, TableDescription] = {}
    for table in (table for dataset in catalogue() for table in dataset.tables):
        earlier = merged.get(table.name)
        merged[table.name] = earlier.joined(table) if earlier else table
    return tuple(merged.values())
