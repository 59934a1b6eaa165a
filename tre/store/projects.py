"""Projects as rows: read and written as the values of Safe Projects."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, RowMapping, Table, delete, insert, select, update

from tre.safe_projects.project import GrantedDataset, Membership, Place, Project, ProjectState
from tre.store.tables import granted_datasets, memberships, projects
from tre.vocabulary import PersonId, ProjectId

FIRST_EPSILON = 1.0
"""The budget of differential privacy that a new project has, unless told otherwise."""


def read_projects(
    connection: Connection, ids: Iterable[ProjectId] | None = None
) -> dict[ProjectId, Project]:
    """Read projects, all or those named, by id."""
    query = select(projects).order_by(projects.c.title)
    if ids is not None:
        query = query.where(projects.c.id.in_(sorted(set(ids))))
    rows = connection.execute(query).mappings().all()
    known = [row["id"] for row in rows]
    members = _by_project(connection, memberships, known)
    grants = _by_project(connection, granted_datasets, known)
    return {row["id"]: _project(row, members[row["id"]], grants[row["id"]]) for row in rows}


def read_project(connection: Connection, project: ProjectId) -> Project | None:
    """Read one project, or None where there is none of that name."""
    return read_projects(connection, [project]).get(project)


def projects_of(connection: Connection, person: PersonId) -> tuple[Project, ...]:
    """Read the projects on which somebody is named, at any time, by title."""
    query = select(memberships.c.project).where(memberships.c.person == person)
    return tuple(read_projects(connection, connection.execute(query).scalars()).values())


def write_project(connection: Connection, project: Project) -> None:
    """Record a project, or put the new record in the place of the old."""
    values: dict[str, object] = {
        "title": project.title,
        "summary": project.summary,
        "state": str(project.state),
        "starts": project.starts,
        "ends": project.ends,
        "legal_gateway": project.legal_gateway,
        "ethics_reference": project.ethics_reference,
        "public_benefit": project.public_benefit,
        "practice": project.practice,
        "meeting": project.meeting,
        "shift_dates": project.shift_dates,
    }
    found = connection.execute(update(projects).where(projects.c.id == project.id).values(values))
    if not found.rowcount:
        values |= {"id": project.id, "epsilon_total": FIRST_EPSILON}
        connection.execute(insert(projects).values(values))
    for table in (memberships, granted_datasets):
        connection.execute(delete(table).where(table.c.project == project.id))
    for member in project.members:
        connection.execute(insert(memberships).values(_membership_row(project.id, member)))
    for grant in project.datasets:
        connection.execute(insert(granted_datasets).values(_grant_row(project.id, grant)))


def _membership_row(project: ProjectId, member: Membership) -> dict[str, object]:
    return {
        "project": project,
        "person": member.person,
        "since": member.since,
        "until": member.until,
        "lead": member.lead,
    }


def _grant_row(project: ProjectId, grant: GrantedDataset) -> dict[str, object]:
    return {
        "project": project,
        "dataset": grant.dataset,
        "controller": grant.controller,
        "variables": list(grant.variables),
        "granted_on": grant.granted_on,
        "place": str(grant.place),
        "passport_trust": grant.passport_trust,
        "policy": grant.policy,
        "since_year": grant.since_year,
        "until_year": grant.until_year,
    }


def _by_project(
    connection: Connection, table: Table, known: list[ProjectId]
) -> defaultdict[ProjectId, list[RowMapping]]:
    found: defaultdict[ProjectId, list[RowMapping]] = defaultdict(list)
    query = select(table).where(table.c.project.in_(known)).order_by(*table.primary_key)
    for row in connection.execute(query).mappings():
        found[row["project"]].append(row)
    return found


def _project(row: RowMapping, members: list[RowMapping], grants: list[RowMapping]) -> Project:
    return Project(
        id=row["id"],
        title=row["title"],
        summary=row["summary"],
        state=ProjectState(row["state"]),
        starts=row["starts"],
        ends=row["ends"],
        legal_gateway=row["legal_gateway"],
        ethics_reference=row["ethics_reference"],
        public_benefit=row["public_benefit"],
        practice=row["practice"],
        members=tuple(_membership(member) for member in members),
        datasets=tuple(_grant(grant) for grant in grants),
        meeting=row["meeting"],
        shift_dates=row["shift_dates"],
    )


def _membership(row: RowMapping) -> Membership:
    return Membership(
        person=row["person"], since=row["since"], until=row["until"], lead=row["lead"]
    )


def _grant(row: RowMapping) -> GrantedDataset:
    return GrantedDataset(
        dataset=row["dataset"],
        controller=row["controller"],
        variables=tuple(row["variables"]),
        granted_on=row["granted_on"],
        place=Place(row["place"]),
        passport_trust=row["passport_trust"],
        policy=row["policy"],
        since_year=row["since_year"],
        until_year=row["until_year"],
    )
