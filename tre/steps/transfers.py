"""The book of what data went from whom to whom."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping, insert, select

from tre.five_safes import Subject
from tre.safe_data.linking.transfer import LinkageRun, Transfer
from tre.steps.acting import Act, acting
from tre.steps.tre import Tre
from tre.steps.views import TransferView
from tre.store.tables import transfers as rows
from tre.vocabulary import Action, PersonId


def record_transfers(tre: Tre, actor: PersonId, run: LinkageRun) -> None:
    """Keep every transfer of one run of a linkage, and the run itself on the ledger."""
    with acting(tre, actor, Action.RUN_LINKAGE) as act:
        act.require(Subject())
        keep_transfers(act, run.transfers)
        summary = run.to_dict()
        del summary["transfers"]
        act.record(summary)


def keep_transfers(act: Act, moved: Iterable[Transfer]) -> None:
    """Write transfers down in the step that made them, each with its line on the ledger."""
    for transfer in moved:
        plain = transfer.to_dict() | {"on": transfer.on, "recorded_at": act.at}
        act.connection.execute(insert(rows).values(plain))
        told = ("linkage", "columns", "rows", "sha256")
        act.record({name: plain[name] for name in told}, tag="data:transfer:record")


def transfers(tre: Tre, actor: PersonId) -> tuple[TransferView, ...]:
    """List every transfer, the newest first, to those who look after linkages."""
    with acting(tre, actor, Action.VIEW_LINKAGE) as act:
        act.require(Subject())
        found = act.connection.execute(select(rows).order_by(rows.c.number.desc())).mappings()
        views = tuple(_view(row) for row in found)
        act.record({"transfers": len(views)})
    return views


def _view(row: RowMapping) -> TransferView:
    plain: dict[str, Any] = dict(row)
    plain["columns"] = tuple(plain["columns"])
    plain["on"] = plain["on"].isoformat()
    return TransferView(**plain)
