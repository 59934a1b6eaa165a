"""Run a linkage, and record every transfer between organisations that it took."""

from tre.five_safes import Subject
from tre.safe_data import world
from tre.safe_data.world import LinkageRun, Progress
from tre.steps.acting import acting
from tre.steps.transfers import record_transfers
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId


def quiet(stage: str, share: float) -> None:
    """Tell nobody how far it has come."""
    _ = stage, share


def run_linkage(
    tre: Tre, actor: PersonId, linkage: str, *, progress: Progress = quiet
) -> LinkageRun:
    """Link a register with CRIS by its route, from the parties' own files.

    Opt-outs are honoured before anything leaves. The linking itself holds no transaction open:
    it takes seconds to minutes. Raises RefusedError with every reason, NotThereError for a
    linkage that is not known.
    """
    known = world.linkage(linkage)
    with acting(tre, actor, Action.RUN_LINKAGE) as act:
        act.require(Subject())
    run = world.link(
        tre.folders.parties,
        known.id,
        on=tre.now().date(),
        seed=tre.config.seed,
        progress=progress,
    )
    record_transfers(tre, actor, run)
    return run
