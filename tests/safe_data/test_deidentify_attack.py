"""The attack: who is found in an extract that was de-identified, and in one that was not."""

import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest

from tre.decision import UnusableRequestError
from tre.safe_data.deidentify import treatment as named
from tre.safe_data.deidentify.apply import apply
from tre.safe_data.deidentify.attack import Attacker, attack, wilson
from tre.safe_data.deidentify.treatment import Method, Treatment

KEY = b"the key of the project of tests!"
EXACT = ("sex", "born", "ethnic_group", "postcode", "referred", "diagnosis")


# By hand ------------------------------------------------------------------------------------------
EXTRACT = pl.DataFrame({"id": ["1", "2", "3", "4"], "sex": ["F", "F", "M", "M"],
                        "born": [1990, 1991, 1990, 1990]})  # fmt: skip
PEOPLE = EXTRACT.rename({"id": "person"}).with_columns(person="p" + pl.col("person"))
TRUTH = {f"p{number}": f"{number}" for number in "1234"}


def attacked(people=PEOPLE, truth=TRUTH, extract=EXTRACT, **how):
    facts: dict[str, Any] = {"knows": ("sex", "born"), "wrong": 0.0, **how}
    return attack(extract, "id", people, truth, Attacker(**facts))


def test_who_is_alone_is_found_and_who_is_not_is_not_claimed():
    report = attacked()
    # 1 and 2 are alone; 3 and 4 look alike.
    assert (report.attempts, report.present, report.claims) == (4, 4, 2)
    assert (report.success.part, report.success.whole, report.success.value) == (2, 4, 0.5)
    assert (report.precision.part, report.precision.whole) == (2, 2)
    assert report.guessing == 0.25  # naming one of four records


def test_a_person_who_is_not_in_the_extract_may_be_claimed_but_wrongly():
    report = attacked(truth={"p1": "1"})
    assert (report.present, report.claims) == (1, 2)
    assert (report.success.value, report.precision.value) == (0.25, 0.5)
    assert report.guessing == 1 / 16


def test_nobody_is_found_without_facts_in_common():
    strangers = PEOPLE.with_columns(born=pl.lit(1900, pl.Int64), sex=pl.lit("X"))
    report = attacked(people=strangers, forgives=2)
    assert report.claims == 0
    assert (report.precision.low, report.precision.high) == (0.0, 1.0)


def test_a_fact_may_be_wrong_where_it_is_forgiven():
    one_off = PEOPLE.filter(pl.col("person") == "p2").with_columns(sex=pl.lit("M"))
    assert attacked(people=one_off).claims == 0
    # Nobody is M of 1991. With one fact forgiven, 2 (year), 3 and 4 (sex) fit as well: no claim.
    assert attacked(people=one_off, forgives=1).claims == 0
    # Without 3 and 4 there is one that fits best.
    few = attacked(people=one_off, extract=EXTRACT.head(2), truth={"p2": "2"}, forgives=1)
    assert few.success.value == 1.0


def test_null_agrees_with_null():
    extract = EXTRACT.with_columns(sex=pl.when(pl.col("id") != "1").then("sex"))
    people = PEOPLE.with_columns(sex=pl.when(pl.col("person") != "p1").then("sex"))
    assert attacked(people=people, extract=extract).success.part == 2


def test_the_same_seed_attacks_the_same_people():
    how: dict[str, Any] = {"attempts": 2, "wrong": 0.5, "seed": 5}
    assert attacked(**how) == attacked(**how)
    assert attacked(people=PEOPLE.reverse(), **how) == attacked(**how)
    assert attacked(**how).attempts == 2


