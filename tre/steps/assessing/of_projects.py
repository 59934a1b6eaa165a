"""Is every project that people work on decided, in date, and judged by people apart from it?"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from tre.safe_projects.changes import Change
from tre.safe_projects.judges import Voice
from tre.safe_projects.membership import everybody_named
from tre.safe_projects.project import Project, ProjectState
from tre.steps.assessing.check import Check, check
from tre.steps.make_extract import pseudonym_key
from tre.steps.register import public_register
from tre.steps.tre import Tre
from tre.store.project_applications import ADVICE, OWNER, VOTE
from tre.store.project_changes import read_changes
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


def register_says_all(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Projects of which the public register lacks what everybody should be able to read."""
    _ = actor
    for project in public_register(tre):
        fields = {
            "a lay summary": project.summary,
            "the lead's organisation": project.organisation,
            "a legal gateway": project.legal_gateway,
            "a public benefit": project.public_benefit,
            "its data": project.data,
        }
        if missing := [name for name, said in fields.items() if not said]:
            yield f"the register does not say of “{project.title}”: {', '.join(missing)}"


_VOICES = {ADVICE: Voice.LAY, OWNER: Voice.OWNER, VOTE: Voice.PANEL}


def judges_apart(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Words about a project, or a change to it, by somebody who should not have said them."""
    _ = actor
    query = select(project_judgements).where(project_judgements.c.kind.in_(list(_VOICES)))
    spoken: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    with tre.store.reading() as connection:
        projects = read_projects(connection)
        changes = read_changes(connection)
        for row in connection.execute(query.order_by(project_judgements.c.id)).mappings():
            spoken[row["project"], row["person"]].append(row["kind"])
    for (project, person), kinds in spoken.items():
        ways = " and ".join(dict.fromkeys(str(_VOICES[kind]) for kind in kinds))
        if person in everybody_named(projects[project]):
            yield f"{person} is named on {project} and spoke about it {ways}"
        elif len(set(kinds)) > 1:
            yield f"{person} spoke about {project} {ways}"
    for change in changes:
        yield from _answered_by_its_own(projects[change.project], change)


def _answered_by_its_own(project: Project, change: Change) -> Iterable[str]:
    """Answers to a change by somebody on the project, about themselves, or twice over."""
    said = [word.person for word in change.words]
    named = everybody_named(project) | {change.member}
    for person in dict.fromkeys(said):
        if person in named:
            yield f"{person} is on {project.id}, or would be, and answered change {change.number}"
        if said.count(person) > 1:
            yield f"{person} answered change {change.number} of {project.id} twice"


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
    check(
        "register-says-all",
        "The public register says of each project what it is, who leads it, by what law, and its "
        "data.",
        register_says_all,
    ),
    check(
        "judges-apart",
        "Nobody who is named on a project decided about it or a change to it, or did so twice.",
        judges_apart,
    ),
)
