"""The linkage with schools under its earlier agreement: nobody and nothing of other years."""

import json
import shutil
from datetime import date

import polars as pl
import pytest

from tests.safe_data.conftest import EVERYTHING, KEY, LINKED_ON
from tre.decision import NotThereError, UnusableRequestError
from tre.safe_data import world
from tre.safe_data.linkages import linkage, linkages
from tre.safe_data.linking.separation.check import check_separation
from tre.safe_data.linking.separation.record import read_runs

TITLE = "historic linkage 2008-2013"
YEARS = {"2007/08", "2008/09", "2009/10", "2010/11", "2011/12", "2012/13"}
PATIENT = "cris_pseudonym"


@pytest.fixture(scope="module")
def parties(small_world, tmp_path_factory):
    """The small world, linked under the newest agreement before and under the historic one now."""
    copy = tmp_path_factory.mktemp("historic") / "parties"
    shutil.copytree(small_world.parties, copy)
    return copy


@pytest.fixture(scope="module")
def run(parties):
    return world.link(parties, "npd", on=LINKED_ON, seed=7, period="historic")


@pytest.fixture(scope="module")
def extract(parties, run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("extract") / "1"
    asked = {"project": "then", "variables": EVERYTHING, "key": KEY, "on": LINKED_ON}
    return folder, world.make_extract(parties, into=folder, **asked)


def brought(parties, run, table):
    return pl.read_parquet(parties / "srs" / "npd" / run.version / f"{table}.parquet")


def first_referrals(parties):
    patients = pl.read_parquet(parties / "slam" / "cris_patients.parquet")
    return patients.select(PATIENT, "first_referral", "first_referral_age")


def test_identifiers_of_children_referred_in_these_years_alone_are_sent(parties, run, small_world):
    sent = pl.read_parquet(parties / "slam" / "sent" / "npd" / f"{run.version}.parquet")
    referred = sent.join(first_referrals(parties), on=PATIENT)
    assert len(referred) == run.sent == run.transfers[0].rows > 50
    within = referred["first_referral"].is_between(date(2008, 1, 1), date(2013, 12, 31))
    assert within.all()
    assert (referred["first_referral_age"] < 18).all()
    children = first_referrals(parties).filter(
        (pl.col("first_referral_age") < 18)
        & pl.col("first_referral").dt.year().is_between(2008, 2013)
    )
    assert run.covered == len(children) < small_world.run.covered


@pytest.mark.parametrize("table", ["school_years", "results", "absence_reasons", "exclusions"])
def test_the_dfe_answers_with_the_school_years_of_the_agreement(parties, run, table):
    found = brought(parties, run, table)
    assert set(found["school_year"]) == YEARS
    people = set(brought(parties, run, "pupils")["education_id"])
    assert set(found["education_id"]) <= people


def test_nobody_is_in_it_who_was_at_school_later_alone(parties, run):
    pupils = brought(parties, run, "pupils")
    assert set(pupils["education_id"]) == set(brought(parties, run, "school_years")["education_id"])
    assert pupils["birth_year"].max() <= 2008  # Reception in 2012/13
    patients = pupils.drop_nulls(PATIENT).join(first_referrals(parties), on=PATIENT)
    assert len(patients) == run.matched - run.withheld - run.out_of_time > 50
    assert patients["first_referral"].dt.year().is_between(2008, 2013).all()
    assert run.out_of_time > 0  # referred at the age of three or four: at school after 2013


def test_the_run_the_report_and_the_extract_say_so(parties, run, extract):
    record = parties / "srs" / "npd" / run.version / "run.json"
    assert json.loads(record.read_text())["period"] == run.period == "historic"
    told = world.report(parties, "npd")
    assert (told.period, told.sent, told.matched) == (TITLE, run.sent, run.matched)
    assert (told.recall or 0) > 0.9
    assert f"under the {TITLE}" in world.report_page(parties, "npd", told)
    folder, manifest = extract
    assert [(one.linkage, one.version, one.period) for one in manifest.sources] == [
        ("npd", run.version, TITLE)
    ]
    assert world.read_manifest(folder).sources == manifest.sources
    assert f"npd, version {run.version} ({TITLE})" in (folder / "dictionary.html").read_text()


def test_an_extract_of_it_has_no_patient_and_no_school_year_of_another_time(extract):
    folder, _ = extract
    for table in ("attainment", "absence", "absence_reasons", "exclusions"):
        years = pl.read_parquet(folder / f"{table}.parquet")["school_year"]
        assert set(years) == YEARS, table
    linked = pl.read_parquet(folder / "linked.parquet")
    referrals = pl.read_parquet(folder / "referrals.parquet")
    first = referrals.group_by("person_id").agg(pl.col("referral_year").min())
    patients = linked.filter(pl.col("group") == "CAMHS patient").join(first, on="person_id")
    assert patients["referral_year"].is_between(2008, 2013).all()
    assert len(patients) > 50
    assert set(linked.filter(pl.col("group") == "control")["diagnosis_group"]) == {
        "No CAMHS record"
    }


def test_separation_is_kept_in_both_runs_together(parties, run):
    records = [
        json.loads((parties / "srs" / "npd" / version / "run.json").read_text())
        for version in ("1", run.version)
    ]
    assert [record.get("period") for record in records] == ["", "historic"]
    proof = check_separation(parties, linkages(), (), read_runs(parties))
    assert proof.violations == ()


def test_the_newest_agreement_is_what_is_run_without_a_word(small_world):
    assert small_world.run.period == ""
    assert small_world.manifest.sources[0].period == ""
    assert world.report(small_world.parties, "npd").period == ""
    assert "2024/25" in set(small_world.table("srs/npd/1/school_years.parquet")["school_year"])


def test_a_period_that_is_not_described_is_refused_and_nothing_is_sent(small_world):
    with pytest.raises(NotThereError, match="has no period '2013'; known are: historic"):
        world.link(small_world.parties, "npd", on=LINKED_ON, seed=7, period="2013")
    with pytest.raises(NotThereError, match="known are: none but the newest"):
        world.link(small_world.parties, "hes", on=LINKED_ON, seed=7, period="historic")


def test_a_description_of_a_period_is_plain_data_with_its_days():
    plain = linkage("npd").to_dict()
    assert json.loads(json.dumps(plain)) == plain | {
        "identifiers": list(plain["identifiers"]),
        "brings": list(plain["brings"]),
        "assumed": list(plain["assumed"]),
        "tables": json.loads(json.dumps(plain["tables"])),
    }
    assert plain["periods"][0]["referred_by"] == "2013-12-31"
    then = linkage("npd").during("historic").to_dict()
    assert then["covered"]["referred_from"] == "2008-01-01"
    assert (then["first_day"], then["last_day"]) == ("2007-09-01", "2013-08-31")
    assert linkage("npd").during("") is linkage("npd")
    assert [one.id for one in linkages() if one.periods] == ["npd"]


def test_a_run_whose_record_cannot_be_read_is_in_no_extract(parties, run, tmp_path):
    copy = tmp_path / "parties"
    shutil.copytree(parties, copy)
    (copy / "srs" / "npd" / run.version / "run.json").write_text("{")
    asked = {"project": "then", "variables": EVERYTHING, "key": KEY, "on": LINKED_ON}
    with pytest.raises(UnusableRequestError, match="cannot be read; run it again"):
        world.make_extract(copy, into=tmp_path / "1", **asked)
