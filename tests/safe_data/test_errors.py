"""How people are written down wrongly."""

import dataclasses

import numpy as np
import pytest

from tre.safe_data.chance import stream
from tre.safe_data.population.calendar import day
from tre.safe_data.records.errors import CRIS_ERRORS, ErrorRates, Recorded, misrecord
from tre.safe_data.records.spelling import heard, nicknames, typed

NONE = ErrorRates(**dict.fromkeys((f.name for f in dataclasses.fields(ErrorRates)), 0.0))
PEOPLE = 400


def record(rates: ErrorRates) -> Recorded:
    true = Recorded(
        first_name=np.array(["Catherine"] * PEOPLE, dtype=object),
        last_name=np.array(["Adeyemi-Jones"] * PEOPLE, dtype=object),
        born=np.full(PEOPLE, day(2010, 3, 4), dtype=np.int32),
        postcode=np.array(["SE5 1CK"] * PEOPLE, dtype=object),
        nhs_number=np.full(PEOPLE, 9990000018),
    )
    others = np.array(["Okafor"] * PEOPLE, dtype=object)
    return misrecord(stream(1, "errors"), rates, true, others, np.ones(PEOPLE))


def test_without_errors_everything_is_written_down_as_it_is():
    noted = record(NONE)
    assert set(noted.first_name) == {"Catherine"}
    assert set(noted.last_name) == {"Adeyemi-Jones"}
    assert set(noted.born.tolist()) == {day(2010, 3, 4)}
    assert set(noted.postcode) == {"SE5 1CK"}
    assert set(noted.nhs_number.tolist()) == {9990000018}


@pytest.mark.parametrize(
    ("rate", "field", "expected"),
    [
        ("nickname", "first_name", {"Kate"}),
        ("first_missing", "first_name", {None}),
        ("names_swapped", "first_name", {"Adeyemi-Jones"}),
        ("last_changed", "last_name", {"Okafor"}),
        ("half_name", "last_name", {"Adeyemi", "Jones"}),
        ("postcode_missing", "postcode", {None}),
        ("day_and_month_swapped", "born", {day(2010, 4, 3)}),
        ("new_year", "born", {day(2010, 1, 1)}),
        ("nhs_missing", "nhs_number", {0}),
    ],
)
def test_each_error_does_what_its_name_says(rate, field, expected):
    noted = record(dataclasses.replace(NONE, **{rate: 1.0}))
    assert set(getattr(noted, field).tolist()) == expected


def test_a_slip_in_a_postcode_stays_fake_and_keeps_the_district():
    noted = record(dataclasses.replace(NONE, postcode_typed=1.0))
    assert len(set(noted.postcode)) > 5
    assert all(postcode.startswith("SE5 ") for postcode in noted.postcode)
    assert all(set(postcode[5:]) <= set("CIKMOV") for postcode in noted.postcode)


def test_errors_are_as_frequent_as_their_rate():
    noted = record(dataclasses.replace(NONE, first_missing=0.25))
    missing = sum(name is None for name in noted.first_name)
    assert 70 < missing < 130  # 100 expected, standard deviation 8.7


def test_people_prone_to_errors_have_more_of_them():
    rates = dataclasses.replace(NONE, last_changed=0.2)
    names = np.array(["A"] * PEOPLE, dtype=object)
    true = Recorded(
        first_name=names,
        last_name=names,
        born=np.zeros(PEOPLE, np.int32),
        postcode=names,
        nhs_number=np.zeros(PEOPLE, np.int64),
    )
    prone = np.r_[np.zeros(PEOPLE // 2), np.full(PEOPLE // 2, 2.0)]
    noted = misrecord(stream(1, "prone"), rates, true, np.full(PEOPLE, "B", object), prone)
    changed = noted.last_name == "B"
    assert not changed[: PEOPLE // 2].any()
    assert changed[PEOPLE // 2 :].sum() > 50


@pytest.mark.parametrize(
    ("luck", "expected"),
    [
        (0, "Rroy"),  # a letter twice
        (1 + 4 * 1, "Ry"),  # the second letter left out
        (2 + 4 * 1, "Ryo"),  # the second and third exchanged
        (3 + 4 * 1, "Rpy"),  # a key beside the second letter
    ],
)
def test_a_slip_of_the_finger(luck, expected):
    assert typed("Roy", luck) == expected


def test_an_empty_name_has_no_slip():
    assert typed("", 5) == ""


def test_a_name_by_ear_keeps_its_first_letter():
    assert heard("Joseph", 0) == "Josef"
    assert heard("Xxx", 0) == "Xxx"  # no sound that has another spelling


def test_a_name_without_a_short_form_stays():
    assert nicknames("Zebedee", 0) == "Zebedee"


def test_errors_of_the_trust_are_those_that_the_design_notes_state():
    assert (CRIS_ERRORS.first_typed, CRIS_ERRORS.nickname, CRIS_ERRORS.old_address) == (
        0.04,
        0.25,
        0.25,
    )
