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

_KEY = "cris_pseudonym"
EVERYTHING = ("cris", "all")
"""Out of CRIS, or out of all linkages; any other scope is the name of one linkage."""


def objecting_patients(slam: Path, linkage: Linkage, on: date) -> pl.DataFrame:
    """The pseudonyms that must not leave SLaM for this linkage on this day.

    Raises UnusableRequestError for an objection to something that is not known: it could not be
    honoured.
    """
    opt_outs = _opt_outs(slam, (linkage.id, *(one.id for one in linkages())))
    concerns = pl.col("scope").is_in([*EVERYTHING, linkage.id])
    return _distinct(opt_outs.filter(concerns & (pl.col("since") <= on)), linkage.pseudonym)


def out_of_cris(slam: Path, on: date) -> pl.DataFrame:
    """The pseudonyms of patients whose records are in no research at all on this day."""
    opt_outs = _opt_outs(slam, tuple(one.id for one in linkages()))
    out = (pl.col("scope") == "cris") & (pl.col("since") <= on)
    return _distinct(opt_outs.filter(out), _KEY)


def _opt_outs(slam: Path, known: tuple[str, ...]) -> pl.DataFrame:
    """SLaM's list: who, what about, since when. One line that cannot be honoured stops everything.

    Raises UnusableRequestError for a scope that nobody knows, a missing or wrong day, and a
    pseudonym that is no patient's: whoever meant it would be sent.
    """
    file = slam / "cris_opt_outs.parquet"
    opt_outs = _dated(file, (_KEY, "scope", "since"))
    if unknown := sorted(set(opt_outs["scope"].unique()) - {*EVERYTHING, *known}, key=str):
        message = (
            f"{file.name}: nobody can tell what an objection to {unknown[0]!r} is about; a scope "
            "is cris, all, or the id of a linkage"
        )
        raise UnusableRequestError(message)
    patients = read_table(slam / "cris_patients.parquet", (_KEY,))
    strangers = opt_outs.join(patients, on=_KEY, how="anti")
    if len(strangers):
        message = (
            f"{file.name}: {strangers[_KEY][0]!r} objects and is no patient; correct the "
            "pseudonym, or whoever meant it would be sent"
        )
        raise UnusableRequestError(message)
    return opt_outs


def _dated(file: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """A list of objections, of which every one says who and since when."""
    found = read_table(file, columns, may_be_empty=True)
    if found.schema["since"] != pl.Date and len(found):
        message = f"{file.name}: since must be a date, not {found.schema['since']}"
        raise UnusableRequestError(message)
    bare = found.filter(pl.col(columns[0]).is_null() | pl.col("since").is_null())
    if len(bare):
        message = (
            f"{file.name}: {len(bare):,} objections do not say whose they are or since when; an "
            "objection that cannot be understood stops everything"
        )
        raise UnusableRequestError(message)
    return found.with_columns(pl.col("since").cast(pl.Date))


def objections_file(linkage: Linkage) -> str:
    """The name of the holder's own list of people who object to research."""
    return f"{linkage.id}_objections.parquet"


def objecting_records(holder: Path, linkage: Linkage, on: date) -> pl.DataFrame:
    """The register's records that must not leave its holder for research on this day."""
    file = holder / objections_file(linkage)
    objections = _dated(file, (linkage.record, "since"))
    return _distinct(objections.filter(pl.col("since") <= on), linkage.record)


def _distinct(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    return frame.select(key).unique().sort(key)
