"""Objections: who must not be in CRIS, in any linkage, or in one; each holder applies its own.

A patient's objection is kept by SLaM. The form goes to every holder concerned as well, sent by the
person and not by SLaM, so that the holder can leave the person's records out of the controls
without being told that this was a patient. An opted-out patient who never told the holder could not
be known there, and would be among the controls: the report of a linkage counts such people. Who
was linked before they objected is known there, by the pseudonym: see `linking.withdrawal`.
"""

from datetime import date
from pathlib import Path

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.files import read_table
from tre.safe_data.linkages import linkages
from tre.safe_data.linkages.linkage import Linkage

EVERYTHING = ("cris", "all")
"""Out of CRIS, or out of all linkages; any other scope is the name of one linkage."""


def objecting_patients(slam: Path, linkage: Linkage, on: date) -> pl.DataFrame:
    """The pseudonyms that must not leave SLaM for this linkage on this day.

    Raises UnusableRequestError for an objection to something that is not known: it could not be
    honoured.
    """
    file = slam / "cris_opt_outs.parquet"
    opt_outs = read_table(file, (linkage.pseudonym, "scope", "since"), may_be_empty=True)
    known = {*EVERYTHING, linkage.id, *(one.id for one in linkages())}
    if unknown := sorted(set(opt_outs["scope"].unique()) - known, key=str):
        message = (
            f"{file.name}: nobody can tell what an objection to {unknown[0]!r} is about; a scope "
            "is cris, all, or the id of a linkage"
        )
        raise UnusableRequestError(message)
    concerns = pl.col("scope").is_in([*EVERYTHING, linkage.id])
    return _distinct(opt_outs.filter(concerns & (pl.col("since") <= on)), linkage.pseudonym)


def out_of_cris(slam: Path, on: date) -> pl.DataFrame:
    """The pseudonyms of patients whose records are in no research at all on this day."""
    file = slam / "cris_opt_outs.parquet"
    opt_outs = read_table(file, ("cris_pseudonym", "scope", "since"), may_be_empty=True)
    out = (pl.col("scope") == "cris") & (pl.col("since") <= on)
    return _distinct(opt_outs.filter(out), "cris_pseudonym")


def objections_file(linkage: Linkage) -> str:
    """The name of the holder's own list of people who object to research."""
    return f"{linkage.id}_objections.parquet"


def objecting_records(holder: Path, linkage: Linkage, on: date) -> pl.DataFrame:
    """The register's records that must not leave its holder for research on this day."""
    file = holder / objections_file(linkage)
    objections = read_table(file, (linkage.record, "since"), may_be_empty=True)
    return _distinct(objections.filter(pl.col("since") <= on), linkage.record)


def _distinct(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    return frame.select(key).unique().sort(key)
