"""Withdrawal: who was linked before and objects since stays out of what the holder gives.

Once a patient objects, the CDLS sends no identifiers of them, so that the holder would take their
records for a control's. The CDLS therefore names the withdrawn by the CRIS pseudonym, under
which the holder has linked them before: neither side learns anything about anybody that it did not
know. The list is made anew at each refresh, so that it holds for as long as the objection does.
"""

from datetime import date
from pathlib import Path

import polars as pl

from tre.safe_data.covered import covered_patients
from tre.safe_data.files import read_table, write_table
from tre.safe_data.linkages import linkage as known_linkage
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.transfer import Transfer
from tre.safe_data.opt_outs import objecting_patients
from tre.safe_data.parties import Parties

_PURPOSE = "pseudonyms of people sent before who object since, so that they are kept out"


def tell_withdrawn(
    parties: Parties, linkage: Linkage, on: date
) -> tuple[pl.Series, tuple[Transfer, ...]]:
    """The CDLS tells the holder who is withdrawn on this day; the holder looks up whom it linked.

    Returns the research pseudonyms of the people to leave out, sorted, and the
    transfer; no transfer where nobody is withdrawn.
    """
    withdrawn = _withdrawn(parties, linkage, on)
    if withdrawn.is_empty():
        return pl.Series(linkage.research_id, [], dtype=pl.String), ()
    letter = parties.of(linkage.matcher) / "incoming" / f"{linkage.id}-withdrawn.parquet"
    digest = write_table(withdrawn, letter)
    letter.unlink()
    told = Transfer(
        linkage=linkage.id,
        sender=linkage.supplier,
        receiver=linkage.matcher,
        purpose=_PURPOSE,
        columns=tuple(withdrawn.columns),
        rows=len(withdrawn),
        legal_basis=linkage.identifier_basis,
        on=on,
        sha256=digest,
    )
    return _linked_before(parties.of(linkage.matcher), linkage, withdrawn), (told,)


def remember_sent(parties: Parties, linkage: Linkage, version: str, sent: pl.DataFrame) -> None:
    """The CDLS keeps the pseudonyms of everybody whom it has ever sent, and of each run's."""
    key = linkage.pseudonym
    write_table(sent.select(key).sort(key), sent_in(parties.slam, linkage, version))
    ever = pl.concat([_ever_sent(parties, linkage), sent.select(key)]).unique().sort(key)
    write_table(ever, _sent_file(parties.slam, linkage))


def sent_in(slam: Path, linkage: Linkage, version: str) -> Path:
    """The file of the pseudonyms that were sent in one run."""
    return slam / "sent" / linkage.id / f"{version}.parquet"


def _sent_file(slam: Path, linkage: Linkage) -> Path:
    return slam / "sent" / f"{linkage.id}.parquet"


def _ever_sent(parties: Parties, linkage: Linkage) -> pl.DataFrame:
    """The pseudonyms that were sent before, none before the first run.

    Where runs were made of which the CDLS kept no list, everybody covered may have been sent.
    """
    key, file = linkage.pseudonym, _sent_file(parties.slam, linkage)
    if file.is_file():
        return read_table(file, (key,), may_be_empty=True)
    if parties.versions(linkage.id, linkage.place):
        return covered_patients(parties.slam, known_linkage(linkage.id))  # whatever the period
    return pl.DataFrame(schema={key: pl.String})


def _withdrawn(parties: Parties, linkage: Linkage, on: date) -> pl.DataFrame:
    """The pseudonyms of those sent before who object on this day."""
    key = linkage.pseudonym
    objecting = objecting_patients(parties.slam, linkage, on)
    return objecting.join(_ever_sent(parties, linkage), on=key, how="semi").sort(key)


def _linked_before(holder: Path, linkage: Linkage, withdrawn: pl.DataFrame) -> pl.Series:
    """The people whom any earlier run gave to one of these pseudonyms."""
    key = linkage.pseudonym
    runs = sorted((holder / "links" / linkage.id).glob("*.parquet"))
    links = [read_table(run, (key, linkage.research_id), may_be_empty=True) for run in runs]
    if not links:
        return pl.Series(linkage.research_id, [], dtype=pl.String)
    return pl.concat(links).join(withdrawn, on=key, how="semi")[linkage.research_id].unique().sort()
