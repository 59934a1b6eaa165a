"""Noisy tables whose categories, and whose refusals, do not tell who is in them."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from output_checks import (
    Data,
    DeclarationError,
    OutputCheckError,
    PrivacyBudget,
    ProtectionError,
    ReleaseBook,
    UnknownColumnError,
    check_together,
    private_count,
    private_mean,
    private_sum,
    rebuild,
)
from output_checks.declaration import Declaration

LITTLE = 1e9
"""An epsilon so great that there is next to no noise."""


def people(**columns: Any) -> Data:
    count = len(next(iter(columns.values())))
    return Data.read(pl.DataFrame({"id": range(count), **columns}), unit="id")


def counted(data: Data, rows: Any = "g", **options: Any) -> list[tuple[Any, ...]]:
    paid: dict[str, Any] = {"epsilon": LITTLE, "accountant": PrivacyBudget(5e9)}
    return private_count(data, rows, **paid | options).released().rows()


def noisy(data: Data, categories: Any, **question: Any) -> Any:
    table = data.table("g", **question)
    return table.protect(
        "noise", epsilon=LITTLE, accountant=PrivacyBudget(5e9), categories=categories
    )


# Which categories there are


def test_categories_of_the_data_are_refused_unless_they_are_said_to_be_public():
    budget = PrivacyBudget(1.0)
    data = people(g=["flu", "flu", "rare"])
    with pytest.raises(ProtectionError, match=r'categories "g" .* categories="public"'):
        private_count(data, "g", epsilon=0.5, accountant=budget)
    with pytest.raises(ProtectionError, match="known without the data"):
        data.table("g").protect("noise", epsilon=0.5, accountant=budget)
    assert budget.spent == ()
    assert counted(data, categories="public") == [("flu", 2), ("rare", 1), ("Total", 3)]


def test_people_are_no_categories():
    with pytest.raises(OutputCheckError, match="names single people"):
        counted(people(g=["flu"]), "id", categories="public")


def test_named_categories_are_shown_whoever_has_them_and_others_are_not():
    data = people(g=["flu", "flu", "rare"])
    expected = [("gout", 0), ("flu", 2), ("Total", 2)]
    assert counted(data, categories={"g": ["gout", "flu"]}) == expected
    table = noisy(data, {"g": ["gout", "flu"]})
    assert table.released().rows() == expected
    assert table.cells["units"].to_list() == [0, 2, 2]
    assert table.declaration.protection["categories"] == {"g": ["gout", "flu"]}
    assert "people of others are left out" in " ".join(table.grid.protection.notes)


def test_categories_that_nobody_has_are_counted_around_nothing():
    data = people(g=["flu", "flu"], x=[0, 1])
    assert counted(data, categories={"g": ["gout"]}) == [("gout", 0), ("Total", 0)]
    assert counted(data, categories={"g": ["gout"]}, where="id > 7")[0] == ("gout", 0)
    paid: Any = {"epsilon": LITTLE, "accountant": PrivacyBudget(5e9), "bounds": (0, 9)}
    for make in (private_sum, private_mean):
        table = make(data, "x", "g", categories={"g": ["gout"]}, **paid)
        assert table.plain.frame["units_with_value"].to_list() == [0, 0]
        assert table.to_report()


def test_an_enum_and_truths_have_the_categories_of_their_kind():
    data = people(
        g=pl.Series(["b", None, "b"], dtype=pl.Enum(["c", "b", "a"])), yes=[True, True, None]
    )
    assert counted(data) == [("c", 0), ("b", 2), ("a", 0), ("Total", 2)]
    assert counted(data, "yes") == [("false", 0), ("true", 2), ("Total", 2)]
    assert counted(data, categories={"g": ["b", None]}) == [("b", 2), ("Missing", 1), ("Total", 3)]
    assert counted(data, "yes", categories={"yes": ["true", "Missing"]})[:2] == [
        ("true", 2),
        ("Missing", 1),
    ]


def test_merged_categories_of_an_enum_are_those_after_merging():
    data = people(g=pl.Series(["b", "a", "b"], dtype=pl.Enum(["c", "b", "a"])))
    table = noisy(data, None, merges={"g": {"a": "a or b", "b": "a or b"}})
    assert table.released().rows() == [("c", 0), ("a or b", 3), ("Total", 3)]
    chosen = noisy(data, None, merges={"g": {"b": "B"}}, where="id <> 1")
    assert chosen.released().rows() == [("c", 0), ("B", 2), ("a", 0), ("Total", 2)]


@pytest.mark.parametrize(
    ("values", "labels", "texts"),
    [
        ([1, 2], [2, 3], ["2", "3"]),
        ([1, 2], ["2", "3"], ["2", "3"]),
        ([1.5, -0.0], [0.0, 1.5], ["0.0", "1.5"]),
        ([date(2020, 1, 1)], [date(2020, 1, 1)], ["2020-01-01"]),
        ([date(2020, 1, 1)], ["2020-01-01"], ["2020-01-01"]),
        (["1", "x"], [1, "x"], ["1", "x"]),
        (pl.Series(["x"], dtype=pl.Categorical), ["x", "y"], ["x", "y"]),
    ],
)
def test_labels_are_understood_as_the_column_has_them(values, labels, texts):
    rows = counted(people(g=values), categories={"g": labels})
    assert [row[0] for row in rows] == [*texts, "Total"]
    assert rows[-1][1] == len(set(labels) & set(values)) or labels[0] in {"2", 1, "2020-01-01", "x"}


@pytest.mark.parametrize(
    ("categories", "error", "says"),
    [
        ("published", ProtectionError, "categories must be"),
        (["a"], ProtectionError, "categories must be"),
        ({"g": "flu"}, ProtectionError, 'categories of "g" must be'),
        ({"g": []}, ProtectionError, 'categories of "g" must be'),
        ({"g": [object()]}, ProtectionError, 'categories of "g" must be'),
        ({"h": ["flu"]}, UnknownColumnError, "unknown dimension"),
        ({"g": ["flu", "flu"]}, DeclarationError, "named twice"),
        ({"g": [None, "Missing"]}, DeclarationError, "named twice"),
        ({"g": ["flu", "Total"]}, OutputCheckError, "Total"),
    ],
)
def test_categories_that_are_none_are_refused_and_cost_nothing(categories, error, says):
    budget = PrivacyBudget(1.0)
    with pytest.raises(error, match=says):
        private_count(people(g=["flu"]), "g", epsilon=0.5, accountant=budget, categories=categories)
    assert budget.spent == ()


@pytest.mark.parametrize(
    ("values", "label"), [([1], "x"), ([True], "x"), ([1], 1.5), ([date(2020, 1, 1)], "x")]
)
def test_a_category_that_no_value_can_be_is_refused(values, label):
    with pytest.raises(DeclarationError, match="cannot be those of"):
        counted(people(g=values), categories={"g": [label]})


def test_groups_are_those_of_the_named_categories():
    data = people(g=["flu", "cold"], part=["lung", "nose"])
    parents = {"flu": "lungs", "asthma": "lungs", "cold": "noses"}
    named = {"g": ["flu", "asthma"]}
    table = noisy(data, named, hierarchies={"g": parents}, where="id = 1")
    assert table.released().rows() == [("flu", 0), ("asthma", 0), ("lungs", 0), ("Total", 0)]
    with pytest.raises(ProtectionError, match="columns of the data"):
        noisy(data, named, hierarchies={"g": ["part"]})


def test_public_groups_are_those_of_all_the_data():
    data = people(g=["flu", "cold"], part=["lung", "nose"])
    table = noisy(data, "public", hierarchies={"g": ["part"]}, where="id = 1")
    assert table.released().rows() == [
        ("cold", 1),
        ("flu", 0),
        ("lung", 0),
        ("nose", 1),
        ("Total", 1),
    ]


def test_a_structural_zero_does_not_tell_whether_somebody_is_there():
    data = people(g=["flu", "cold"], sex=["F", "M"])
    table = data.table("g", "sex", structural_zeros=[{"g": "flu", "sex": "M"}])
    chosen = table.protect(
        "noise", epsilon=LITTLE, accountant=PrivacyBudget(5e9), categories="public"
    )
    assert chosen.cells.filter(g="flu", sex="M")["structural_zero"].item()


def test_a_declaration_keeps_the_categories(tmp_path):
    data = people(g=["flu", "flu", "rare"])
    table = noisy(data, {"g": ["gout", "flu"]})
    again = Declaration.from_json(table.declaration.to_json())
    assert again.to_json() == table.declaration.to_json()
    with pytest.raises(ProtectionError, match="cannot be drawn again"):
        rebuild(again, data)
    book = ReleaseBook(tmp_path / "book")
    book.add(table, name="noisy", on=date(2026, 1, 1))
    found = book.ask([data.table("g")]).findings
    assert not any("could not be compared" in one.message for one in found)


# What is refused


@pytest.mark.parametrize("where", [None, "id = 0", "id = 1"])
def test_what_is_wrong_with_a_value_is_said_whomever_is_chosen(where):
    data = people(g=["flu", "flu"], x=[1.0, float("inf")])
    paid: Any = {"epsilon": 0.5, "accountant": PrivacyBudget(1.0), "categories": "public"}
    with pytest.raises(OutputCheckError, match="holds infinite values"):
        private_sum(data, "x", "g", bounds=(0, 1), where=where, **paid)


@pytest.mark.parametrize("where", [None, "x = 0", "x = 1"])
def test_a_row_of_nobody_is_refused_whomever_is_chosen(where):
    frame = pl.DataFrame({"id": [1, None], "g": ["flu", "flu"], "x": [0, 1]})
    with pytest.raises(OutputCheckError, match="missing in 1 rows"):
        counted(Data.read(frame, unit="id"), categories="public", where=where)


def test_a_category_that_the_data_lack_is_compared_with_other_outputs():
    data = people(g=["flu"] * 30 + ["cold"] * 40, sex=["F", "M"] * 35)
    table = noisy(data, {"g": ["cold", "flu", "gout"]})
    report = check_together({"noisy": table, "sexes": data.table("sex")})
    assert report.together == "pass"
    assert check_together({"noisy": table}, released={"flu": data.table("g")}).notes == ()
