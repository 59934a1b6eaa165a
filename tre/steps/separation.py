"""Prove that separation was kept, and write to the ledger what was found."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.safe_data import world
from tre.safe_data.linking.separation.check import check_separation
from tre.safe_data.linking.separation.proof import SeparationProof
from tre.safe_data.linking.separation.record import read_runs
from tre.safe_data.linking.transfer import Transfer
from tre.safe_data.world import LinkageRun
from tre.steps.acting import Act, acting
from tre.steps.tre import Tre
from tre.store.tables import transfers as rows
from tre.vocabulary import Action, PersonId

TAG = "data:linkage:separation"
"""The ledger's tag of a look at separation: what was looked at, and what was violated."""


class SeparationBrokenError(UnusableRequestError):
    """A linkage was run, and separation was not kept; the run and its record stay."""

    def __init__(self, run: LinkageRun, proof: SeparationProof):
        self.run = run
        self.proof = proof
        found = "; ".join(f"{each.where}: {each.why}" for each in proof.violations)
        super().__init__(
            f"the linkage {run.linkage}, version {run.version}, was run, but separation was not "
            f"kept ({len(proof.violations)} violations): {found}"
        )


def prove_separation(tre: Tre, actor: PersonId, linkage: str | None = None) -> SeparationProof:
    """Look at the record and at every party's folder; of one linkage, or of all.

    Raises RefusedError with every reason, NotThereError for a linkage that is not known.
    """
    only = None if linkage is None else world.linkage(linkage).id
    with acting(tre, actor, Action.VIEW_LINKAGE) as act:
        act.require(Subject())
        book = the_book(act)
    proof = look(tre, book, only)
    with acting(tre, actor, Action.VIEW_LINKAGE) as act:
        act.require(Subject())
        keep_proof(act, proof, only)
    return proof


def the_book(act: Act) -> tuple[Transfer, ...]:
    """Every transfer that was recorded, the oldest first."""
    names = [column for column in rows.c if column.name not in {"number", "recorded_at"}]
    found = act.connection.execute(select(*names).order_by(rows.c.number)).mappings()
    return tuple(_transfer(dict(row)) for row in found)


def _transfer(plain: dict[str, Any]) -> Transfer:
    plain["columns"] = tuple(plain["columns"])
    return Transfer(**plain)


def look(tre: Tre, book: Iterable[Transfer], only: str | None) -> SeparationProof:
    """Look at the disk, with no transaction open: it takes seconds."""
    parties = tre.folders.parties
    runs = read_runs(parties, only)
    return check_separation(parties, world.linkages(), book, runs, only=only)


def keep_proof(act: Act, proof: SeparationProof, only: str | None) -> None:
    """Write to the ledger what was looked at and what was violated; nobody is named in it."""
    act.record({"linkage": only or "all"} | proof.summary(), tag=TAG)
