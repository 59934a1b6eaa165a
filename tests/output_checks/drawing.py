"""Tables drawn as text, turned into the people they describe."""

from collections.abc import Mapping, Sequence

import polars as pl
from diffprivlib import BudgetAccountant

from output_checks import Data


def people(drawn: str, rows: str = "group", columns: str = "sex") -> pl.DataFrame:
    """One row a person, from a drawn table of counts whose header names the columns."""
    header, *lines = [line.split() for line in drawn.strip().splitlines()]
    cells = [
        (line[0], column, int(count))
        for line in lines
        for column, count in zip(header, line[1:], strict=True)
    ]
    records = [(row, column) for row, column, count in cells for _ in range(count)]
    return pl.DataFrame(
        {
            "id": [f"p{number}" for number in range(len(records))],
            rows: [row for row, _ in records],
            columns: [column for _, column in records],
        },
        schema={"id": pl.String, rows: pl.String, columns: pl.String},
    )


def data(drawn: str) -> Data:
    """The people of a drawn table, counted by their id."""
    return Data.read(people(drawn), unit="id", name="drawn")


def valued(values: Mapping[str, Sequence[float | None]]) -> Data:
    """People with a value each, by group."""
    rows = [(group, value) for group, some in values.items() for value in some]
    frame = pl.DataFrame(
        {
            "id": range(len(rows)),
            "group": [group for group, _ in rows],
            "x": [value for _, value in rows],
        },
        schema={"id": pl.Int64, "group": pl.String, "x": pl.Float64},
        strict=False,
    )
    return Data.read(frame, unit="id", name="valued")


def found(table, rule: str) -> list[tuple[tuple, str]]:
    """Each finding of a rule: the labels of its cells, and its severity."""
    return [
        (tuple(tuple(cell.values()) for cell in finding.cells), str(finding.severity))
        for finding in table.report().findings
        if finding.rule == rule
    ]


MEANS = {
    ("a", "F"): [50.0, 61, 47],
    ("a", "M"): [40.0 + i for i in range(15)],
    ("b", "F"): [45.0 + i for i in range(12)],
    ("b", "M"): [30.0 + 2 * i for i in range(14)],
    ("c", "F"): [20.0 + i for i in range(40)],
    ("c", "M"): [25.0 + i for i in range(41)],
}


def means(statistic="mean", sign=1.0):
    rows = [(g, s, x * sign) for (g, s), values in MEANS.items() for x in values]
    frame = pl.DataFrame(
        {"id": range(len(rows))}
        | {name: [row[i] for row in rows] for i, name in enumerate(("group", "sex", "x"))}
    )
    return Data.read(frame, unit="id").table("group", "sex", statistic=statistic, of="x")


def accountant(epsilon=1.0, spent=None):
    return BudgetAccountant(epsilon=epsilon, delta=1.0, spent_budget=spent)
