"""An extract holds the granted years and no others, in every table that happens in years."""

import shutil
from datetime import date

import polars as pl
import pytest

from tests.safe_data.conftest import KEY, LINKED_ON
from tre.safe_data import world
from tre.safe_data.catalogue import catalogue
from tre.safe_data.extracts.manifest import read_manifest
from tre.safe_data.extracts.years import EVERY_YEAR, dated_by, within, years_of

SCHOOL = (
    "linked.sex",
    "linked.absence_percent",
    "linked.ks4_attainment8",
    "attainment.school_year",
    "attainment.score",
    "absence.sessions_missed",  # without the year itself
    "absence.sessions_possible",
    "absence.school_year",
    "referrals.referral_year",
    "referrals.accepted",
)
LIVES = (
    "patients.first_referral",
    "diagnoses.icd10",
    "diagnoses.diagnosed",
    "deaths.underlying_cause",  # without the day of death
)


@pytest.fixture(scope="module")
def parties(small_world, tmp_path_factory):
    """The small world, linked with the register of deaths as well."""
    copy = tmp_path_factory.mktemp("years") / "parties"
    shutil.copytree(small_world.parties, copy)
    world.link(copy, "mortality", on=LINKED_ON, seed=7)
    return copy


def make(parties, into, variables, **years):
    asked = {"project": "years", "variables": variables, "key": KEY, "on": LINKED_ON}
    return world.make_extract(parties, into=into, years=years, **asked)


def read(folder, table):
    return pl.read_parquet(folder / f"{table}.parquet")


# A row for each day; the years it is kept for.
DAYS = pl.DataFrame(
    {"day": [date(2009, 12, 31), date(2010, 1, 1), date(2012, 6, 1), date(2013, 1, 1), None]}
)


@pytest.mark.parametrize(
    ("years", "kept"),
    [
        (EVERY_YEAR, 5),  # also the row without a day
        ((2010, None), 3),
        ((None, 2012), 3),
        ((2010, 2012), 2),
        ((2012, 2012), 1),
        ((2014, 2020), 0),
    ],
)
def test_both_ends_are_kept_and_a_limit_leaves_out_what_has_no_day(years, kept):
    assert len(within(DAYS, "day", years)) == kept
    assert len(within(DAYS, None, years)) == 5


def test_a_school_year_counts_where_it_begins():
    years = pl.DataFrame({"school_year": ["2009/10", "2010/11", "2012/13", "2013/14", "?"]})
    kept = within(years, "school_year", (2010, 2012))["school_year"].to_list()
    assert kept == ["2010/11", "2012/13"]


def test_every_table_is_of_a_dataset_and_dated_by_its_first_day():
    dated = {table.name: dated_by(table) for one in catalogue() for table in one.tables}
    assert dated["admissions"] == "admitted"
    assert dated["deaths"] == "date_of_death"
    assert dated["absence"] == "school_year"
    assert dated["referrals"] == "referral_year"
    undated = {name for name, column in dated.items() if column is None}
    people = {name for name in undated if name.endswith("_people")}
    assert undated - people == {"linked", "patients", "census_answers", "census_households"}


@pytest.mark.parametrize(
    ("table", "dataset"),
    [("admissions", "hes"), ("deaths", "mortality"), ("diagnoses", "cris"), ("absence", "npd")],
)
def test_a_table_has_the_years_of_its_dataset(table, dataset):
    assert years_of(table, {dataset: (2010, 2012)}) == (2010, 2012)
    assert years_of(table, {"other": (2010, 2012)}) == EVERY_YEAR


def test_school_records_are_of_the_granted_years_and_so_are_their_sums(parties, tmp_path):
    make(parties, tmp_path / "all", SCHOOL)
    manifest = make(parties, tmp_path / "some", SCHOOL, npd=(2012, 2014), cris=(2013, 2013))
    some, whole = tmp_path / "some", tmp_path / "all"
    assert set(read(some, "absence")["school_year"]) == {"2012/13", "2013/14", "2014/15"}
    assert set(read(some, "attainment")["school_year"]) <= {"2012/13", "2013/14", "2014/15"}
    assert set(read(some, "referrals")["referral_year"]) == {2013}
    assert len(read(some, "absence")) < len(read(whole, "absence"))
    assert len(read(some, "linked")) == len(read(whole, "linked"))  # everybody, whole
    sums = (
        read(some, "absence")
        .group_by("person_id")
        .agg((pl.col("sessions_missed").sum() / pl.col("sessions_possible").sum() * 100).round(2))
    )
    both = read(some, "linked").join(sums, on="person_id", how="inner")
    assert (both["absence_percent"] - both["sessions_missed"]).abs().max() < 0.011
    assert read(some, "linked")["ks4_attainment8"].count() == len(
        read(some, "attainment")
        .filter(pl.col("score").is_not_null())
        .join(read(some, "linked").drop_nulls("ks4_attainment8"), on="person_id", how="semi")[
            "person_id"
        ]
        .unique()
    )
    assert manifest.years == {"npd": (2012, 2014), "cris": (2013, 2013)}
    assert read_manifest(some).years == manifest.years


def test_clinical_records_and_deaths_are_of_the_granted_years(parties, tmp_path):
    deaths = make(parties, tmp_path / "all", (*LIVES, "deaths.date_of_death"))
    assert deaths.years == {}
    years = {"mortality": (2012, 2013), "cris": (2010, 2012)}
    make(parties, tmp_path / "some", LIVES, **years)
    whole = read(tmp_path / "all", "deaths")
    expected = whole.filter(pl.col("date_of_death").dt.year().is_between(2012, 2013))
    assert 0 < len(expected) < len(whole)
    assert len(read(tmp_path / "some", "deaths")) == len(expected)
    assert read(tmp_path / "some", "deaths").columns == ["person_id", "underlying_cause"]
    diagnosed = read(tmp_path / "some", "diagnoses")["diagnosed"].dt.year()
    assert (diagnosed.min(), diagnosed.max()) == (2010, 2012)
    assert len(read(tmp_path / "some", "patients")) == len(read(tmp_path / "all", "patients"))
