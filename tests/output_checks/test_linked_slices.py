"""People with several diagnoses are in one district each: there cells add up all the same."""

import polars as pl
import pytest

from output_checks import Data, check_together
from output_checks.words import Verdict

SIZES = {"d1": 40, "d2": 35, "d3": 3, "e1": 50, "e2": 30}
SHOWN = "district IN ('d1', 'd2', 'e1')"


@pytest.fixture(scope="module")
def patients():
    rows = []
    for district, size in SIZES.items():
        for at in range(size):
            diagnoses = "AB" if at % 3 == 0 else "A" if at % 2 else "B"
            region = "N" if district[0] == "d" else "E"
            rows += [(f"{district}{at}", district, region, int(at % 5 == 0), d) for d in diagnoses]
    names = ["id", "district", "region", "smoker", "diagnosis"]
    return Data.read(pl.DataFrame(rows, names, orient="row"), unit="id", name="patients")


def arithmetic(report):
    return [one.arithmetic for one in report.findings]


def test_totals_of_people_in_several_cells_add_up(patients):
    districts = patients.table("district", where=SHOWN)
    several = patients.table("region", "diagnosis")
    # The attacker: 78 people in the north, less the two districts that are shown.
    assert SIZES["d3"] == 78 - 40 - 35
    report = check_together({"A": districts, "B": several})
    assert report.together == "fail"
    assert "78 - 40 - 35 = 3" in arithmetic(report)


def test_those_of_one_diagnosis_add_up(patients):
    districts = patients.table("district", "diagnosis", where=SHOWN)
    several = patients.table("region", "diagnosis")
    frame = patients.frame.filter(diagnosis="A").collect()
    shown = {one: frame.filter(district=one)["id"].n_unique() for one in SIZES}
    north = shown["d1"] + shown["d2"] + shown["d3"]
    assert shown["d3"] in range(1, 10)
    report = check_together({"A": districts, "B": several})
    wanted = f"{north} - {shown['d1']} - {shown['d2']} = {shown['d3']}"
    assert wanted in arithmetic(report)


def test_another_output_never_lowers_the_verdict(patients):
    districts = patients.table("district", where=SHOWN)
    regions = patients.table("region")
    smokers = patients.table("region", where="smoker = 1")
    several = patients.table("region", "diagnosis")
    for pair in ({"A": districts, "R": regions}, {"R": regions, "S": smokers}):
        before = check_together(pair).together
        after = check_together(pair | {"B": several}).together
        assert Verdict.worst([before, after]) == after


def test_the_same_regions_by_diagnosis_pass(patients):
    regions = patients.table("region")
    several = patients.table("region", "diagnosis")
    districts = patients.table("district", where="district IN ('e1', 'e2')")
    assert check_together({"R": regions, "B": several}).together == "pass"
    assert check_together({"D": districts, "B": several}).together == "pass"


def test_withheld_cells_of_people_in_several_are_told_by_two_numbers(patients):
    some = "region = 'N' AND district IN ('d1', 'd3')"  # 43, less the 40 of d1
    hidden = patients.table("district", where="region = 'N'").protect("suppress")
    several = patients.table("region", "diagnosis")
    both = patients.table("region", where=some)
    assert check_together({"A": hidden, "B": several, "C": both}).together == "fail"
