"""Conditions that are about no column, in outputs that are compared: all people, or none."""

from datetime import date

import pytest

from output_checks import (
    Data,
    EmptyTableError,
    ReleaseBook,
    check_together,
    example_people,
    protect_together,
)

DATA = Data.read(example_people(), unit="id", name="people")
EVERYBODY = ["1=1", "TRUE", "NOT FALSE", "NULL IS NULL", "2 IN (1, 2)", "TRUE AND 1 < 2"]
WITH_A_COLUMN = ["{} AND TRUE", "1=1 AND {}", "1 BETWEEN 0 AND 2 AND {}", "{} OR 1=0"]


@pytest.mark.parametrize("where", EVERYBODY)
def test_a_condition_that_always_holds_leaves_nobody_out(where):
    table = DATA.table("region", where=where)
    assert check_together([table]).verdict == "pass"
    under_90 = DATA.table("region", where="age < 90")
    (found,) = check_together([table, under_90]).findings
    assert found.arithmetic == "400 - 399 = 1"
    # Nothing but what the outputs say without the condition, nor anything beside it.
    assert check_together([table, DATA.table("region", "sex")]).findings == ()


@pytest.mark.parametrize("form", WITH_A_COLUMN)
def test_a_part_without_a_column_changes_nothing(form):
    for where, severity in (("age < 90", "fail"), ("age IS NOT NULL", "pass")):
        table = DATA.table("region", where=form.format(where))
        assert check_together([table]).verdict == "pass"
        assert check_together([table, DATA.table("region")]).verdict == severity


@pytest.mark.parametrize("where", ["1=0", "FALSE", "age < 90 AND FALSE", "1=NULL AND age < 90"])
def test_a_condition_that_never_holds_makes_an_empty_table(where):
    with pytest.raises(EmptyTableError):
        DATA.table("region", where=where)


def test_one_such_output_is_protected_and_entered_like_any_other(tmp_path):
    table = DATA.table("diagnosis", "district", where="1=1")
    alone = DATA.table("diagnosis", "district")
    regions = DATA.table("diagnosis", "region")
    protected = [protect_together([one, regions])[0].released() for one in (table, alone)]
    assert protected[0].equals(protected[1])
    assert protected[0]["value"].null_count() == 12
    book = ReleaseBook(tmp_path / "book")
    book.add(DATA.table("region", where="1=1"), name="all", on=date(2026, 1, 1))
    assert book.ask([DATA.table("region")]).verdict == "pass"
    assert book.ask([DATA.table("region", where="age < 90 AND TRUE")]).verdict == "fail"
