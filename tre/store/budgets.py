"""What a project has spent of its budget of differential privacy, as rows."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from tre.store.tables import budget_spends, projects
from tre.vocabulary import PersonId, ProjectId


def epsilon_total(connection: Connection, project: ProjectId) -> float | None:
    """What the project may spend in all; None where there is no such project."""
    query = select(projects.c.epsilon_total).where(projects.c.id == project)
    return connection.execute(query).scalar_one_or_none()


def set_epsilon_total(connection: Connection, project: ProjectId, epsilon: float) -> None:
    """Say what a project may spend in all."""
    changed = update(projects).where(projects.c.id == project)
    connection.execute(changed.values(epsilon_total=epsilon))


def spent(connection: Connection, project: ProjectId) -> tuple[float, ...]:
    """List what was spent, the oldest first."""
    query = select(budget_spends.c.epsilon).where(budget_spends.c.project == project)
    return tuple(connection.execute(query.order_by(budget_spends.c.number)).scalars())


def spend(
    connection: Connection,
    project: ProjectId,
    person: PersonId,
    *,
    epsilon: float,
    at: datetime,
    result_sha256: str | None,
) -> None:
    """Keep that something was spent, and the hash of what it bought."""
    values: dict[str, object] = {"project": project, "person": person, "epsilon": epsilon}
    values |= {"spent_at": at, "result_sha256": result_sha256}
    connection.execute(insert(budget_spends).values(values))


def private_results(connection: Connection, project: ProjectId) -> tuple[str, ...]:
    """List the hashes of the results that were paid for."""
    query = select(budget_spends.c.result_sha256).where(
        budget_spends.c.project == project, budget_spends.c.result_sha256.is_not(None)
    )
    return tuple(connection.execute(query.order_by(budget_spends.c.number)).scalars())
