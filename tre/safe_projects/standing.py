"""Whether a project may be worked on today: its panel's word, its dates, what it was granted."""

from datetime import date

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_projects.project import Project, ProjectState
from tre.vocabulary import Safe

ACCREDITED = Rule(
    name="project accredited",
    safe=Safe.PROJECTS,
    sentence="The project is accredited by its panel and is neither suspended nor ended; a "
    "practice project needs no panel.",
    source="ONS, UK Statistics Authority; founding document",
)
DATES = Rule(
    name="project dates",
    safe=Safe.PROJECTS,
    sentence="The day lies between the project's first and last day, both included.",
    source="ONS",
)
DATASETS = Rule(
    name="datasets granted",
    safe=Safe.DATA,
    sentence="Each of the project's datasets was granted by its controller, with the variables "
    "named; a practice project has no granted data.",
    source="Five Safes: minimisation",
)


def is_accredited(project: Project) -> Decision:
    """Ask for the panel's word; only practice may go without, and nothing suspended or ended."""
    if project.state is ProjectState.SUSPENDED:
        return ACCREDITED.refuses(
            f"“{project.title}” is suspended. Its lead can ask the TRE manager what must be put "
            "right before it goes on."
        )
    if project.state is ProjectState.ENDED:
        return ACCREDITED.refuses(
            f"“{project.title}” has ended. What it released stays listed; for new work its lead "
            "must apply again."
        )
    if project.state in {ProjectState.REFUSED, ProjectState.WITHDRAWN}:
        return ACCREDITED.refuses(
            f"“{project.title}” was {project.state} and is not accredited. For new work its lead "
            "must apply again."
        )
    practises = project.practice and project.state is ProjectState.APPLIED
    if project.state is not ProjectState.ACCREDITED and not practises:
        return ACCREDITED.refuses(
            f"“{project.title}” is not accredited yet. Its page says with whom the application is."
        )
    return ALLOWED


def is_within_dates(project: Project, on: date) -> Decision:
    """Ask for a day between the first and the last, both included."""
    if on < project.starts:
        return DATES.refuses(
            f"“{project.title}” begins on {project.starts:%d %B %Y}. Come back then."
        )
    return is_not_past_its_end(project, on)


def is_not_past_its_end(project: Project, on: date) -> Decision:
    """Ask for a day up to the last; before the first is allowed, for what prepares the work."""
    if on > project.ends:
        return DATES.refuses(
            f"“{project.title}” ended on {project.ends:%d %B %Y}. If it should go on, its lead "
            "asks the panel for an extension."
        )
    return ALLOWED


def has_granted_data(project: Project, on: date) -> Decision:
    """Ask for at least one dataset, each granted by the day and with its variables named."""
    if project.practice:
        return ALLOWED
    if not project.datasets:
        return DATASETS.refuses(
            f"no dataset has been granted to “{project.title}”. Its lead asks the data owners."
        )
    decision = ALLOWED
    for dataset in project.datasets:
        if dataset.granted_on > on:
            decision = decision.also(
                DATASETS.refuses(
                    f"{dataset.controller} grants “{dataset.dataset}” to this project from "
                    f"{dataset.granted_on:%d %B %Y}. Come back then."
                )
            )
        if not dataset.variables:
            decision = decision.also(
                DATASETS.refuses(
                    f"the grant of “{dataset.dataset}” names no variables. The project's lead "
                    f"asks {dataset.controller} for the ones that the study needs."
                )
            )
    return decision


def trusts(project: Project) -> frozenset[str]:
    """Name the NHS trusts whose passport every reader of the project's data must hold."""
    return frozenset(d.passport_trust for d in project.datasets if d.passport_trust)


def policies(project: Project) -> tuple[str, ...]:
    """Name the disclosure policies of its datasets, each once, in alphabetical order.

    The project's own policy is the strictest of these, field by field (`output_checks`).
    """
    return tuple(sorted({dataset.policy for dataset in project.datasets})) or ("srs",)
