"""A table of a request as a checker reads it: its cells with findings, evidence and proof."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from output_checks.csv_labels import unmarked
from tre.desk.words import Line, humanly, plain

MOST_ROWS = 2_000
"""More than anybody reads; what is cut off is said."""

NO_VALUE = "\u2013"
"""What stands in a cell that is not withheld and has no value, as the mean of nobody."""

Key = frozenset[tuple[str, str]]
_STATISTIC = "statistic"

_FACTS = {
    "units": "People",
    "units_with_value": "People with a value",
    "records": "Records",
    "weight": "Weight of the people",
    "sum": "Sum",
    "numerator_units": "People in the numerator",
    "denominator_units": "People in the denominator",
    "units_at": "People with just this value",
    "units_at_or_below": "People at or below it",
    "units_at_or_above": "People at or above it",
    "units_in_mode": "People with the most frequent value",
    "largest": "Largest contribution",
    "second_largest": "Second largest",
    "total_absolute": "Total of absolutes",
    "negative": "Negative values",
    "positive": "Positive values",
    "all_equal": "All values equal",
    "exact": "Exact value",
    "withheld_as": "Withheld as",
    "lower": "Can be worked out: at least",
    "upper": "Can be worked out: at most",
    "interval_exact": "The search for that came to its end",
}
"""The evidence behind a cell, in words, in the order in which it is read."""

_HIDDEN = frozenset({"value", "withheld", "records_with_value", "structural_zero"})
_ONLY_WITH = {"units_with_value": "units", "positive": "records"}
"""Facts that say nothing beside another one, where both are equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: place is its anchor in the page; numbers are those of its findings.

    text: exactly as in the file. short: the same to fit a column, with "…" where digits are cut.
    changed: whether it said something else in the version before; was: what, None for nothing.
    """

    place: str
    text: str
    short: str
    verdict: str | None
    numbers: tuple[int, ...]
    facts: tuple[Line, ...]
    withheld: bool
    is_number: bool
    changed: bool = False
    was: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the grid; a combination that the table does not have is None."""

    headings: tuple[str, ...]
    cells: tuple[Cell | None, ...]
    is_margin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A whole table. across: what the columns stand for, "" where they are the file's own."""

    row_names: tuple[str, ...]
    across: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    rows_cut_off: int

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell that is there, row by row."""
        return tuple(cell for row in self.rows for cell in row.cells if cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding with its number on the page and the cells that it is about."""

    number: int
    rule: str
    severity: str
    message: str
    remedy: str
    places: tuple[str, ...]
    cells: tuple[str, ...]


class Evidence:
    """What the check knows about each cell, found by the cell's own dimensions."""

    def __init__(self, check: Mapping[str, Any] | None, dimensions: tuple[str, ...]):
        check = check or {}
        self._findings = [
            (number, str(finding.get("severity", "review")), _keys(finding))
            for number, finding in enumerate(check.get("findings") or (), start=1)
        ]
        self._dimensions = dimensions
        self._facts: dict[Key, dict[str, Any]] = {}
        proof = map(_proven, check.get("proof") or ())
        for row in (*(check.get("evidence") or ()), *proof):
            facts = {name: value for name, value in row.items() if name not in dimensions}
            self._facts.setdefault(self._key(row), {}).update(facts)

    def _key(self, row: Mapping[str, Any]) -> Key:
        return frozenset((name, norm(row[name])) for name in self._dimensions if name in row)

    def numbers(self, key: Key) -> tuple[int, ...]:
        """The findings that are about this cell."""
        return tuple(number for number, _, keys in self._findings if any(k <= key for k in keys))

    def verdict(self, numbers: tuple[int, ...]) -> str | None:
        """The worst severity of these findings; None for none."""
        severities = {severity for number, severity, _ in self._findings if number in numbers}
        return next((word for word in ("fail", "review", "pass") if word in severities), None)

    def says_no_value(self, key: Key) -> bool:
        """Whether the check says that an empty cell is not withheld: nobody in it has a value."""
        facts = self._facts.get(key, {})
        return facts.get("withheld") is False and "exact" in facts and facts["exact"] is None

    def facts(self, key: Key) -> tuple[Line, ...]:
        """The evidence and the proof behind this cell, as labelled lines."""
        return fact_lines(self._facts.get(key, {}))


