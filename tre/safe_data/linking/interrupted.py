"""Letters of runs that did not come to an end: they were sent, and are on the record all the same.

A run that fails destroys its letter and notes it; a run that is killed leaves the letter, which the
next one describes from the file itself, and destroys. Either way the next run that succeeds has the
sending and the destruction in its own record.
"""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from tre.safe_data.files import write_text
from tre.safe_data.identifiers import destroy
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.transfer import Transfer
from tre.safe_data.parties import Parties

IDENTIFYING = "identifiers to be matched, with the pseudonym and nothing clinical"
_CUT_OFF = f"{IDENTIFYING}; the run did not come to its end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """What was sent before and came to nothing, and the hashes of what was destroyed of it."""

    transfers: tuple[Transfer, ...]
    destroyed: tuple[str, ...]


def recovered(parties: Parties, linkage: Linkage, post: Path, on: date) -> Interrupted:
    """Destroy what a killed run left, and give all that ended so since the last run."""
    if post.exists():
        _note(parties, linkage, _described(linkage, post, on), destroy(post) or "")
    noted = _noted(parties, linkage)
    return Interrupted(
        transfers=tuple(Transfer.from_dict(one["transfer"]) for one in noted),
        destroyed=tuple(one["destroyed"] for one in noted),
    )


def settled(parties: Parties, linkage: Linkage) -> None:
    """Forget what a run has taken into its own record."""
    _file(parties, linkage).unlink(missing_ok=True)


@contextmanager
def sealed_post(parties: Parties, linkage: Linkage, post: Path, on: date) -> Generator[list[str]]:
    """A letter of identifiers that never outlives its use, whatever goes wrong."""
    destroyed: list[str] = []
    try:
        yield destroyed
    finally:
        if post.exists():
            _note(parties, linkage, _described(linkage, post, on), destroy(post) or "")
        destroy(post.with_name(post.name + ".part"))


def _described(linkage: Linkage, post: Path, on: date) -> Transfer:
    """What the letter itself tells of its sending; of a letter that was cut off, not its rows."""
    try:
        columns, rows = tuple(pl.read_parquet_schema(post)), _rows(post)
    except (pl.exceptions.PolarsError, OSError):
        columns, rows = (), 0
    written = datetime.fromtimestamp(post.stat().st_mtime, UTC).date()
    return Transfer(
        linkage=linkage.id,
        sender=linkage.supplier,
        receiver=linkage.matcher,
        purpose=_CUT_OFF,
        columns=columns,
        rows=rows,
        legal_basis=linkage.identifier_basis,
        on=min(written, on),
        sha256="",
    )


def _rows(post: Path) -> int:
    return int(pl.scan_parquet(post).select(pl.len()).collect().item())


def _note(parties: Parties, linkage: Linkage, sent: Transfer, digest: str) -> None:
    noted = [*_noted(parties, linkage)]
    noted.append({"transfer": sent.to_dict() | {"sha256": digest}, "destroyed": digest})
    file = _file(parties, linkage)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_text(json.dumps(noted, indent=1) + "\n", file)


def _noted(parties: Parties, linkage: Linkage) -> list[dict]:
    file = _file(parties, linkage)
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []


def _file(parties: Parties, linkage: Linkage) -> Path:
    return parties.slam / "sent" / linkage.id / "interrupted.json"
