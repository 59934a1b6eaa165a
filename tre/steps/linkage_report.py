"""Read how good a linkage was."""

from tre.five_safes import Subject
from tre.safe_data import world
from tre.safe_data.world import LinkageReport
from tre.steps.acting import acting
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId


def linkage_report(tre: Tre, actor: PersonId, linkage: str) -> LinkageReport:
    """Compare the latest run of a linkage with the truth that only the simulator knows.

    Raises RefusedError with every reason, NotThereError for a linkage that is not known or was
    never run.
    """
    known = world.linkage(linkage)
    with acting(tre, actor, Action.VIEW_LINKAGE) as act:
        act.require(Subject())
        act.record({"linkage": known.id})
    return world.report(tre.folders.parties, known.id)


def linkage_report_page(tre: Tre, told: LinkageReport) -> str:
    """A report that was read, as a self-contained page with splink's charts of the model."""
    return world.report_page(tre.folders.parties, told.linkage, told)
