"""Private tables: what they cost, that they show no chosen person, and what they refuse."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from output_checks import (
    Data,
    DeclarationError,
    EmptyTableError,
    OutputCheckError,
    PrivacyBudget,
    ProtectionError,
    ReleaseBook,
    private_count,
    private_histogram,
    private_mean,
    private_quantiles,
    private_sum,
    utility,
)
from output_checks.expressions import NEVER_FAILING, ROW_FUNCTIONS, row_expression

LITTLE = 1e9
"""An epsilon so great that there is next to no noise."""


def plenty() -> PrivacyBudget:
    return PrivacyBudget(5e9)


# What is chosen costs what it costs


PATIENTS = Data.read(
    pl.DataFrame(
        {
            "id": range(40),
            "illness": ["flu", "cold", "gout", "rash"] * 10,
            "age": [20 + one for one in range(40)],
            "cost": [10.0 * one for one in range(40)],
        }
    ),
    unit="id",
)
ILLNESSES = {"illness": ["cold", "flu", "gout", "rash"]}
ASKED: dict[str, tuple[Any, dict[str, Any]]] = {
    "count": (private_count, {"rows": "illness", "categories": ILLNESSES}),
    "sum": (
        private_sum,
        {"of": "cost", "rows": "illness", "categories": ILLNESSES, "bounds": (0, 400)},
    ),
    "mean": (
        private_mean,
        {"of": "cost", "rows": "illness", "categories": ILLNESSES, "bounds": (0, 400)},
    ),
    "quantiles": (
        private_quantiles,
        {
            "of": "cost",
            "rows": "illness",
            "categories": ILLNESSES,
            "bounds": (0, 400),
            "shares": [0.5],
        },
    ),
    "histogram": (private_histogram, {"of": "cost", "edges": [0, 200, 400]}),
}


def asked(name: str, **more: Any) -> Any:
    make, options = ASKED[name]
    return make(PATIENTS, **options | more)


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("where", ["age = 27", "age = 270", "age = 27 AND illness = 'flu'"])
def test_a_table_of_one_person_or_nobody_has_the_categories_of_everybody(name, where):
    budget = PrivacyBudget(1.0)
    chosen = asked(name, where=where, epsilon=0.5, accountant=budget)
    everybody = asked(name, epsilon=0.5, accountant=PrivacyBudget(1.0))
    labels = chosen.dimensions
    assert chosen.released().select(labels).equals(everybody.released().select(labels))
    assert chosen.released().schema == everybody.released().schema
    assert chosen.plain.size == chosen.grid.size
    assert len(budget.spent) == 1
    assert utility(chosen).cells == chosen.grid.size
    assert "illness" in chosen.to_report() or name == "histogram"


def test_categories_that_nobody_of_the_chosen_has_are_counted_around_nothing():
    table = private_count(
        PATIENTS,
        "illness",
        where="age < 22",
        categories="public",
        epsilon=LITTLE,
        accountant=plenty(),
    )
    # Of the two youngest one has the flu and one a cold.
    assert table.released().rows() == [
        ("cold", 1),
        ("flu", 1),
        ("gout", 0),
        ("rash", 0),
        ("Total", 2),
    ]
    assert table.cells["units"].to_list() == [1, 1, 0, 0, 2]


def test_data_without_rows_are_refused_and_cost_nothing():
    nobody = Data.read(PATIENTS.frame.head(0), unit="id")
    budget = PrivacyBudget(1.0)
    for where in (None, "age = 27"):
        with pytest.raises(EmptyTableError):
            private_count(
                nobody, "illness", categories="public", where=where, epsilon=0.5, accountant=budget
            )
    assert budget.spent == ()


def test_a_book_knows_a_noisy_table_of_chosen_people_again(tmp_path):
    table = private_count(
        PATIENTS, "illness", categories="public", where="age < 22", epsilon=1.0, accountant=plenty()
    )
    book = ReleaseBook(tmp_path / "book")
    book.add(table, name="noisy", on=date(2026, 1, 1))
    found = book.ask([PATIENTS.table("illness")]).findings
    assert not any("could not be compared" in one.message for one in found)


SUBNORMAL, THREE_NUMBERS = (0, 5e-324), (1, 2, 3)
WRONG: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    10**400,
    float("nan"),
    float("inf"),
    "x",
    b"x",
    [],
    [1],
]
WRONG += [{"a": 1}, object(), {1, 2}, pl.DataFrame(), range(3), iter([1, 2]), 5e-324, 1e308]
WRONG += [(1, 0), (0, 0), (0, float("nan")), (0, float("inf")), (0, 10**400), SUBNORMAL]
WRONG += [(-1.7e308, 1.7e308), THREE_NUMBERS, ("a", "b")]
FITTING: dict[str, list[Any]] = {
    "epsilon": [1.5],
    "random_state": [None, 0],
    "cells_per_person": [None],
    "where": [None],
    "edges": [SUBNORMAL, THREE_NUMBERS],
}


EVERYWHERE = ["epsilon", "accountant", "random_state", "where"]
ARGUMENTS = [*EVERYWHERE, "bounds", "cells_per_person", "shares", "edges", "of"]


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("argument", ARGUMENTS)
def test_an_argument_of_another_kind_is_refused_and_costs_nothing(name, argument):
    takes = {
        "bounds": ("sum", "mean", "quantiles"),
        "shares": ("quantiles",),
        "edges": ("histogram",),
        "of": ("histogram",),
    }
    if name not in takes.get(argument, ASKED):
        return
    for value in WRONG:
        if any(value is one for one in FITTING.get(argument, [])):
            continue
        budget = PrivacyBudget(1e6)
        with pytest.raises(OutputCheckError) as caught:
            asked(name, **{"epsilon": 1.0, "accountant": budget} | {argument: value})
        assert len(str(caught.value)) < 400
        assert budget.spent == ()


@pytest.mark.parametrize("make", [private_sum, private_mean, private_quantiles])
@pytest.mark.parametrize("data_", [None, 3, "x", pl.DataFrame(), [PATIENTS]])
def test_what_is_no_data_is_refused(make: Any, data_: Any):
    with pytest.raises(OutputCheckError, match="data must be Data"):
        make(data_, "cost", "illness", bounds=(0, 1), epsilon=1.0, accountant=plenty())
    with pytest.raises(OutputCheckError, match="data must be Data"):
        private_histogram(data_, "cost", [0, 1], epsilon=1.0, accountant=plenty())


def test_an_epsilon_that_leaves_nothing_of_the_values_is_refused_and_costs_nothing():
    budget = PrivacyBudget(1e-6)
    with pytest.raises(ProtectionError, match="too little"):
        private_sum(
            PATIENTS,
            "cost",
            "illness",
            bounds=(0, 1),
            epsilon=1e-9,
            accountant=budget,
            categories="public",
            cells_per_person=1_000,
        )
    assert budget.spent == ()


@pytest.mark.parametrize(
    "where",
    [
        "CAST(CASE WHEN age = 27 THEN 'x' ELSE '1' END AS INT) = 1",
        "CASE WHEN age = 27 THEN 'x' ELSE '1' END::int = 1",
        "DATE(CASE WHEN age = 27 THEN 'x' ELSE '2020-01-01' END) IS NOT NULL",
        "age // (CASE WHEN age = 27 THEN 0.0 ELSE 1.0 END) > 1",
        "div(cost, CASE WHEN age = 27 THEN 0.0 ELSE 1.0 END) > 1",
        "pow(age, CASE WHEN age = 27 THEN -1 ELSE 1 END) > 1",
        "regexp_like(illness, CASE WHEN age = 27 THEN '(' ELSE 'a' END)",
        "illness ~ CASE WHEN age = 27 THEN '(' ELSE 'a' END",
        "strpos(illness, CASE WHEN age = 27 THEN '(' ELSE 'a' END) > 0",
        '"cast"(age AS INT) = 1',
    ],
)
@pytest.mark.parametrize("name", ASKED)
def test_a_condition_that_fails_for_one_person_only_is_refused_for_everybody(name, where):
    for data_ in (PATIENTS, Data.read(PATIENTS.frame.filter(pl.col("age") != 27), unit="id")):
        budget = PrivacyBudget(1.0)
        make, options = ASKED[name]
        with pytest.raises(OutputCheckError, match=r"may fail|unknown function|cannot be read"):
            make(data_, where=where, epsilon=0.5, accountant=budget, **options)
        assert budget.spent == ()


def test_a_condition_that_has_an_answer_for_everybody_is_let_through():
    for where in (
        "TRY_CAST(illness AS INT) = 1",
        "age BETWEEN 20 AND 30 AND (illness LIKE 'f%' OR illness IN ('CAST(', 'a::b'))",
        "lower(illness) = 'flu' AND NOT (cost IS NULL)",
    ):
        assert asked("count", where=where, epsilon=0.5, accountant=PrivacyBudget(1.0))


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("second", ["flu", "gout"])
def test_whether_a_chosen_person_is_in_several_cells_is_not_told(name, second):
    rows = [(1, "flu", 0, 10.0), (1, second, 0, 300.0), (2, "flu", 1, 10.0), (2, "gout", 1, 300.0)]
    names = ["id", "illness", "age", "cost"]
    patients = Data.read(pl.DataFrame(rows, schema=names, orient="row"), unit="id")
    make, options = ASKED[name]
    table = make(patients, where="age = 0", epsilon=0.5, accountant=PrivacyBudget(1.0), **options)
    assert "more than 1 cells" in table.grid.protection.notes[-1]
    paid = {"epsilon": 0.5, "accountant": PrivacyBudget(1.0)}
    with pytest.raises(ProtectionError, match="cells_per_person"):
        make(patients, **paid, **options)
    assert make(patients, cells_per_person=2, **paid, **options)


def test_every_function_of_a_private_condition_is_one_of_a_single_row():
    for name in NEVER_FAILING:
        assert not has_no_such_function(f"{name}(age)")
    refused = ROW_FUNCTIONS - NEVER_FAILING
    assert {"cast", "pow", "div", "regexp_like", "strftime"} <= refused
    for name in refused:
        with pytest.raises(DeclarationError, match="may fail"):
            asked("count", where=f"{name}(age)", epsilon=0.5, accountant=PrivacyBudget(1.0))


def has_no_such_function(text):
    """Whether a text is refused for its function, and not for its arguments."""
    try:
        row_expression(text, ["age"])
    except DeclarationError as error:
        return "unknown function of a single row" in str(error)
    return False
