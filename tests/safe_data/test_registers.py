"""CRIS and the NPD, as their holders have them."""

import polars as pl
from stdnum.gb import upn

from tre.safe_data.catalogue_tables import DIAGNOSIS_GROUPS
from tre.safe_data.extracts.clinical import diagnosis_group
from tre.safe_data.population.disorders import DISORDERS

CLINICAL = {"icd10", "diagnosis_group", "referred", "team", "first_referral_age"}


def truth(small_world):
    """person, cris_pseudonym, pupil: null where a person is in one of the two alone."""
    patients = small_world.table("simulator/truth/cris.parquet").rename(
        {"record": "cris_pseudonym"}
    )
    pupils = small_world.table("simulator/truth/npd.parquet").rename({"record": "pupil"})
    return patients.join(pupils, on="person", how="full", coalesce=True).sort("person")


def test_identifiers_and_clinical_records_are_in_different_files(small_world):
    identifiers = small_world.table("slam/cris_identifiers.parquet")
    assert not CLINICAL & set(identifiers.columns)
    for name in ("patients", "referrals", "diagnoses", "opt_outs"):
        columns = set(small_world.table(f"slam/cris_{name}.parquet").columns)
        assert not {"first_name", "last_name", "date_of_birth", "postcode"} & columns


def test_files_are_in_the_order_of_keys_that_say_nothing(small_world):
    both = truth(small_world).drop_nulls()
    assert small_world.table("slam/cris_identifiers.parquet")["cris_pseudonym"].is_sorted()
    assert not both.sort("person")["cris_pseudonym"].is_sorted()
    assert not both.sort("person")["pupil"].is_sorted()


def test_pupil_numbers_are_valid(small_world):
    numbers = small_world.table("dfe/npd_identifiers.parquet")["upn"]
    assert all(upn.is_valid(number) for number in numbers)
    assert numbers.n_unique() == len(numbers)


def test_registers_disagree_with_the_truth_and_with_each_other(small_world):
    both = (
        truth(small_world)
        .drop_nulls()
        .join(small_world.table("slam/cris_identifiers.parquet"), on="cris_pseudonym")
        .join(small_world.table("dfe/npd_identifiers.parquet"), on="pupil", suffix="_npd")
    )
    same = both.select(
        (pl.col("first_name") == pl.col("first_name_npd")).mean(),
        (pl.col("last_name") == pl.col("last_name_npd")).mean(),
        (pl.col("date_of_birth") == pl.col("date_of_birth_npd")).mean(),
        (pl.col("postcode") == pl.col("postcode_npd")).mean(),
    ).row(0)
    assert 0.75 < same[0] < 0.97
    assert 0.80 < same[1] < 0.97
    assert 0.94 < same[2] < 1.0
    assert 0.50 < same[3] < 0.90


def test_every_patient_has_a_referral_and_a_main_diagnosis_that_come_in_order(small_world):
    patients = small_world.table("slam/cris_patients.parquet")
    referrals = small_world.table("slam/cris_referrals.parquet")
    diagnoses = small_world.table("slam/cris_diagnoses.parquet")
    assert set(patients["cris_pseudonym"]) == set(referrals["cris_pseudonym"])
    assert set(patients["cris_pseudonym"]) == set(
        diagnoses.filter(pl.col("is_main"))["cris_pseudonym"]
    )
    first = referrals.group_by("cris_pseudonym").agg(pl.col("referred").min())
    together = diagnoses.join(first, on="cris_pseudonym")
    assert (together["diagnosed"] >= together["referred"]).all()
    assert (diagnoses["age_at_diagnosis"] >= 0).all()


def test_children_are_diagnosed_before_they_are_eighteen(small_world):
    children = small_world.table("slam/cris_patients.parquet").filter(
        pl.col("first_referral_age") < 18
    )
    diagnoses = small_world.table("slam/cris_diagnoses.parquet").join(
        children, on="cris_pseudonym", how="semi"
    )
    assert (diagnoses["age_at_diagnosis"] < 18).all()


def test_every_code_is_counted_in_the_group_that_lists_it():
    for disorder in DISORDERS:
        assert {diagnosis_group(code) for code in disorder.codes} == {disorder.group}
    assert tuple(disorder.group for disorder in DISORDERS) == DIAGNOSIS_GROUPS


def test_a_pupils_school_years_follow_the_date_of_birth(small_world):
    years = small_world.table("dfe/npd_school_years.parquet")
    known = truth(small_world).drop_nulls("pupil")
    people = small_world.table("simulator/people.parquet").select("person", "date_of_birth")
    born = known.join(people, on="person").select("pupil", "date_of_birth")
    with_birth = years.join(born, on="pupil").with_columns(
        pl.col("school_year").str.slice(0, 4).cast(pl.Int32).alias("begins")
    )
    # Year group 0 begins in the September after the fourth birthday.
    september = pl.date(pl.col("begins") - 4 - pl.col("year_group").cast(pl.Int32), 9, 1)
    age = with_birth.select((september - pl.col("date_of_birth")).dt.total_days() / 365.25)
    assert with_birth["year_group"].is_between(0, 11).all()
    assert age.to_series().is_between(0, 1.01).all()
    assert not years.select("pupil", "school_year").is_duplicated().any()


def test_nobody_misses_more_sessions_than_there_were(small_world):
    years = small_world.table("dfe/npd_school_years.parquet")
    assert (years["sessions_missed"] <= years["sessions_possible"]).all()
    assert (years["sessions_unauthorised"] <= years["sessions_missed"]).all()


def test_there_were_no_key_stage_2_tests_in_the_pandemic(small_world):
    results = small_world.table("dfe/npd_results.parquet")
    ks2 = results.filter(pl.col("key_stage") == "KS2")
    assert not set(ks2["school_year"]) & {"2019/20", "2020/21"}
    assert ks2["score"].is_between(80, 120).all()
    ks4 = results.filter(pl.col("key_stage") == "KS4")
    assert ks4["score"].is_between(0, 90).all()


def test_key_stage_1_was_assessed_at_seven_while_the_law_asked_for_it(small_world):
    results = small_world.table("dfe/npd_results.parquet")
    ks1 = results.filter(pl.col("key_stage") == "KS1")
    years = {f"{y}/{(y + 1) % 100:02}" for y in range(2007, 2023)} - {"2019/20", "2020/21"}
    assert set(ks1["school_year"]) == years
    assert not ks1["pupil"].is_duplicated().any()
    points = ks1.filter(pl.col("measure") == "Average point score")
    assert points["score"].is_between(3, 21).all()
    assert points["school_year"].max() == "2014/15"
    scaled = ks1.filter(pl.col("measure") == "Scaled score")
    assert scaled["score"].is_between(85, 115).all()
    assert scaled["school_year"].min() == "2015/16"
    groups = small_world.table("dfe/npd_school_years.parquet")
    both = ks1.join(groups, on=["pupil", "school_year"])
    assert len(both) == len(ks1)
    assert set(both["year_group"]) == {2}


def test_the_summary_counts_what_is_there(small_world):
    summary = small_world.summary
    assert summary.people == 4_000
    assert summary.patients == len(small_world.table("slam/cris_patients.parquet"))
    assert summary.pupils == len(small_world.table("dfe/npd_pupils.parquet"))
    assert summary.opted_out == len(small_world.table("slam/cris_opt_outs.parquet"))
    assert 0 < summary.child_patients < summary.patients
    assert summary.bytes > 100_000
