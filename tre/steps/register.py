"""The public register: which projects there are, on which data, and what each has released.

It is read without signing in. So it holds projects that were accredited and no others, no names
of people, and of results their titles and days alone.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from tre.safe_data.catalogue import catalogue
from tre.safe_projects.lifecycle import PUBLIC
from tre.safe_projects.membership import leads_on
from tre.safe_projects.project import Project
from tre.steps.tre import Tre
from tre.store.people import read_people
from tre.store.project_changes import Released, read_released
from tre.store.projects import read_projects
from tre.vocabulary import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredData:
    """A dataset that a project uses, and whose it is. years: "2010 to 2019", "" for all."""

    title: str
    controller: str
    years: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredResult:
    """A result that has left, by its title and day."""

    title: str
    released_on: date
    revoked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredProject:
    """A project as everybody may know it."""

    title: str
    summary: str
    organisation: str
    legal_gateway: str
    public_benefit: str
    state: str
    starts: date
    ends: date
    data: tuple[RegisteredData, ...]
    results: tuple[RegisteredResult, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        told: dict[str, Any] = asdict(self)
        told |= {"starts": self.starts.isoformat(), "ends": self.ends.isoformat()}
        for result in told["results"]:
            result["released_on"] = result["released_on"].isoformat()
        return told


def public_register(tre: Tre) -> tuple[RegisteredProject, ...]:
    """List every project that was accredited, by title; practice projects are none."""
    with tre.store.reading() as connection:
        found = [
            project
            for project in read_projects(connection).values()
            if project.state in PUBLIC and not project.practice
        ]
        today = tre.now().date()
        leads = {project.id: _lead(project, today) for project in found}
        organisations = {
            person.id: person.organisation
            for person in read_people(connection, set(leads.values())).values()
        }
        released = read_released(connection)
    titles = {dataset.id: dataset.title for dataset in catalogue()}
    return tuple(
        RegisteredProject(
            title=project.title,
            summary=project.summary,
            organisation=organisations.get(leads[project.id], ""),
            legal_gateway=project.legal_gateway,
            public_benefit=project.public_benefit,
            state=str(project.state),
            starts=project.starts,
            ends=project.ends,
            data=tuple(
                RegisteredData(
                    title=titles.get(one.dataset, one.dataset),
                    controller=one.controller,
                    years=years_in_words(one.since_year, one.until_year),
                )
                for one in project.datasets
            ),
            results=tuple(_result(one) for one in released if one.project == project.id),
        )
        for project in found
    )


def years_in_words(since: int | None, until: int | None) -> str:
    """Say a span of years, both included: "2010 to 2019", "from 2010", "" for no limit."""
    if since is not None and until is not None:
        return f"{since} to {until}" if since != until else str(since)
    if since is not None:
        return f"from {since}"
    return f"to {until}" if until is not None else ""


def _lead(project: Project, on: date) -> PersonId:
    return next(iter(leads_on(project, on)), "")


def _result(released: Released) -> RegisteredResult:
    return RegisteredResult(title=released.title, released_on=released.on, revoked=released.revoked)
