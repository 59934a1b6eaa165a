"""A whole table: every cell with what is behind it."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from tests.output_checks.oracle.behind import (
    Behind,
    behind,
    by_person,
    higher_of_two,
    weight_of,
    with_both,
)
from tests.output_checks.oracle.cells import cells_of
from tests.output_checks.oracle.question import TOTAL, Cell, Question, Row
from tests.output_checks.oracle.rare import different


def table(rows: list[Row], asked: Question) -> dict[Cell, Behind]:
    """Make every cell; a share of the table's own people also looks at the whole that it is of."""
    parts = cells_of(rows, asked)
    higher = higher_of_two([row for row in rows if asked.where(row)], asked)
    values = different(with_both([row for row in rows if asked.where(row)], asked), asked)
    found = {cell: behind(own, asked, higher, values) for cell, own in parts.items()}
    if asked.statistic != "proportion" or asked.of:
        return found
    return {cell: _within(cell, one, parts, asked) for cell, one in found.items()}


def _within(cell: Cell, one: Behind, parts: dict[Cell, list[Row]], asked: Question) -> Behind:
    whole = tuple(_kept(cell, asked))
    people, everybody = (by_person(parts[place], asked) for place in (cell, whole))
    weight = weight_of(everybody, asked)
    share = Fraction(weight_of(people, asked)) / weight * asked.times if weight else None
    return replace(one, value=share, numerator=len(people), denominator=len(everybody))


def _kept(cell: Cell, asked: Question) -> Iterable[str]:
    for dimension, at in zip(asked.dimensions, cell, strict=True):
        yield at if dimension in (asked.within or ()) else TOTAL
