"""What the book refuses to enter, and what it says of weights that are derived."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from output_checks import Data, UnusableTableError
from output_checks.book import ReleaseBook
from tests.output_checks.test_linked_dominance import both, data_of

DAY = date(2027, 3, 1)


@pytest.fixture
def book(tmp_path):
    return ReleaseBook(tmp_path / "book.jsonl")


@pytest.fixture
def data():
    frame = pl.DataFrame(
        {
            "id": range(90),
            "region": ["N"] * 40 + ["S"] * 50,
            "pay": [10.0 + at % 7 for at in range(89)] + [99.0],
            "weight": [1.0 + at % 3 / 4 for at in range(90)],
        }
    )
    return Data.read(frame, unit="id", name="people")


def test_what_fails_its_own_check_is_not_entered_by_accident(book, data):
    failing = data.table("region", where="pay < 11")  # 6 and 7 people
    assert failing.report().verdict == "fail"
    with pytest.raises(UnusableTableError, match="even_if_failing=True"):
        book.add(failing, name="few", on=DAY)
    assert not book._path.exists()
    book.add(failing, name="few", on=DAY, even_if_failing=True)
    (entry,) = book.entries()
    assert entry.name == "few"


def test_what_a_person_must_look_at_is_entered(book, data):
    frame = data.frame.collect().with_columns(pl.lit("all").alias("everybody"))
    reviewed = Data.read(frame, unit=None, name="people").table("region")
    assert reviewed.report().verdict == "review"
    book.add(reviewed, name="rows", on=DAY)
    assert len(book.entries()) == 1


def test_whether_it_may_fail_is_true_or_false(book, data):
    wrong: Any = "yes"
    with pytest.raises(UnusableTableError, match="even_if_failing must be true or false"):
        book.add(data.table("region"), name="a", on=DAY, even_if_failing=wrong)


def test_a_derived_weight_that_leaves_one_person_out_of_a_released_one_is_found(book, data):
    book.add(data.table("region", weight="weight"), name="weighted", on=DAY)
    less = {"less": "CASE WHEN pay = 99 THEN 0 ELSE weight END"}
    new = data.table("region", weight="less", derive=less)
    assert new.report().verdict == "pass"
    report = book.ask({"new": new})
    assert report.verdict == "fail"
    told = [one for one in report.findings if "1 person adds another amount" in one.message]
    assert {tuple(cell["region"] for _, cell in one.cells) for one in told} == {
        ("S", "S"),
        ("Total", "Total"),
    }
    assert {one.rule for one in told} == {"differencing"}


def test_a_derived_weight_that_is_a_multiple_says_nothing_new(book, data):
    book.add(data.table("region", weight="weight"), name="weighted", on=DAY)
    twice = data.table("region", weight="twice", derive={"twice": "weight * 2"})
    assert book.ask({"new": twice}).verdict == "pass"


def test_a_difference_from_what_is_released_is_judged_by_its_amounts_too(book):
    tables = both(data_of(2600.0))  # the old of the north are 14, of whom one has 67 %
    book.add(tables["young"], name="young", on=DAY)
    (found,) = book.ask({"all": tables["all"]}).findings
    assert (found.rule, found.severity) == ("differencing", "review")
    assert "one makes up 67 % of it" in found.message
