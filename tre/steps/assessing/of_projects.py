"""Is every project that people work on decided, in date, and judged by people apart from it?"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from tre.safe_projects.membership import everybody_named
from tre.safe_projects.project import Project, ProjectState
from tre.steps.assessing.check import Check, check
from tre.steps.make_extract import pseudonym_key
from tre.steps.tre import Tre
from tre.store.project_applications import REPLY
from tre.store.project_tables import project_judgements, workspace_archives
from tre.store.projects import read_projects
from tre.vocabulary import PersonId

GRACE_DAYS = 30
"""So long after its last day a project may wait for its end; nobody works on it meanwhile."""

GOING = (ProjectState.ACCREDITED, ProjectState.SUSPENDED)


def projects_decided(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Projects that go on without what they had to have."""
    _ = actor
    for project in _of(tre, *GOING):
        if not project.practice and (missing := ", ".join(_missing(project))):
            yield f"{project.id} goes on without {missing}"


def _missing(project: Project) -> Iterable[str]:
    fields = {
        "a legal gateway": project.legal_gateway,
        "an ethics reference": project.ethics_reference,
        "a public benefit": project.public_benefit,
    }
    yield from (name for name, text in fields.items() if not text.strip())
    if not any(member.lead for member in project.members):
        yield "a lead"
    if not project.datasets:
        yield "a granted dataset"
    for grant in project.datasets:
        if not grant.controller.strip() or not grant.variables:
            yield f"a controller's grant of {grant.dataset}"


def projects_in_date(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Projects long past their last day that nobody has ended."""
    _ = actor
    today = tre.now().date()
    for project in _of(tre, *GOING):
        if project.ends + timedelta(days=GRACE_DAYS) < today:
            yield (
                f"{project.id} was over on {project.ends} and its data are still there: end it "
                "(tre project end), or extend it"
            )


def ended_projects_gone(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Ended projects whose data, key or archive are not as they should be."""
    _ = actor
    with tre.store.reading() as connection:
        archived = set(connection.execute(select(workspace_archives.c.project)).scalars())
    for project in _of(tre, ProjectState.ENDED):
        if list(tre.folders.extracts(project.id).glob("*/manifest.json")):
            yield f"{project.id} has ended and its extract is still there"
        if (tre.folders.keys / pseudonym_key(project.id)).exists():
            yield f"{project.id} has ended and the key of its pseudonyms is still there"
        if project.id not in archived:
            yield f"{project.id} has ended and its workspace was not archived"


def judges_apart(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Advice, grants and votes about a project by somebody who is named on it."""
    _ = actor
    projects = {project.id: project for project in _of(tre, *ProjectState)}
    query = select(project_judgements).where(project_judgements.c.kind != REPLY)
    with tre.store.reading() as connection:
        rows = connection.execute(query).mappings().all()
    for row in rows:
        if row["person"] in everybody_named(projects[row["project"]]):
            yield (
                f"{row['person']} is named on {row['project']} and decided about it "
                f"({row['kind']}, round {row['round']})"
            )


def _of(tre: Tre, *states: ProjectState) -> list[Project]:
    with tre.store.reading() as connection:
        return [one for one in read_projects(connection).values() if one.state in states]


CHECKS: tuple[Check, ...] = (
    check(
        "projects-decided",
        "Every project that goes on has gateway, ethics, benefit, lead and grants.",
        projects_decided,
    ),
    check(
        "projects-in-date", "No project is long past its last day and not ended.", projects_in_date
    ),
    check(
        "ended-projects-gone",
        "Ended projects have no extract and no key, and an archived workspace.",
        ended_projects_gone,
    ),
    check("judges-apart", "Nobody who is named on a project decided about it.", judges_apart),
)
