"""Modes of variables that few people tell apart, as medians of such."""

import polars as pl
import pytest

from output_checks import Data, check_together


@pytest.fixture(scope="module")
def patients():
    frame = pl.DataFrame(
        {
            "id": range(120),
            "region": ["N"] * 60 + ["S"] * 60,
            "age": [20 + at % 60 for at in range(120)],
            "sex": ["F" if at % 5 < 2 else "M" for at in range(120)],
            "blood": ["A" if at % 7 < 3 else "0" for at in range(120)],
        }
    )
    return Data.read(frame, unit="id", name="patients")


def mode(data, of, **derive):
    return data.table("region", statistic="mode", of=of, derive=derive)


def test_modes_that_few_people_tell_apart_go_to_a_person(patients):
    # The attacker: in each region one of 60 is 65; were the mode another without them, it is known.
    assert patients.frame.filter(age=65).collect().height == 2
    some = mode(patients, "known", known="CASE WHEN age <> 65 THEN sex END")
    report = check_together({"A": mode(patients, "sex"), "B": some})
    assert report.together == "review"
    assert "1 person tells" in report.findings[0].message


def test_modes_of_copies_and_of_other_variables_pass(patients):
    copy = mode(patients, "copy", copy="sex")
    assert check_together({"A": mode(patients, "sex"), "B": copy}).together == "pass"
    blood = mode(patients, "blood")
    assert check_together({"A": mode(patients, "sex"), "B": blood}).together == "pass"


def test_modes_that_many_people_tell_apart_pass(patients):
    young = mode(patients, "young", young="CASE WHEN age < 50 THEN sex END")
    assert check_together({"A": mode(patients, "sex"), "B": young}).together == "pass"


def test_modes_of_numbers_are_compared_too(patients):
    band = mode(patients, "band", band="age - age % 20")
    known = {"band": "age - age % 20", "known": "CASE WHEN age <> 65 THEN age - age % 20 END"}
    report = check_together({"A": band, "B": mode(patients, "known", **known)})
    assert report.together == "review"
