"""The route of a linkage: who sends what to whom, in which order, and what is destroyed after.

1. The supplier (CDLS) sends the matcher (DfE) identifiers with the CRIS pseudonym.
2. The matcher links them to its own register and destroys them.
   At a refresh the supplier also names, by pseudonym alone, those sent before who object since.
3. The matcher brings its own records, without identifiers, into the SRS under the CRIS pseudonym.
What the CDLS brings is made for one project at a time: see `tre.safe_data.extracts`.
"""

import fcntl
import json
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars as pl

from tre.decision import OvertakenError, UnusableRequestError
from tre.safe_data.education import KEY_FILE, deidentified, education_ids
from tre.safe_data.files import finished_folder, write_table, write_text
from tre.safe_data.identifiers import (
    NPD_FILE,
    destroy,
    read_identifiers,
    write_identifiers,
)
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.matching import match
from tre.safe_data.linking.supply import Supply, prepare
from tre.safe_data.linking.transfer import LinkageRun, Transfer
from tre.safe_data.linking.withdrawal import remember_sent, tell_withdrawn
from tre.safe_data.parties import SRS, Parties
from tre.safe_data.progress import Progress
from tre.safe_data.pseudonyms import read_key

_IDENTIFYING = "identifiers to be matched, with the pseudonym and nothing clinical"
_EDUCATION = "education records without identifiers, under the linked CRIS pseudonym"


def run_linkage(
    home: Path, linkage: Linkage, *, on: date, seed: int, progress: Progress
) -> LinkageRun:
    """Run the whole route on this day. Nothing of it is kept unless all of it succeeds.

    Raises UnusableRequestError for an unusable register, OvertakenError while another run goes on.
    """
    parties = Parties(home=home)
    with _alone(parties, linkage):
        return _run(parties, linkage, on, seed, progress)


@contextmanager
def _alone(parties: Parties, linkage: Linkage) -> Generator[None]:
    """One run of a linkage at a time; the lock ends with the process, however that ends."""
    lock = parties.dfe / f".{linkage.id}.lock"
    if not parties.dfe.is_dir():
        message = "there are no registers yet; build the world first"
        raise UnusableRequestError(message)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"the linkage {linkage.id!r} is being run already; wait until it is done"
            raise OvertakenError(message) from error
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def _run(parties: Parties, linkage: Linkage, on: date, seed: int, progress: Progress) -> LinkageRun:
    """The route itself: each step in the order in which the parties take it."""
    version = str((parties.versions(linkage.id) or [0])[-1] + 1)
    post = parties.dfe / "incoming" / f"{linkage.id}.parquet"
    destroy(post)
    read_key(parties.dfe / KEY_FILE)  # before anything leaves, and not after
    progress("Choosing whose identifiers may leave", 0.05)
    supply = prepare(parties.slam, linkage, on)
    with _post(post) as destroyed:
        sent = _send_identifiers(supply, linkage, post, on)
        progress("Matching identifiers at the Department for Education", 0.15)
        links = _match(parties, linkage, post, seed)
        destroyed.append(destroy(post) or "")
    withdrawn, told = tell_withdrawn(parties, linkage, on)
    progress("Bringing education records into the SRS", 0.85)
    with finished_folder(parties.srs / linkage.id / version) as folder:
        tables = deidentified(parties.dfe, links, on, withdrawn)
        brought = [_bring(t, frame, linkage, folder, on) for t, frame in tables.items()]
        pseudonyms = tables["pupils"][linkage.pseudonym]
        controls = pseudonyms.null_count()
        run = LinkageRun(
            linkage=linkage.id,
            on=on,
            version=version,
            covered=supply.covered,
            opted_out=supply.opted_out,
            sent=len(supply.identifiers),
            matched=len(links),
            withheld=len(links) - len(pseudonyms) + controls,
            controls=controls,
            transfers=(sent, *told, *brought),
            destroyed=tuple(destroyed),
        )
        write_text(json.dumps(run.to_dict(), indent=1) + "\n", folder / "run.json")
        _keep_links(parties, linkage, version, links)
        remember_sent(parties, linkage, supply.identifiers)
    progress("Linked", 1.0)
    return run


@contextmanager
def _post(file: Path) -> Generator[list[str]]:
    """A letter of identifiers that never outlives its use, whatever goes wrong."""
    destroyed: list[str] = []
    try:
        yield destroyed
    finally:
        destroy(file)


def _send_identifiers(supply: Supply, linkage: Linkage, post: Path, on: date) -> Transfer:
    columns = (linkage.pseudonym, *linkage.identifiers)
    file = supply.identifiers.select(columns)
    return Transfer(
        linkage=linkage.id,
        sender=linkage.supplier,
        receiver=linkage.matcher,
        purpose=_IDENTIFYING,
        columns=columns,
        rows=len(file),
        legal_basis=linkage.identifier_basis,
        on=on,
        sha256=write_identifiers(file, post),
    )


def _match(parties: Parties, linkage: Linkage, post: Path, seed: int) -> pl.DataFrame:
    """What the matcher does with its post and its own register, and nothing else."""
    sent = read_identifiers(post, linkage.pseudonym, linkage.identifiers)
    register = read_identifiers(parties.dfe / NPD_FILE, "pupil", linkage.identifiers)
    return match(sent, linkage.pseudonym, register, "pupil", seed)


def _bring(table: str, frame: pl.DataFrame, linkage: Linkage, folder: Path, on: date) -> Transfer:
    return Transfer(
        linkage=linkage.id,
        sender=linkage.holder,
        receiver=SRS,
        purpose=f"{_EDUCATION}: {table}",
        columns=tuple(frame.columns),
        rows=len(frame),
        legal_basis=linkage.access_basis,
        on=on,
        sha256=write_table(frame, folder / f"{table}.parquet"),
    )


def _keep_links(parties: Parties, linkage: Linkage, version: str, links: pl.DataFrame) -> None:
    """The matcher keeps the pseudonym beside its own research pseudonym, and how sure it was."""
    kept = links.with_columns(education_ids(links["pupil"], parties.dfe)).drop("pupil")
    write_table(kept, parties.dfe / "links" / linkage.id / f"{version}.parquet")
