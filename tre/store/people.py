"""People as rows: read and written as the values of Safe People."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, insert, or_, select, update

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
    """Read people, all or those named, by id; the sanctions of their organisation are joined."""
    query = select(people).order_by(people.c.id)
    if ids is not None:
        query = query.where(people.c.id.in_(sorted(set(ids))))
    rows = connection.execute(query).mappings().all()
    known = [row["id"] for row in rows]
    roles = _by_person(connection, person_roles, known)
    papers = _by_person(connection, passports, known)
    bans = _sanctions(connection, rows)
    return {
        row["id"]: _person(row, roles[row["id"]], papers[row["id"]], _bans_on(row, bans))
        for row in rows
    }


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


def _by_person(
    connection: Connection, table: Table, known: list[PersonId]
) -> defaultdict[PersonId, list[RowMapping]]:
    found: defaultdict[PersonId, list[RowMapping]] = defaultdict(list)
    query = select(table).where(table.c.person.in_(known)).order_by(*table.primary_key)
    for row in connection.execute(query).mappings():
        found[row["person"]].append(row)
    return found


def _sanctions(connection: Connection, rows: Iterable[RowMapping]) -> list[RowMapping]:
    persons = [row["id"] for row in rows]
    organisations = sorted({row["organisation"] for row in rows})
    query = select(sanctions).where(
        or_(sanctions.c.person.in_(persons), sanctions.c.organisation.in_(organisations))
    )
    return list(connection.execute(query.order_by(sanctions.c.id)).mappings())


def _bans_on(person: RowMapping, bans: Iterable[RowMapping]) -> list[RowMapping]:
    return [
        ban
        for ban in bans
        if ban["person"] == person["id"] or ban["organisation"] == person["organisation"]
    ]


def _person(
    row: RowMapping, roles: list[RowMapping], papers: list[RowMapping], bans: list[RowMapping]
) -> Person:
    return Person(
        id=row["id"],
        name=row["name"],
        organisation=row["organisation"],
        roles=frozenset(Role(role["role"]) for role in roles),
        account_since=row["account_since"],
        second_factor_since=row["second_factor_since"],
        accreditation=_accreditation(row, "accreditation"),
        accreditation_after=_accreditation(row, "accreditation_after"),
        training_passed=row["training_passed"],
        training_until=row["training_until"],
        declaration_version=row["declaration_version"],
        passports=tuple(_passport(paper) for paper in papers),
        supervisor=row["supervisor"],
        sanctions=tuple(_sanction(ban) for ban in bans),
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


def _passport(row: RowMapping) -> Passport:
    return Passport(
        kind=PassportKind(row["kind"]),
        trust=row["trust"],
        since=row["since"],
        until=row["until"],
        reference=row["reference"],
    )


def _sanction(row: RowMapping) -> Sanction:
    return Sanction(
        on_organisation=row["organisation"] is not None,
        since=row["since"],
        until=row["until"],
        reason=row["reason"],
        lifted_on=row["lifted_on"],
        number=row["id"],
    )
