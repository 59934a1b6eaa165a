"""Whom a linkage covers, by what SLaM itself knows, and who of them does not object."""

from datetime import date
from pathlib import Path

import polars as pl

from tre.safe_data.checking import check_people, check_table
from tre.safe_data.files import read_table
from tre.safe_data.linkages.linkage import Covered, Linkage, RegisterTable
from tre.safe_data.opt_outs import objecting_patients
from tre.safe_data.population.places import PLACES
from tre.safe_data.variable import Variable

_FILE = "cris_patients.parquet"
_PLACES = tuple(place.name for place in PLACES)


def _of(name: str, kind: str, description: str, codes: tuple[str, ...] = ()) -> Variable:
    return Variable(name=name, type=kind, description=description, codes=codes, source="CRIS")


_PATIENTS = RegisterTable(
    name="cris_patients",
    description="One row a patient of SLaM: what decides whom a linkage covers",
    unit="patient",
    about=("cris_pseudonym",),
    variables=(
        _of("sex", "string", "Sex", ("Female", "Male")),
        _of("birth_month", "date", "First day of the month of birth"),
        _of("first_referral", "date", "Day of the first referral"),
        _of("borough", "string", "Borough of residence", _PLACES),
        _of("gp_borough", "string", "Borough of the practice", _PLACES),
        _of("first_referral_age", "integer", "Age at the first referral, years"),
    ),
)


def checked_patients(slam: Path, on: date) -> pl.Series:
    """The pseudonyms of SLaM's patients, where its table says of them what a linkage needs.

    on: no day may lie after it. Raises UnusableRequestError for a patient who stands there twice,
    and for a column that is not as described.
    """
    patients = read_table(slam / _FILE, _PATIENTS.columns())
    check_people(patients, _PATIENTS.about[0], _FILE)
    check_table(patients, _PATIENTS, _FILE, on)
    return patients[_PATIENTS.about[0]]


def covered_patients(slam: Path, linkage: Linkage) -> pl.DataFrame:
    """The pseudonyms of everybody whom the linkage covers, objections not yet considered."""
    columns = (
        linkage.pseudonym, "first_referral_age", "first_referral", "birth_month", "sex",
        "gp_borough",
    )  # fmt: skip
    patients = read_table(slam / _FILE, columns)
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
    if covered.referred_from is not None:
        rule &= pl.col("first_referral") >= covered.referred_from
    if covered.referred_by is not None:
        rule &= pl.col("first_referral") <= covered.referred_by
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
