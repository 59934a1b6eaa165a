"""Measure what a project's extract would give away, and attack it."""

from tre.decision import UnusableRequestError
from tre.safe_data import world
from tre.steps.acting import acting
from tre.steps.extracts import extract_of
from tre.steps.in_question import project_in_question
from tre.steps.make_extract import project_key
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId, ProjectId


def extract_risk(
    tre: Tre, actor: PersonId, project: ProjectId, known: tuple[str, ...] = ()
) -> world.ExtractRisk:
    """The disclosure risk of the version that sessions see, with a re-identification attack.

    known: what the attacker knows, () for what is usual. Raises RefusedError with every reason,
    UnusableRequestError for a project without an extract or one that is synthetic.
    """
    with acting(tre, actor, Action.VIEW_LINKAGE) as act:
        act.require(project_in_question(act, project))
        act.record({"project": project, "known": list(known)})
    extract = extract_of(tre, project)
    if extract is None:
        message = f"{project} has no extract yet: tre project extract {project} makes one"
        raise UnusableRequestError(message)
    return world.extract_risk(tre.folders.parties, extract, project_key(tre, project), known)
