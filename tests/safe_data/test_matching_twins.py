"""Twins: who agrees on everything but what is their own is not taken for the person."""

from datetime import date

import polars as pl
import pytest

from tests.safe_data.two_files import RECORD, SENT, two_files
from tre.safe_data.linking.comparable import comparable
from tre.safe_data.linking.matching import How, match_files
from tre.safe_data.linking.twins import twin_weights, twins_of_a_record

DFE = ("first_name", "last_name", "date_of_birth", "postcode")
EVE, ADA = "Eve", "Ada"


def register(*people):
    """One record for each first name and last name, all born on one day at one address."""
    rows = [
        {"k": str(number), "first_name": first, "last_name": last}
        for number, (first, last) in enumerate(people)
    ]
    frame = pl.DataFrame(rows).with_columns(
        date_of_birth=pl.lit(date(2001, 3, 9)), postcode=pl.lit("SE5 8AZ")
    )
    return comparable(frame, "k", DFE)


def scored(**weights):
    usual = {"match_weight": 10.0, "mw_first_name": -5.0, "mw_tf_adj_first_name": 0.0}
    return pl.DataFrame([usual | weights])


def test_the_register_shows_how_many_people_have_a_twin_on_record():
    # Two records name each other, on top of four among the 200 that experience counts as.
    alone = register((EVE, "Moss"), (ADA, "Hale"))
    together = register((EVE, "Moss"), (ADA, "Moss"))
    assert twins_of_a_record(alone) == pytest.approx(4 / 202)
    assert twins_of_a_record(together) == pytest.approx(6 / 202)
    assert twins_of_a_record(together.drop("postcode")) == pytest.approx(0.02)


def test_a_twin_agrees_on_everything_but_the_first_name():
    # Strangers' first names say nothing: 10 + 5 bits, times four twins in 202 records.
    records = register((EVE, "Moss"), (ADA, "Hale"))
    (weight,) = twin_weights(scored(), records)["twin_weight"]
    assert 2**weight == pytest.approx(2**15 * 4 / 202, rel=1e-4)
    (rare,) = twin_weights(scored(mw_tf_adj_first_name=3.0), records)["twin_weight"]
    assert weight - rare == pytest.approx(3.0)


def test_another_sex_tells_no_twin_from_the_person():
    records = register((EVE, "Moss"), (ADA, "Hale"))
    (weight,) = twin_weights(scored(), records)["twin_weight"]
    (other,) = twin_weights(scored(mw_sex=-6.0), records)["twin_weight"]
    assert other - weight == pytest.approx(6.0)


@pytest.fixture(scope="module")
def files():
    return two_files(seed=5, people=16_000, sent=2_000, register=12_000)


def linked(sent, records):
    return match_files(sent, SENT, records, RECORD, How(seed=1, identifiers=DFE)).links


def somebody(files):
    """One who is in both files, written alike."""
    both = files.truth.join(files.sent, on=SENT).join(files.register, on=RECORD, suffix="_r")
    same = pl.all_horizontal(pl.col(name) == pl.col(f"{name}_r") for name in DFE)
    return both.filter(same & (pl.col("first_name").str.len_chars() > 4)).row(0, named=True)


@pytest.mark.parametrize(
    ("name", "is_linked"), [("Quentin", False), (None, True)], ids=["another name", "a short one"]
)
def test_a_record_with_another_first_name_is_left_alone(files, name, is_linked):
    person = somebody(files)
    other = name or person["first_name"][:3]
    is_theirs = pl.col(RECORD) == person[RECORD]
    changed = files.register.with_columns(
        first_name=pl.when(is_theirs).then(pl.lit(other)).otherwise("first_name")
    )
    links = linked(files.sent, changed)
    assert (person[RECORD] in links[RECORD]) is is_linked


def test_the_links_are_as_good_as_they_are_asked_to_be(files):
    precision, recall = files.quality(linked(files.sent, files.register))
    assert precision >= 0.998
    assert recall >= 0.97
