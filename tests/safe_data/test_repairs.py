"""What is put right in people whom a copula has drawn."""

import polars as pl

from tre.safe_data.chance import stream
from tre.safe_data.extracts.repairs import repaired, with_gaps_filled

CONTROL, PATIENT = "control", "CAMHS patient"


def people(**columns):
    return pl.DataFrame(columns)


def rng():
    return stream(1, "repairs")


def test_a_control_loses_the_diagnosis_that_it_was_drawn_with():
    real = people(group=[PATIENT], diagnosis_group=["Other"], first_referral_age=[9])
    drawn = people(group=[CONTROL], diagnosis_group=["Other"], first_referral_age=[9])
    assert repaired(drawn, real, rng()).row(0) == (CONTROL, "No CAMHS record", None)


def test_a_patient_without_diagnosis_or_age_is_given_those_of_a_real_patient():
    real = people(group=[PATIENT], diagnosis_group=["Other"], first_referral_age=[9])
    drawn = people(group=[PATIENT], diagnosis_group=["No CAMHS record"], first_referral_age=[None])
    drawn = drawn.cast({"first_referral_age": pl.Int64})
    assert repaired(drawn, real, rng()).row(0) == (PATIENT, "Other", 9)


def test_the_psychosis_flag_follows_the_group():
    columns = {
        "group": [PATIENT, PATIENT],
        "diagnosis_group": ["Psychosis (F20-F29)", "Other"],
        "early_onset_psychosis": [False, True],
    }
    drawn = people(**columns)
    assert repaired(drawn, drawn, rng())["early_onset_psychosis"].to_list() == [True, False]


def test_without_the_group_of_diagnoses_controls_have_no_psychosis():
    drawn = people(group=[CONTROL, PATIENT], early_onset_psychosis=[True, True])
    assert repaired(drawn, drawn, rng())["early_onset_psychosis"].to_list() == [False, True]


def test_numbers_are_brought_into_their_ranges_and_steps():
    drawn = people(
        imd_decile=[0, 12], ks4_attainment8=[90.7, 41.3], absence_percent=[3.14159, -1.0]
    )
    assert repaired(drawn, drawn, rng()).rows() == [(1, 90.0, 3.14), (10, 41.5, 0.0)]


def test_without_patients_nothing_is_redrawn():
    drawn = people(group=[CONTROL], diagnosis_group=["Other"], exclusions=[None])
    drawn = drawn.cast({"exclusions": pl.Int64})
    assert repaired(drawn, drawn, rng()).row(0) == (CONTROL, "No CAMHS record", None)


def test_results_come_only_at_the_age_for_them():
    # Born 2009: key stage 2 fell into the pandemic. Born 2014: too young for key stage 4.
    drawn = people(birth_year=[2009, 2014], ks2_score=[100.0, 100.0], ks4_attainment8=[50.0, 50.0])
    assert repaired(drawn, drawn, rng()).rows() == [(2009, None, 50.0), (2014, 100.0, None)]


def test_a_result_that_nobody_could_have_is_given_to_nobody():
    drawn = people(birth_year=[2019], ks2_score=[100.0])
    assert repaired(drawn, drawn, rng()).rows() == [(2019, None)]


def test_gaps_are_filled_from_people_who_have_a_value():
    filled = with_gaps_filled(people(a=[1, None, 1]), rng())
    assert filled["a"].to_list() == [1, 1, 1]


def test_a_column_without_any_value_is_filled_with_nothing():
    empty = people(a=[None, None]).cast({"a": pl.Int64})
    assert with_gaps_filled(empty, rng())["a"].to_list() == [0, 0]