def _proven(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the proof, whose `exact` is about its interval: the evidence's is the value."""
    own = {name: value for name, value in row.items() if name != "exact"}
    return own | {"interval_exact": row.get("exact")}


def fact_lines(facts: Mapping[str, Any]) -> tuple[Line, ...]:
    """Evidence in words, known facts first, nothing that is empty."""
    order = [name for name in _FACTS if name in facts]
    order += [name for name in facts if name not in _FACTS and name not in _HIDDEN]
    return tuple(
        Line(label=_FACTS.get(name, humanly(name)), text=plain(facts[name]))
        for name in order
        if _says_something(name, facts)
    )


def _says_something(name: str, facts: Mapping[str, Any]) -> bool:
    value = facts[name]
    if isinstance(value, dict) or value is None or value is False or plain(value) == "":
        return False
    if name in {"negative", "positive"} and not facts.get("negative"):
        return False
    return value != facts.get(_ONLY_WITH.get(name, ""), object())


def grid_of(
    text: str, check: Mapping[str, Any] | None, declaration: Mapping[str, Any] | None
) -> Grid:
    """Lay out what the file itself says, exactly those bytes, with what is known about each cell.

    A declared table (one line a cell) is turned so that its columns run across the page.
    Any other table is shown as it stands.
    """
    head, lines = _read(text)
    rows, columns = _dimensions(declaration)
    dimensions = (*rows, *columns)
    evidence = Evidence(check, dimensions or tuple(head))
    values = [name for name in head if name not in dimensions]
    if lines and dimensions and values and set(dimensions) <= set(head):
        records = [dict(zip(head, line, strict=False)) for line in lines if len(line) == len(head)]
        if len(records) == len(lines) and _is_one_line_a_cell(records, dimensions):
            if len(values) == 1:
                return _turned(records, rows, columns, values[0], evidence)
            if set(values) == set(_names((declaration or {}).get("statistic"))):
                several = Evidence(check, (*dimensions, _STATISTIC))
                long = _one_line_a_statistic(records, dimensions, values)
                return _turned(long, rows, (*columns, _STATISTIC), "value", several)
    return _as_it_stands(head, lines, evidence)


def _one_line_a_statistic(
    records: list[dict[str, str]], dimensions: tuple[str, ...], values: list[str]
) -> list[dict[str, str]]:
    return [
        {name: record[name] for name in dimensions} | {_STATISTIC: name, "value": record[name]}
        for record in records
        for name in values
    ]


def finding_views(check: Mapping[str, Any] | None, grid: Grid | None) -> tuple[FindingView, ...]:
    """The findings of a check, numbered from 1 as on the cells."""
    cells = grid.cells if grid else ()
    return tuple(
        FindingView(
            number=number,
            rule=str(finding.get("rule", "")),
            severity=str(finding.get("severity", "review")),
            message=str(finding.get("message", "")),
            remedy=str(finding.get("remedy") or ""),
            places=tuple(cell.place for cell in cells if number in cell.numbers),
            cells=tuple(" · ".join(plain(v) for v in cell.values()) for cell in _dicts(finding)),
        )
        for number, finding in enumerate((check or {}).get("findings") or (), start=1)
    )


def norm(value: object) -> str:
    """Write a dimension's value as a CSV file does."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _dicts(finding: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in finding.get("cells") or () if isinstance(cell, dict)]


def _keys(finding: Mapping[str, Any]) -> tuple[Key, ...]:
    """The cells of a finding, together with the statistic where a table has several."""
    cells = finding.get("cells")
    if not isinstance(cells, (list, tuple)):
        return ()
    found = (cell for cell in cells if isinstance(cell, dict) and cell)
    of = {_STATISTIC: finding["statistic"]} if finding.get("statistic") else {}
    return tuple(frozenset((str(k), norm(v)) for k, v in (cell | of).items()) for cell in found)


def _dimensions(declaration: Mapping[str, Any] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    declaration = declaration or {}
    return _names(declaration.get("rows")), _names(declaration.get("columns"))


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(name) for name in value) if isinstance(value, (list, tuple)) else ()


def _read(text: str) -> tuple[list[str], list[list[str]]]:
    first = text.split("\n", 1)[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    try:
        lines = [line for line in csv.reader(io.StringIO(text), delimiter=delimiter) if line]
    except csv.Error:
        lines = [[line] for line in text.splitlines()]
    lines = [[unmarked(cell) for cell in line] for line in lines]
    return (lines[0], lines[1:]) if lines else ([], [])


def _is_one_line_a_cell(records: list[dict[str, str]], dimensions: tuple[str, ...]) -> bool:
    seen = {tuple(record[name] for name in dimensions) for record in records}
    return len(seen) == len(records)


def _turned(
    records: list[dict[str, str]],
    rows: tuple[str, ...],
    columns: tuple[str, ...],
    value: str,
    evidence: Evidence,
) -> Grid:
    by_place: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
    for record in records:
        place = (tuple(record[name] for name in rows), tuple(record[name] for name in columns))
        by_place[place] = record[value]
    downs = _margins_last(dict.fromkeys(down for down, _ in by_place))
    acrosses = _margins_last(dict.fromkeys(across for _, across in by_place))
    cells = [
        [
            _cell(f"c{i}-{j}", by_place[down, across], _key(rows, down, columns, across), evidence)
            if (down, across) in by_place
            else None
            for j, across in enumerate(acrosses)
        ]
        for i, down in enumerate(downs[:MOST_ROWS])
    ]
    return Grid(
        row_names=rows,
        across=" by ".join(columns),
        heads=tuple(" · ".join(across) or value for across in acrosses),
        rows=tuple(
            Row(headings=down, cells=tuple(line), is_margin="Total" in down)
            for down, line in zip(downs, cells, strict=False)
        ),
        rows_cut_off=max(0, len(downs) - MOST_ROWS),
    )


def _as_it_stands(head: list[str], lines: list[list[str]], evidence: Evidence) -> Grid:
    rows = []
    for i, line in enumerate(lines[:MOST_ROWS]):
        record = frozenset(zip(head, line, strict=False))
        cells = tuple(
            _cell(
                f"c{i}-{j}",
                text,
                record | {("row", str(i + 1)), ("line", str(i + 2)), ("column", name)},
                evidence,
            )
            for j, (name, text) in enumerate(zip(_as_long(head, line), line, strict=True))
        )
        rows.append(Row(headings=(), cells=cells, is_margin="Total" in line))
    return Grid(
        row_names=(),
        across="",
        heads=tuple(head),
        rows=tuple(rows),
        rows_cut_off=max(0, len(lines) - MOST_ROWS),
    )


def _as_long(head: list[str], line: list[str]) -> list[str]:
    return [*head[: len(line)], *[""] * (len(line) - len(head))]


def _margins_last(keys: Mapping[tuple[str, ...], None]) -> list[tuple[str, ...]]:
    return sorted(keys, key=lambda key: key.count("Total"))


def _key(
    rows: tuple[str, ...], down: tuple[str, ...], columns: tuple[str, ...], across: tuple[str, ...]
) -> Key:
    return frozenset((*zip(rows, down, strict=True), *zip(columns, across, strict=True)))


def _cell(place: str, text: str, key: Key, evidence: Evidence) -> Cell:
    numbers = evidence.numbers(key)
    has_no_value = text == "" and evidence.says_no_value(key)
    return Cell(
        place=place,
        text=text,
        short=NO_VALUE if has_no_value else shortened(text),
        verdict=evidence.verdict(numbers),
        numbers=numbers,
        facts=(
            *((Line(label="In the file", text=text),) if shortened(text) != text else ()),
            *evidence.facts(key),
        ),
        withheld=text == "" and not has_no_value,
        is_number=has_no_value or _is_number(text),
    )


def shortened(text: str) -> str:
    """Cut the digits of a long decimal number after the third, and show that some were cut."""
    whole, point, digits = text.partition(".")
    if point and len(digits) > 4 and digits.isdigit() and _is_number(text):
        return f"{whole}.{digits[:3]}…"
    return text


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True
