"""No result leaves that counts somebody who objects since its extract was made."""

from tre.decision import UnusableRequestError
from tre.safe_data import world
from tre.safe_projects.project import Project
from tre.steps.extracts import extract_of
from tre.steps.make_extract import project_key
from tre.steps.tre import Tre


def refuse_outdated(tre: Tre, project: Project) -> None:
    """Raise UnusableRequestError where the extract that sessions see holds people who object now.

    Nothing is said of a project without an extract or with a synthetic one.
    """
    extract = extract_of(tre, project.id)
    if extract is None or project.practice:
        return
    count = world.objecting_in(
        tre.folders.parties, extract, project_key(tre, project.id), tre.now().date()
    )
    if count:
        who = "one person" if count == 1 else f"{count:,} people"
        message = (
            f"{who} of the extract {extract.name} object{'s' if count == 1 else ''} since it was "
            f"made, and may be in no result that leaves from now on. A data linker makes it again "
            f"(tre project extract {project.id}); then make your outputs again from it"
        )
        raise UnusableRequestError(message)
