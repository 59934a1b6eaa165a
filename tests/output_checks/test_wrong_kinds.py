"""A value of another kind than a call takes ends in a sentence, and shows nobody's data."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import polars as pl
import pytest

from output_checks import (
    Data,
    Declaration,
    OutputCheckError,
    Policy,
    PrivacyBudget,
    ReleaseBook,
    check_file,
    intervals,
    private_count,
    rebuild,
)
from output_checks.cli import run
from output_checks.given import shown, texts_of

PEOPLE = pl.DataFrame(
    {"id": range(100), "group": ["a", "b"] * 50, "x": [i % 7 for i in range(100)]}
)
DATA = Data.read(PEOPLE, unit="id")
TABLE = DATA.table("group")
WRONG = [
    3,
    -1.5,
    float("nan"),
    True,
    b"x",
    [3],
    {3: 4},
    {"x": 3},
    object(),
    {3},
    PEOPLE,
    pd.DataFrame({3: [1]}),
    pd.Series([1]),
    len,
    [[1]],
    [{}],
    range(3),
]
QUESTIONS: dict[str, dict[str, Any]] = {
    "rows": {},
    "columns": {},
    "statistic": {},
    "of": {"statistic": "sum"},
    "per": {"statistic": "ratio", "of": "x"},
    "weight": {},
    "within": {"statistic": "proportion"},
    "where": {},
    "derive": {},
    "hierarchies": {},
    "merges": {},
    "structural_zeros": {},
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_part_of_a_question_is_taken_for_another_kind(name):
    for value in WRONG:
        asked: dict[str, Any] = {"rows": "group"} | QUESTIONS[name] | {name: value}
        with pytest.raises(OutputCheckError) as caught:
            DATA.table(**asked)
        assert len(str(caught.value)) < 400


@pytest.mark.parametrize("name", [*QUESTIONS, "margins", "times", "unit", "dataset", "policy"])
def test_no_part_of_a_declaration_is_either(name):
    fitting = {"margins": [True], "times": [3, -1.5]}.get(name, [])
    for value in WRONG:
        if not any(value is one for one in fitting):
            with pytest.raises(OutputCheckError):
                replace(TABLE.declaration, **{name: value})


CALLS: dict[str, Callable[[Any], Any]] = {
    "question": DATA.table,
    "data": lambda value: Data.read(value, unit="id").table("group"),
    "unit": lambda value: Data.read(PEOPLE, unit=value).table("group"),
    "name": lambda value: Data.read(PEOPLE, unit="id", name=value),
    "policy": lambda value: DATA.table("group", policy=value),
    "policy of data": lambda value: Data.read(PEOPLE, unit="id", policy=value).table("group"),
    "declaration": DATA.declared,
    "declared policy": lambda value: DATA.declared(TABLE.declaration, value),
    "values": Declaration.of_values,
    "rebuilt": lambda value: rebuild(value, DATA),
    "rebuilt from": lambda value: rebuild(TABLE.declaration, value),
    "counted": lambda value: private_count(
        value, "group", categories="public", epsilon=1.0, accountant=PrivacyBudget(1e6)
    ),
    "method": TABLE.protect,
    "along": TABLE.coarsen,
    "reviews": lambda value: TABLE.coarsen(reviews=_but_true(value)),
    "report": TABLE.report,
    "excel": TABLE.to_excel,
    "page": TABLE.to_report,
    "date": lambda value: TABLE.to_report(on=value),
    "file": TABLE.write,
    "policy file": Policy.read,
    "policy of": Policy.of,
    "strictest": Policy.strictest,
    "published": intervals,
    "value": lambda value: intervals(TABLE.released(), value=value),
    "hierarchies": lambda value: intervals(TABLE.released(), hierarchies=value),
    "totals": lambda value: intervals(TABLE.released(), totals=value),
    "checked": check_file,
    "book": lambda value: ReleaseBook(value).entries(),
}


def _but_true(value: Any) -> Any:
    return None if value is True else value


@pytest.mark.parametrize("name", CALLS)
def test_no_call_takes_another_kind(name):
    for value in WRONG:
        if name == "data" and isinstance(value, pl.DataFrame | pd.DataFrame):
            continue
        with pytest.raises(OutputCheckError) as caught:
            CALLS[name](value)
        assert len(str(caught.value)) < 500


@pytest.mark.parametrize("value", [3, None, "2020-01-01", b"x"])
def test_a_book_takes_tables_names_and_dates(value, tmp_path):
    book = ReleaseBook(tmp_path / "book.jsonl")
    wrong: list[dict[str, Any]] = [{"table": value}, {"name": 3}, {"on": value}, {"project": 3}]
    for given in wrong:
        right: dict[str, Any] = {"table": TABLE, "name": "ages", "on": date(2026, 3, 4)}
        with pytest.raises(OutputCheckError):
            book.add(**(right | given))
    assert not (tmp_path / "book.jsonl").exists()
    with pytest.raises(OutputCheckError, match="projects must be a list of texts"):
        book.ask([TABLE], projects="ages")


def test_a_message_holds_no_data():
    assert shown(PEOPLE) == "a DataFrame"
    assert shown([PEOPLE]) == "a list"
    assert shown(["a", 3]) == "['a', 3]"
    assert shown("x" * 100) == "'" + "x" * 59 + "…"
    with pytest.raises(OutputCheckError, match="each of names must be a text, not 3"):
        texts_of("names", ["a", 3])
    with pytest.raises(OutputCheckError, match="not a DataFrame"):
        CALLS["question"](PEOPLE)


@pytest.mark.parametrize(
    "arguments",
    [
        ["table", "{folder}", "--rows", "group"],
        ["table", "{data}", "--rows", "group", "--unit", "id", "-o", "{folder}"],
        ["table", "{data}", "--rows", "group", "--unit", "id", "--report", "{folder}"],
        ["table", "{data}", "--rows", "group", "--unit", "id", "--times", "many"],
        ["table", "{data}", "--rows", "group", "--unit", "id", "--merge", "{folder}"],
        ["table", "{data}", "--rows", "group", "--unit", "id", "--policy", "{folder}/x.toml"],
        ["table", "{data}", "--rows", "group", "--unit", "id", "--where", "3"],
        ["table", "{data}", "--rows", "group", "--unit", "id", "--weight", "group"],
        ["table", "{data}", "--rows", "", "--unit", "id"],
        ["table", "{data}", "--unit", "id"],
        ["rebuild", "{folder}", "{data}"],
        ["rebuild", "{data}", "{data}"],
        ["intervals", "{folder}"],
        ["intervals", "{data}", "--rounded", "0"],
        ["file", "{folder}"],
        ["compare", "{data}", "--rows", "group", "--unit", "id", "--method", "suppres"],
        ["together", "{folder}", "--data", "{data}"],
        ["book", "list", "{folder}"],
        ["budget", "{folder}"],
        ["budget", "{folder}", "--create", "1.0"],
        ["budget", "{folder}/new.json", "--create", "-1"],
        ["nothing"],
    ],
)
def test_the_command_says_on_stderr_what_was_wrong(arguments, tmp_path, capsys):
    data, folder = tmp_path / "people.csv", tmp_path / "folder"
    PEOPLE.write_csv(data)
    folder.mkdir()
    before = sorted(tmp_path.rglob("*"))
    filled = [one.format(data=data, folder=folder) for one in arguments]
    assert run(filled) == 3
    said = capsys.readouterr()
    assert said.err.startswith("output-checks: ")
    assert said.out == ""
    assert sorted(tmp_path.rglob("*")) == before
