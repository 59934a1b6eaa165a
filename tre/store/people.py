"""People as rows: read and written as the values of Safe People."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Label, RowMapping, Table, delete, insert, or_, select, update

from tre.safe_people.person import (
    Accreditation,
    AccreditationLevel,
    Passport,
    PassportKind,
    Person,
    Sanction,
)
from tre.store.tables import passports, people, person_roles, sanctions
from tre.vocabulary import PersonId, Role


def read_people(
    connection: Connection, ids: Iterable[PersonId] | None = None
) -> dict[PersonId, Person]:
    """Read people, all or those named, by id; the sanctions of their organisation are joined.

    In one statement, since every act asks about a few people several times.
    """
    query = _PEOPLE
    if ids is not None:
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        query = query.where(people.c.id.in_(wanted))
    found: dict[PersonId, list[RowMapping]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["id"], []).append(row)
    return {person: _person(rows) for person, rows in found.items()}


def read_person(connection: Connection, person: PersonId) -> Person | None:
    """Read one person, or None where nobody has that name."""
    return read_people(connection, [person]).get(person)


def write_person(connection: Connection, person: Person) -> None:
    """Record a person, or put the new record in the place of the old.

    Sanctions are not written: they are imposed on their own, and are never edited.
    """
    values = _columns(person)
    found = connection.execute(update(people).where(people.c.id == person.id).values(values))
    if not found.rowcount:
        connection.execute(insert(people).values(id=person.id, **values))
    for table in (person_roles, passports):
        connection.execute(delete(table).where(table.c.person == person.id))
    for role in sorted(person.roles):
        connection.execute(insert(person_roles).values(person=person.id, role=str(role)))
    for paper in person.passports:
        connection.execute(
            insert(passports).values(
                person=person.id,
                kind=str(paper.kind),
                trust=paper.trust,
                since=paper.since,
                until=paper.until,
                reference=paper.reference,
            )
        )


def write_sanction(
    connection: Connection,
    sanction: Sanction,
    *,
    person: PersonId | None = None,
    organisation: str | None = None,
) -> None:
    """Record a sanction on exactly one of a person and an organisation."""
    connection.execute(
        insert(sanctions).values(
            person=person,
            organisation=organisation,
            since=sanction.since,
            until=sanction.until,
            reason=sanction.reason,
        )
    )


def lift(connection: Connection, number: int, *, on: date, by: PersonId, because: str) -> bool:
    """Lift a sanction; whether there was one of that number that nobody had lifted yet."""
    which = (sanctions.c.id == number, sanctions.c.lifted_on.is_(None))
    values = {"lifted_on": on, "lifted_by": by, "lifted_because": because}
    return bool(connection.execute(update(sanctions).where(*which).values(values)).rowcount)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSanction:
    """A sanction with whom it is on: exactly one of person and organisation is named."""

    sanction: Sanction
    person: PersonId | None
    organisation: str | None
    lifted_because: str


def read_sanctions(connection: Connection) -> tuple[KeptSanction, ...]:
    """Read every sanction that there ever was, the newest first."""
    rows = connection.execute(select(sanctions).order_by(sanctions.c.id.desc())).mappings()
    return tuple(
        KeptSanction(
            sanction=_sanction(row),
            person=row["person"],
            organisation=row["organisation"],
            lifted_because=row["lifted_because"],
        )
        for row in rows
    )


def has_organisation(connection: Connection, organisation: str) -> bool:
    """Whether anybody belongs to an organisation of that name."""
    query = select(people.c.id).where(people.c.organisation == organisation).limit(1)
    return connection.execute(query).first() is not None


def _columns(person: Person) -> dict[str, Any]:
    accreditation, after = person.accreditation, person.accreditation_after
    return {
        "name": person.name,
        "organisation": person.organisation,
        "account_since": person.account_since,
        "second_factor_since": person.second_factor_since,
        "accreditation_level": accreditation and str(accreditation.level),
        "accreditation_since": accreditation and accreditation.since,
        "accreditation_until": accreditation and accreditation.until,
        "accreditation_after_level": after and str(after.level),
        "accreditation_after_since": after and after.since,
        "accreditation_after_until": after and after.until,
        "training_passed": person.training_passed,
        "training_until": person.training_until,
        "declaration_version": person.declaration_version,
        "supervisor": person.supervisor,
        "temporary_password": person.temporary_password,
        "email": person.email,
    }


def _named(table: Table) -> list[Label[Any]]:
    """The columns of a table that is joined, by its name and theirs."""
    return [column.label(f"{table.name}.{column.name}") for column in table.columns]


_PEOPLE = (
    select(people, *_named(person_roles), *_named(passports), *_named(sanctions))
    .select_from(
        people.outerjoin(person_roles, person_roles.c.person == people.c.id)
        .outerjoin(passports, passports.c.person == people.c.id)
        .outerjoin(
            sanctions,
            or_(
                sanctions.c.person == people.c.id,
                sanctions.c.organisation == people.c.organisation,
            ),
        )
    )
    .order_by(people.c.id, passports.c.id, sanctions.c.id)
)
"""A row for every role of a person with every document and every sanction of theirs."""


def _parts(rows: list[RowMapping], table: Table) -> list[dict[str, Any]]:
    """What rows say of one of the tables that are joined: every row of it once, in their order."""
    found = {}
    for row in rows:
        part = {column.name: row[f"{table.name}.{column.name}"] for column in table.columns}
        key = tuple(part[column.name] for column in table.primary_key)
        if None not in key:
            found[key] = part
    return list(found.values())


def _person(rows: list[RowMapping]) -> Person:
    row = rows[0]
    return Person(
        id=row["id"],
        name=row["name"],
        organisation=row["organisation"],
        roles=frozenset(Role(role["role"]) for role in _parts(rows, person_roles)),
        account_since=row["account_since"],
        second_factor_since=row["second_factor_since"],
        accreditation=_accreditation(row, "accreditation"),
        accreditation_after=_accreditation(row, "accreditation_after"),
        training_passed=row["training_passed"],
        training_until=row["training_until"],
        declaration_version=row["declaration_version"],
        passports=tuple(_passport(paper) for paper in _parts(rows, passports)),
        supervisor=row["supervisor"],
        sanctions=tuple(_sanction(ban) for ban in _parts(rows, sanctions)),
        temporary_password=row["temporary_password"],
        email=row["email"],
    )


def _accreditation(row: RowMapping, which: str) -> Accreditation | None:
    if row[f"{which}_level"] is None:
        return None
    return Accreditation(
        level=AccreditationLevel(row[f"{which}_level"]),
        since=row[f"{which}_since"],
        until=row[f"{which}_until"],
    )


def _passport(row: Mapping[str, Any]) -> Passport:
    return Passport(
        kind=PassportKind(row["kind"]),
        trust=row["trust"],
        since=row["since"],
        until=row["until"],
        reference=row["reference"],
    )


def _sanction(row: Mapping[str, Any]) -> Sanction:
    return Sanction(
        on_organisation=row["organisation"] is not None,
        since=row["since"],
        until=row["until"],
        reason=row["reason"],
        lifted_on=row["lifted_on"],
        number=row["id"],
    )
