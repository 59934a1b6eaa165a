"""What an extract would give away: measured on real files, with the truth that is known here."""

import polars as pl
import pytest

from tests.safe_data.conftest import KEY, LINKED_ON
from tre.decision import UnusableRequestError
from tre.safe_data import world
from tre.safe_data.reidentification import KNOWN, extract_risk

COARSE = ("linked.sex", "linked.borough", "linked.diagnosis_group")
FINE = (*COARSE, "linked.birth_year", "linked.ethnic_group")


def made(small_world, into, variables):
    asked = {"project": "study", "variables": variables, "key": KEY, "on": LINKED_ON}
    world.make_extract(small_world.parties, into=into, **asked)
    return into


def test_more_that_an_attacker_knows_finds_more_people(small_world, tmp_path):
    coarse = extract_risk(small_world.parties, made(small_world, tmp_path / "1", COARSE), KEY)
    fine = extract_risk(small_world.parties, made(small_world, tmp_path / "2", FINE), KEY)
    assert fine.risk.quasi_identifiers == KNOWN
    assert coarse.risk.quasi_identifiers == ("sex", "borough")
    assert coarse.attack.success.value < 0.01
    assert fine.attack.success.part > coarse.attack.success.part
    assert fine.risk.uniques > coarse.risk.uniques
    assert fine.risk.population is not None


def test_the_attack_is_told_the_truth_about_controls_too(small_world, tmp_path):
    """With nothing mistaken, whoever is alone of their kind among all people is found."""
    found = extract_risk(small_world.parties, made(small_world, tmp_path / "1", FINE), KEY)
    people = len(pl.read_parquet(tmp_path / "1" / "linked.parquet"))
    assert found.attack.records == people
    # About as many of those looked for are present as the extract has of the population.
    share = people / 4_000
    assert found.attack.present / found.attack.attempts == pytest.approx(share, abs=0.05)
    assert found.attack.success.part > 0


def test_the_risk_of_a_table_of_patients_is_measured_as_well(small_world, tmp_path):
    variables = ("patients.sex", "patients.birth_year", "patients.diagnosis_group")
    found = extract_risk(small_world.parties, made(small_world, tmp_path / "1", variables), KEY)
    assert (found.table, found.risk.quasi_identifiers) == ("patients", ("sex", "birth_year"))
    assert found.to_dict()["risk"]["people"] == found.risk.people


@pytest.mark.parametrize("known", [("nhs_number",), ("ks4_attainment8",)])
def test_what_nobody_outside_knows_is_refused(small_world, tmp_path, known):
    extract = made(small_world, tmp_path / "1", FINE)
    with pytest.raises(UnusableRequestError, match="an attacker may know"):
        extract_risk(small_world.parties, extract, KEY, known)


def test_an_extract_without_people_cannot_be_attacked(small_world, tmp_path):
    extract = made(small_world, tmp_path / "1", ("absence.sessions_missed",))
    with pytest.raises(UnusableRequestError, match="no table with one row a person"):
        extract_risk(small_world.parties, extract, KEY)
