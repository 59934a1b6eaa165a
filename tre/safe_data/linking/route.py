"""The route of a linkage: who sends what to whom, in which order, and what is destroyed after.

1. The supplier (CDLS) sends the matcher identifiers with the CRIS pseudonym.
2. The matcher links them to its own register and destroys them.
   At a refresh the supplier also names, by pseudonym alone, those sent before who object since.
3. The holder gives its own records, without identifiers, under the CRIS pseudonym: into the SRS, or
   back to the CDLS, as the description says.
What the CDLS brings into the SRS is made for one project at a time: see `tre.safe_data.extracts`.
"""

import fcntl
import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from tre.decision import OvertakenError, UnusableRequestError
from tre.safe_data.files import finished_folder, write_table, write_text
from tre.safe_data.holders import (
    Chosen,
    check_register,
    choose,
    deidentified,
    key_file,
    research_ids,
)
from tre.safe_data.identifiers import (
    destroy,
    identifiers_file,
    read_identifiers,
    write_identifiers,
)
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.interrupted import IDENTIFYING, recovered, sealed_post, settled
from tre.safe_data.linking.matching import How, Matched, match_files
from tre.safe_data.linking.own_identifiers import check_identifiers
from tre.safe_data.linking.supply import Supply, prepare
from tre.safe_data.linking.transfer import LinkageRun, Transfer
from tre.safe_data.linking.withdrawal import remember_sent, tell_withdrawn
from tre.safe_data.parties import Parties
from tre.safe_data.progress import Progress
from tre.safe_data.pseudonyms import read_key

_WITHOUT = "records without identifiers, under the linked CRIS pseudonym"


def run_linkage(
    home: Path, linkage: Linkage, *, on: date, how: How, progress: Progress
) -> LinkageRun:
    """Run the whole route on this day. Nothing of it is kept unless all of it succeeds.

    how: the seed, and where splink runs.
    Raises UnusableRequestError for an unusable register, OvertakenError while another run goes on.
    """
    parties = Parties(home=home)
    with _alone(parties, linkage):
        return _run(parties, linkage, on, how, progress)


@contextmanager
def _alone(parties: Parties, linkage: Linkage) -> Generator[None]:
    """One run of a linkage at a time; the lock ends with the process, however that ends."""
    holder = parties.of(linkage.holder)
    lock = holder / f".{linkage.id}.lock"
    if not holder.is_dir():
        message = "there are no registers yet; build the world first"
        raise UnusableRequestError(message)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"the linkage {linkage.id!r} is being run already; wait until it is done"
            raise OvertakenError(message) from error
        # The file stays: who removed it could let in a third while a second still holds it.
        yield


def _run(parties: Parties, linkage: Linkage, on: date, how: How, progress: Progress) -> LinkageRun:
    """The route itself: each step in the order in which the parties take it."""
    matcher = parties.of(linkage.matcher)
    post = matcher / "incoming" / f"{linkage.id}.parquet"
    interrupted = recovered(parties, linkage, post, on)
    read_key(key_file(parties.of(linkage.holder), linkage))  # before anything leaves, and not after
    progress("Looking whether the register is as it is described", 0.0)
    check_register(parties.of(linkage.holder), linkage, on)
    check_identifiers(parties, linkage, on)
    progress("Choosing whose identifiers may leave", 0.05)
    supply = prepare(parties.slam, linkage, on)
    with sealed_post(parties, linkage, post, on) as destroyed:
        sent = _send_identifiers(supply, linkage, post, on)
        progress(f"Matching identifiers: {linkage.matcher}", 0.15)
        matched = _match(parties, linkage, post, how)
        links = matched.links
        destroyed.append(destroy(post) or "")
    withdrawn, told = tell_withdrawn(parties, linkage, on)
    progress(f"Bringing records without identifiers: {linkage.place}", 0.85)
    chosen = choose(parties.of(linkage.holder), linkage, links, on, withdrawn)
    version = str((parties.versions(linkage.id, linkage.place) or [0])[-1] + 1)
    with finished_folder(parties.of(linkage.place) / linkage.id / version) as folder:
        brought = _bring_all(parties, linkage, chosen, folder, on)
        run = LinkageRun(
            linkage=linkage.id,
            on=on,
            version=version,
            covered=supply.covered,
            opted_out=supply.opted_out,
            sent=len(supply.identifiers),
            matched=len(links),
            withheld=chosen.withheld,
            out_of_time=chosen.out_of_time,
            controls=chosen.controls,
            transfers=(*interrupted.transfers, sent, *told, *brought),
            destroyed=(*interrupted.destroyed, *destroyed),
            period=linkage.period,
        )
        write_text(json.dumps(run.to_dict(), indent=1) + "\n", folder / "run.json")
        _keep_links(parties, linkage, version, matched)
        settled(parties, linkage)
        remember_sent(parties, linkage, version, supply.identifiers)
    progress("Linked", 1.0)
    return run


def _bring_all(
    parties: Parties, linkage: Linkage, chosen: Chosen, folder: Path, on: date
) -> tuple[Transfer, ...]:
    """Each table in turn, so that no more than one is held in memory."""
    tables = deidentified(parties.of(linkage.holder), linkage, chosen)
    return tuple(_bring(name, frame, linkage, folder, on) for name, frame in tables)


def _send_identifiers(supply: Supply, linkage: Linkage, post: Path, on: date) -> Transfer:
    columns = (linkage.pseudonym, *linkage.identifiers)
    file = supply.identifiers.select(columns)
    return Transfer(
        linkage=linkage.id,
        sender=linkage.supplier,
        receiver=linkage.matcher,
        purpose=IDENTIFYING,
        columns=columns,
        rows=len(file),
        legal_basis=linkage.identifier_basis,
        on=on,
        sha256=write_identifiers(file, post),
    )


def _match(parties: Parties, linkage: Linkage, post: Path, how: How) -> Matched:
    """What the matcher does with its post and its own register, and nothing else."""
    file = parties.of(linkage.matcher) / identifiers_file(linkage.id)
    # Neither file gets a name here: see `match_files`.
    return match_files(
        read_identifiers(post, linkage.pseudonym, linkage.identifiers),
        linkage.pseudonym,
        read_identifiers(file, linkage.record, linkage.identifiers),
        linkage.record,
        replace(how, identifiers=linkage.identifiers),
    )


def _bring(table: str, frame: pl.DataFrame, linkage: Linkage, folder: Path, on: date) -> Transfer:
    return Transfer(
        linkage=linkage.id,
        sender=linkage.holder,
        receiver=linkage.place,
        purpose=f"{_WITHOUT}: {table}",
        columns=tuple(frame.columns),
        rows=len(frame),
        legal_basis=linkage.access_basis,
        on=on,
        sha256=write_table(frame, folder / f"{table}.parquet"),
    )


def _rounded(value: Any) -> Any:
    """Numbers to six figures: no more is known, and ten might be taken for an NHS number."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value


def _keep_links(parties: Parties, linkage: Linkage, version: str, matched: Matched) -> None:
    """The matcher keeps the pseudonym beside its own research pseudonym, and how sure it was.

    Beside it lie the model and splink's charts of it, in which nobody is named.
    """
    holder, links = parties.of(linkage.holder), matched.links
    ids = research_ids(links[linkage.record], holder, linkage)
    kept = links.with_columns(ids).drop(linkage.record)
    folder = holder / "links" / linkage.id
    write_table(kept, folder / f"{version}.parquet")
    told = _rounded({"model": matched.model, "charts": matched.charts})
    write_text(json.dumps(told) + "\n", folder / f"{version}.json")
