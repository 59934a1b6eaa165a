"""Whom a linkage covers, by what SLaM itself knows, and who of them does not object."""

from datetime import date
from pathlib import Path

import polars as pl

from tre.safe_data.files import read_table
from tre.safe_data.linkages.linkage import Covered, Linkage
from tre.safe_data.opt_outs import objecting_patients


def covered_patients(slam: Path, linkage: Linkage) -> pl.DataFrame:
    """The pseudonyms of everybody whom the linkage covers, objections not yet considered."""
    columns = (linkage.pseudonym, "first_referral_age", "birth_month", "sex", "gp_borough")
    patients = read_table(slam / "cris_patients.parquet", columns)
    return (
        patients.filter(_covers(linkage.covered)).select(linkage.pseudonym).sort(linkage.pseudonym)
    )


def _covers(covered: Covered) -> pl.Expr:
    """The rule of a description, on what SLaM knows of its patients."""
    rule = pl.lit(value=True)
    if covered.referred_before_age is not None:
        rule &= pl.col("first_referral_age") < covered.referred_before_age
    if covered.adult_by is not None:
        rule &= pl.col("birth_month").dt.offset_by("18y") <= covered.adult_by
    if covered.born_by is not None:
        rule &= pl.col("birth_month") <= covered.born_by
    if covered.sex is not None:
        rule &= pl.col("sex") == covered.sex
    if covered.gp_borough is not None:
        rule &= pl.col("gp_borough") == covered.gp_borough
    return rule


def free_to_send(slam: Path, linkage: Linkage, on: date) -> pl.DataFrame:
    """The pseudonyms of the covered who do not object on this day."""
    objecting = objecting_patients(slam, linkage, on)
    return covered_patients(slam, linkage).join(
        objecting, on=linkage.pseudonym, how="anti", maintain_order="left"
    )
