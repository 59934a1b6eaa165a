"""Who is in an extract and objects since it was made: they must be in nothing new."""

from datetime import date
from pathlib import Path

import polars as pl

from tre.safe_data.extracts import education
from tre.safe_data.extracts.manifest import Manifest, read_manifest
from tre.safe_data.extracts.patients import TABLES as OF_PATIENTS
from tre.safe_data.extracts.request import PERSON
from tre.safe_data.extracts.withdrawing import person
from tre.safe_data.files import read_table
from tre.safe_data.holders import withdrawn_since
from tre.safe_data.linkages import linkage
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.opt_outs import objecting_patients, out_of_cris
from tre.safe_data.parties import Parties
from tre.safe_data.pseudonyms import keyed


def objecting_in(home: Path, extract: Path, key: bytes, on: date) -> int:
    """How many people of this extract object by this day, to what they are in it for.

    key: the project's, by which they can be found in it. Nobody objects to a synthetic extract.
    Raises UnusableRequestError for an extract that is none.
    """
    manifest = read_manifest(extract)
    if manifest.synthetic:
        return 0
    parties = Parties(home=home)
    found: set[str] = set()
    for source in manifest.sources:
        described = linkage(source.linkage)
        gone = _gone(parties, described, source.version, on)
        names = {table.name for table in described.holdings}
        names |= set(education.TABLES) if described.id == "npd" else set()
        found |= _there(extract, manifest, names, keyed(gone, key, f"person:{manifest.project}"))
    if any(table.name in OF_PATIENTS for table in manifest.tables):
        patients = keyed(_patients(parties, manifest, on), key, f"person:{manifest.project}")
        found |= _there(extract, manifest, set(OF_PATIENTS), patients)
    return len(found)


def waiting(home: Path, described: Linkage, on: date) -> int:
    """How many people of the latest run of a linkage object by this day, and wait for the next.

    0 before the first run, and where its people are not there any more: that their file is missing
    is found by whoever looks at the files.
    """
    parties = Parties(home=home)
    versions = parties.versions(described.id, described.place)
    if not versions:
        return 0
    latest = parties.latest(described.id, described.place)
    if not (latest / f"{described.people.name}.parquet").is_file():
        return 0
    return len(_gone(parties, described, latest.name, on))


def _gone(parties: Parties, described: Linkage, version: str, on: date) -> pl.Series:
    """Those of a run who object at the holder or at SLaM."""
    folder = parties.of(described.place) / described.id / version
    columns = (described.research_id, described.pseudonym)
    file = folder / f"{described.people.name}.parquet"
    people = read_table(file, columns, may_be_empty=True)
    at_holder = withdrawn_since(parties.of(described.holder), described, on)
    at_slam = objecting_patients(parties.slam, described, on)[described.pseudonym]
    is_gone = pl.col(described.research_id).is_in(at_holder.implode()) | pl.col(
        described.pseudonym
    ).is_in(at_slam.implode())
    named = person(described, described.research_id, described.pseudonym).alias(PERSON)
    return people.filter(is_gone.fill_null(value=False)).select(named)[PERSON]


def _patients(parties: Parties, manifest: Manifest, on: date) -> pl.Series:
    """Patients who object to every linkage of the project; to being in CRIS where it has none."""
    sets = [
        set(objecting_patients(parties.slam, linkage(one.linkage), on)["cris_pseudonym"])
        for one in manifest.sources
    ]
    if not sets:
        return out_of_cris(parties.slam, on)["cris_pseudonym"]
    return pl.Series(sorted(set.intersection(*sets)), dtype=pl.String)


def _there(extract: Path, manifest: Manifest, names: set[str], units: pl.Series) -> set[str]:
    """Which of these pseudonyms are in these tables."""
    found: set[str] = set()
    for table in manifest.tables:
        if table.name in names and len(units):
            there = pl.read_parquet(extract / table.file, columns=[manifest.unit])[manifest.unit]
            found |= set(there.filter(there.is_in(units.implode())))
    return found
