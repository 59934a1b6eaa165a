"""Look at the linkages: what each is, its latest run, how the last proof of separation ended."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from tre.five_safes import Subject
from tre.safe_data import world
from tre.safe_data.linking.separation.record import RunRecord, read_runs
from tre.safe_data.world import Linkage
from tre.steps.acting import Act, acting
from tre.steps.separation import TAG
from tre.steps.tre import Tre
from tre.store.ledger import read_entry
from tre.store.tables import ledger
from tre.vocabulary import Action, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageCard:
    """A linkage as a page shows it.

    described: its description, plain. runs: how many are finished. latest: what the latest says
    about itself, without its transfers; None before the first. proved: what the last proof of
    separation came to, and at, when that was; None where there was none.
    """

    described: Mapping[str, Any]
    runs: int
    latest: Mapping[str, Any] | None
    proved: Mapping[str, Any] | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self)


def linkage_cards(tre: Tre, actor: PersonId) -> tuple[LinkageCard, ...]:
    """List every linkage in the order of the documentation, to those who look after linkages."""
    proofs = _decided(tre, actor)
    runs = read_runs(tre.folders.parties)
    return tuple(_card(each, runs, proofs) for each in world.linkages())


def linkage_card(tre: Tre, actor: PersonId, linkage: str) -> LinkageCard:
    """Show one linkage. Raises NotThereError for one that is not known."""
    known = world.linkage(linkage)
    proofs = _decided(tre, actor)
    return _card(known, read_runs(tre.folders.parties, known.id), proofs)


def _decided(tre: Tre, actor: PersonId) -> Mapping[str, Mapping[str, Any]]:
    """The newest proof of each linkage, once it is decided that the actor may look."""
    with acting(tre, actor, Action.VIEW_LINKAGE) as act:
        act.require(Subject())
        act.record()
        return _proofs(act)


def _proofs(act: Act) -> Mapping[str, Mapping[str, Any]]:
    query = select(ledger).where(ledger.c.tag == TAG).order_by(ledger.c.number)
    found = (read_entry(row) for row in act.connection.execute(query).mappings())
    told = [(each, {**each.details, "at": each.at.isoformat()}) for each in found]
    return {
        one: details
        for entry, details in told
        if entry.outcome == "done"
        for one in _concerned(entry.details["linkage"])
    }


def _concerned(linkage: str) -> tuple[str, ...]:
    """A look at all linkages is one at each."""
    return tuple(each.id for each in world.linkages()) if linkage == "all" else (linkage,)


def _card(
    linkage: Linkage, runs: tuple[RunRecord, ...], proofs: Mapping[str, Mapping[str, Any]]
) -> LinkageCard:
    own = [run for run in runs if run.linkage == linkage.id]
    latest = {k: v for k, v in own[-1].told.items() if k != "transfers"} if own else None
    return LinkageCard(
        described=linkage.to_dict(), runs=len(own), latest=latest, proved=proofs.get(linkage.id)
    )
