"""Names that polars takes for patterns of names are refused, wherever they come in."""

import polars as pl
import pytest

from output_checks import Data, DeclarationError, UnknownColumnError, UnreadableDataError

PEOPLE = pl.DataFrame({"id": range(40), "g": ["a", "b"] * 20, "x": [1.0] * 40})
PATTERNS = ["^c$", "^.*$", "^$", "*"]


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("renamed", ["id", "g", "x"])
def test_data_with_such_a_column_are_refused(name, renamed):
    frame = PEOPLE.rename({renamed: name})
    unit = name if renamed == "id" else "id"
    with pytest.raises(UnreadableDataError, match="rename it"):
        Data.read(frame, unit=unit)
    made = Data(frame=frame.lazy(), unit=unit)
    with pytest.raises(UnreadableDataError, match="rename it"):
        made.table("g" if renamed != "g" else name)


@pytest.mark.parametrize("name", PATTERNS)
def test_such_a_derived_column_is_refused(name):
    """Weights by "^c$" would be those of "c", the identifiers."""
    with pytest.raises(DeclarationError, match="derive: a column cannot be called"):
        Data.read(PEOPLE, unit="id").table("g", weight=name, derive={"c": "id", name: "1"})


@pytest.mark.parametrize("text", ['"^i.*$"', "`^i.*$`", '"*"', 'x + "^id$"'])
def test_an_expression_cannot_ask_for_columns_by_a_pattern(text):
    """The unit column would become a variable by another name."""
    with pytest.raises(DeclarationError, match="stands for several columns"):
        Data.read(PEOPLE, unit="id").table("g", statistic="sum", of="k", derive={"k": text})


@pytest.mark.parametrize("asked", [{"weight": "^x$"}, {"statistic": "sum", "of": "^x$"}])
def test_a_pattern_is_no_column(asked):
    with pytest.raises(UnknownColumnError, match="unknown column"):
        Data.read(PEOPLE, unit="id").table("g", **asked)


def test_a_pattern_is_no_record_key():
    table = Data.read(PEOPLE, unit="id").table("g")
    with pytest.raises(UnknownColumnError, match="unknown column"):
        table.protect("cell-key", record_key="^x$")


@pytest.mark.parametrize("name", ["^", "$", "^c", "c$", "c*"])
def test_names_with_such_signs_that_are_no_patterns_stay(name):
    data = Data.read(PEOPLE.rename({"g": name}), unit="id")
    assert data.table(name).released()["value"].to_list() == [20, 20, 40]
