"""Compare a submitted CSV with the table that the service made again from the data."""

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from output_checks.csv_labels import unmarked

Row = dict[str, Any]

_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?", re.ASCII)
_SLACK = 1e-9
"""Relative: sums of floating-point numbers depend on their order."""


class UnlikeError(Exception):
    """The file is not a table of the rebuilt one's shape; the message says in what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One cell in which file and rebuilt table differ; None is a cell without a value."""

    cell: Row
    statistic: str
    submitted: str | None
    rebuilt: float | str | None

    def __str__(self) -> str:
        where = ", ".join(f"{name}={label}" for name, label in self.cell.items())
        which = "" if self.statistic == "value" else f" for the {self.statistic}"
        return (
            f"at {where} the file says {self.submitted or 'nothing'}{which}, the rebuilt "
            f"{_written(self.rebuilt)}"
        )


def differences(
    content: bytes, rebuilt: Sequence[Row], dimensions: Sequence[str]
) -> tuple[Difference, ...]:
    """Find every value that is not the rebuilt one, in the rebuilt table's order.

    rebuilt: its rows as they may leave: the dimensions as text, and `value` or a column for each
    statistic, None where withheld. A number may be written rounded, to as many decimals as it
    shows; never otherwise changed. A text must be the same.
    Raises UnlikeError where the file is no CSV, or has other columns or rows.
    """
    submitted = _by_cell(_rows(content, list(rebuilt[0])), dimensions)
    _refuse_other_cells(submitted, rebuilt, dimensions)
    return tuple(
        Difference(
            cell={name: row[name] for name in dimensions},
            statistic=name,
            submitted=submitted[_key(row, dimensions)][name],
            rebuilt=row[name],
        )
        for row in rebuilt
        for name in row
        if name not in dimensions and not _agrees(submitted[_key(row, dimensions)][name], row[name])
    )


def _written(rebuilt: float | str | None) -> str:
    if rebuilt is None:
        return "has no value there"
    return rebuilt if isinstance(rebuilt, str) else f"{rebuilt:g}"


def read_rows(content: bytes) -> list[list[str]]:
    """Read CSV strictly: UTF-8, commas, quotes that end, no line of its own length.

    Texts are without the apostrophes that only keep a spreadsheet from running them.

    Raises UnlikeError with the first thing that is wrong.
    """
    try:
        text = content.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except UnicodeDecodeError as error:
        message = "the file is not UTF-8 text"
        raise UnlikeError(message) from error
    except csv.Error as error:
        message = f"the file is not CSV: {error}"
        raise UnlikeError(message) from error
    if not rows:
        message = "the file is empty"
        raise UnlikeError(message)
    return [[unmarked(cell) for cell in row] for row in rows]


def _rows(content: bytes, names: list[str]) -> list[Row]:
    header, *lines = read_rows(content)
    if sorted(header) != sorted(names):
        message = f"its columns are {_listed(header)}; those of the rebuilt are {_listed(names)}"
        raise UnlikeError(message)
    for number, line in enumerate(lines, 2):
        if len(line) != len(names):
            message = f"row {number} has {len(line)} fields instead of {len(names)}"
            raise UnlikeError(message)
    return [dict(zip(header, line, strict=True)) for line in lines]


def _by_cell(rows: list[Row], dimensions: Sequence[str]) -> dict[tuple[str, ...], Row]:
    cells = {_key(row, dimensions): row for row in rows}
    if len(cells) != len(rows):
        message = "a cell is there twice"
        raise UnlikeError(message)
    return cells


def _refuse_other_cells(
    submitted: dict[tuple[str, ...], Row], rebuilt: Sequence[Row], dimensions: Sequence[str]
) -> None:
    expected = {_key(row, dimensions) for row in rebuilt}
    if expected == set(submitted):
        return
    strange = sorted(expected ^ set(submitted))
    which = _listed(" / ".join(key) for key in strange[:5])
    message = f"{len(strange)} cells are missing or too many, such as {which}"
    raise UnlikeError(message)


def _key(row: Row, dimensions: Sequence[str]) -> tuple[str, ...]:
    return tuple(row[name] for name in dimensions)


def number_of(text: str) -> Decimal | None:
    """A number as the library writes it; None for any other text."""
    text = text.strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _agrees(submitted: str, rebuilt: float | str | None) -> bool:
    if isinstance(rebuilt, str):
        return submitted == rebuilt
    text = submitted.strip()
    if rebuilt is None or text == "":
        return rebuilt is None and text == ""
    written = number_of(text)
    if written is None or not math.isfinite(rebuilt):
        return False
    decimals = max(0, -int(written.as_tuple().exponent))
    allowed = 0.5 * 10.0**-decimals + _SLACK * max(1.0, abs(rebuilt))
    return abs(float(written) - rebuilt) <= allowed


def _listed(names: Any) -> str:
    return ", ".join(repr(str(name)[:60]) for name in list(names)[:20])