def test_a_report_is_plain_values():
    plain = attacked().to_dict()
    assert json.loads(json.dumps(plain)) == plain


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"people": PEOPLE.drop("born")}, "the people has no column born"),
        ({"extract": EXTRACT.drop("id")}, "the extract has no column id"),
        ({"extract": pl.concat([EXTRACT, EXTRACT])}, "one row for each id"),
        ({"people": PEOPLE.clear()}, "one row for each person"),
        ({"people": PEOPLE.cast({"born": pl.String})}, "born: what is known is not of the type"),
        ({"truth": {"p1": "5"}}, "names 1 records that are not in the extract"),
        ({"truth": {"1": "1"}}, "about none of the people"),
        ({"truth": {}}, "about none of the people"),
        ({"knows": ()}, "an attacker knows a column"),
        ({"wrong": 1.5}, "errs from 0 to 1"),
        ({"attempts": 0}, "attempts once"),
    ],
)
def test_an_attack_that_makes_no_sense_is_refused(changed, said):
    with pytest.raises(UnusableRequestError, match=said):
        attacked(**changed)


@pytest.mark.parametrize(("part", "whole"), [(0, 10), (3, 10), (10, 10), (499, 500)])
def test_the_interval_is_that_of_another_program(part, whole):
    theirs = binomtest(part, whole).proportion_ci(method="wilson")
    ours = wilson(part, whole)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-6)


# Planted: an extract as recorded, and the same one de-identified ----------------------------------
def town(people=20_000, seed=4):
    """Everybody: what a neighbour or an employer may know."""
    rng = np.random.default_rng(seed)
    born, referred = date(1950, 1, 1), date(2008, 1, 1)
    districts = [f"SE{n}" for n in range(1, 21)]
    return pl.DataFrame(
        {
            "person": [f"p{number:05}" for number in range(people)],
            "sex": rng.choice(["Female", "Male"], people),
            "born": [born + timedelta(int(d)) for d in rng.integers(0, 22_000, people)],
            "ethnic_group": rng.choice(["A", "B", "C", "D"], people, p=[0.6, 0.25, 0.1, 0.05]),
            "postcode": [
                f"{rng.choice(districts)} {a}CC" for a in rng.integers(0, 10, people)
            ],
            "referred": [referred + timedelta(int(d)) for d in rng.integers(0, 6_000, people)],
            "diagnosis": rng.choice(["F20.0", "F32.1", "F41.2", "F90.0"], people),
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def planted():
    """The town; the extract of a quarter of it, under other names; who is who."""
    everybody = town()
    chosen = everybody.sample(fraction=0.25, seed=1)
    extract = chosen.rename({"person": "id"}).with_columns(id="record of " + pl.col("id"))
    return everybody, extract, {p: f"record of {p}" for p in chosen["person"]}


TREATMENTS = {
    "born": named.TO_YEAR,
    "postcode": named.WITHHELD,
    "referred": named.TO_YEAR,
    "diagnosis": named.ICD10_CHAPTER,
    "ethnic_group": Treatment(method=Method.RARE_GROUPED, people=1_000),
}


def test_as_recorded_nearly_everybody_is_found_and_de_identified_few_are(planted):
    everybody, extract, truth = planted
    attacker = Attacker(knows=EXACT, attempts=800, wrong=0.02, forgives=1, seed=2)
    bare = attack(extract, "id", everybody, truth, attacker)
    safe = attack(
        apply(extract, "id", TREATMENTS, KEY),
        "id",
        apply(everybody, "person", TREATMENTS, KEY),
        truth,
        attacker,
    )
    # A quarter of the town is in the extract, so at most a quarter can be found.
    found_of_those_there = bare.success.part / bare.present
    assert found_of_those_there > 0.9
    assert bare.precision.low > 0.9
    # Two exact years and an ethnic group are still a lot to know: measured, 54 of 224 are found.
    assert safe.success.part / safe.present < 0.3
    assert safe.precision.high < 0.35
    assert safe.success.high < bare.success.low / 2.5
    assert bare.success.low > 100 * bare.guessing


def test_moved_dates_hide_from_who_knows_the_true_ones(planted):
    everybody, extract, truth = planted
    knows = ("sex", "born", "referred")
    dates = {"born": named.SHIFTED, "referred": named.SHIFTED}
    moved = apply(extract, "id", dates, KEY)
    attacker = Attacker(knows=knows, attempts=400, wrong=0.0)
    assert attack(extract, "id", everybody, truth, attacker).precision.value == 1.0
    assert attack(moved, "id", everybody, truth, attacker).success.part <= 8  # 1 in 61 not moved
