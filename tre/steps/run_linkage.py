"""Run a linkage, record every transfer that it took, and prove that separation was kept."""

from dataclasses import dataclass

from tre.five_safes import Subject
from tre.safe_data import world
from tre.safe_data.linking.separation.proof import SeparationProof
from tre.safe_data.world import LinkageRun, Progress
from tre.steps.acting import acting
from tre.steps.separation import SeparationBrokenError, keep_proof, look, the_book
from tre.steps.transfers import record_transfers
from tre.steps.tre import Tre
from tre.steps.world_record import read_world
from tre.vocabulary import Action, PersonId


def quiet(stage: str, share: float) -> None:
    """Tell nobody how far it has come."""
    _ = stage, share


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedRun:
    """A run of a linkage, and whether separation was kept; a run that broke it is kept as well."""

    run: LinkageRun
    proof: SeparationProof


def run_linkage(
    tre: Tre, actor: PersonId, linkage: str, *, period: str = "", progress: Progress = quiet
) -> LinkageRun:
    """Link a register with CRIS by its route, from the parties' own files.

    period: the id of an earlier agreement, such as `historic`; "" for the newest.
    Opt-outs are honoured before anything leaves. The linking itself holds no transaction open:
    it takes seconds to minutes. Raises RefusedError with every reason, NotThereError for a
    linkage or period that is not known, SeparationBrokenError where a run was made and broke
    separation.
    """
    proved = run_and_prove(tre, actor, linkage, period=period, progress=progress)
    if not proved.proof.holds:
        raise SeparationBrokenError(proved.run, proved.proof)
    return proved.run


def run_and_prove(
    tre: Tre, actor: PersonId, linkage: str, *, period: str = "", progress: Progress = quiet
) -> ProvedRun:
    """Run a linkage as `run_linkage` does, and say what the proof of separation came to."""
    known = world.linkage(linkage)
    with acting(tre, actor, Action.RUN_LINKAGE) as act:
        act.require(Subject())
    run = world.link(
        tre.folders.parties,
        known.id,
        on=tre.now().date(),
        seed=_seed(tre),
        backend=tre.config.linkage_backend,
        period=period,
        progress=progress,
    )
    record_transfers(tre, actor, run)
    return ProvedRun(run=run, proof=_proved(tre, actor, known.id))


def _seed(tre: Tre) -> int:
    """The seed that the world was built with; the setting's where no world was built here."""
    built = read_world(tre.config.home)
    return tre.config.seed if built is None else built.seed


def _proved(tre: Tre, actor: PersonId, linkage: str) -> SeparationProof:
    with acting(tre, actor, Action.RUN_LINKAGE) as act:
        act.require(Subject())
        book = the_book(act)
    proof = look(tre, book, linkage)
    with acting(tre, actor, Action.RUN_LINKAGE) as act:
        act.require(Subject())
        keep_proof(act, proof, linkage)
    return proof
