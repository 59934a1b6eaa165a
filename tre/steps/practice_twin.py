"""Give a practice project data: a synthetic twin of another project's extract."""

from tre.decision import UnusableRequestError
from tre.safe_data import world
from tre.safe_data.world import Manifest, Progress
from tre.steps.acting import acting
from tre.steps.extracts import extract_of
from tre.steps.in_question import project_in_question
from tre.steps.make_extract import making_extract, next_version, settle_extract
from tre.steps.run_linkage import quiet
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId, ProjectId


def practice_twin(
    tre: Tre,
    actor: PersonId,
    project: ProjectId,
    *,
    of: ProjectId,
    progress: Progress = quiet,
) -> Manifest:
    """Make a practice project's extract from a synthetic twin of `of`'s current extract.

    Only a practice project may get one: on a real project invented people would pass for real.
    Raises RefusedError with every reason; UnusableRequestError where the project is no practice
    project, where `of` has no extract, or where SDV is not installed; OvertakenError while another
    version is being made.
    """
    with acting(tre, actor, Action.MAKE_EXTRACT) as act:
        subject = project_in_question(act, project)
        act.require(subject)
        if subject.project is None or not subject.project.practice:
            message = f"{project} is no practice project: only those work on synthetic data"
            raise UnusableRequestError(message)
    original = extract_of(tre, of)
    if original is None:
        message = f"{of} has no extract yet, so there is nothing to make a twin of"
        raise UnusableRequestError(message)
    with making_extract(tre, project):
        into = next_version(tre, project)
        manifest = world.synthetic_twin(
            original, into, project=project, seed=tre.config.seed, progress=progress
        )
        settle_extract(tre, actor, project, manifest)
    return manifest
