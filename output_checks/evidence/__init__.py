"""What lies behind every cell, by distinct unit, in sums that no order of rows can change.

Rows are numbered by cell, counted by cell and unit, then by cell. Margins of cells that share no
unit are added up; otherwise they are counted again by unit. More rows than fit into memory are
read in parts, by unit.
"""

from collections.abc import Sequence

import polars as pl

from output_checks.evidence.cells import Cells, numbered
from output_checks.evidence.columns import CELL, NUMBER
from output_checks.evidence.counted import Counting, counted
from output_checks.evidence.finished import finished
from output_checks.evidence.heads import Heads
from output_checks.evidence.modes import frequencies, modes
from output_checks.evidence.nearest import bounds, joined, nearest, nobody_has_several
from output_checks.evidence.positions import added, around, positions
from output_checks.evidence.question import Question, lean
from output_checks.evidence.rare_values import rare_values
from output_checks.evidence.rows import Rows, rows_of
from output_checks.evidence.sizes import look
from output_checks.evidence.spread import spreads
from output_checks.statistics import Kind, Statistic

__all__ = ["gather"]


def gather(  # noqa: PLR0913 - the question has as many parts
    frame: pl.LazyFrame,
    *,
    keysets: Sequence[tuple[str, ...]],
    unit: str | None,
    of: str | None = None,
    per: str | None = None,
    weight: str | None = None,
    statistics: Sequence[Statistic],
    most_cells: int | None = None,
    parts: int | None = None,
) -> tuple[list[pl.DataFrame], bool]:
    """Evidence for the cells of every set of keys, and whether a unit is in several cells.

    keysets: the first is the finest; others hold some of its columns, () is everything.
    unit: None takes every row for one. of, per, weight: the variable, its denominator (records
    that lack one of them have neither) and the weights, one for every unit.
    parts: how many parts of the units are read one after another; None takes as many as keep
    memory within bounds, but medians and modes hold their variable's column all the same.
    Returns frames in the order of `keysets` and of their labels: the keys; COUNTS, AMOUNTS and
    TRUTHS, null where they do not apply; "value of {statistic}", null where it is of nobody;
    "units_at of …", "units_at_or_below of …", "units_at_or_above of …" of every position,
    "records_around of …", the "most_records_around of …" that one person has and the
    "second_most_records_around of …", null where each row is a person, and "units_in_mode of mode";
    with a spread "total_square", the squares around each cell's mean, and "largest_square",
    "second_largest_square", what persons add to them, and "units_with_rarest", people with the
    rarest of at most three values; "units_with_lowest", "units_with_middle" and
    "units_with_highest" where there are three values in all, else null; OF_RARE_VALUES by their
    name and "of …" of every statistic that adds up. Amounts are in the unit of their column.
    Raises UnreadableDataError for data that cannot be read, missing units and infinite values;
    UnusableTableError for weights that are none, a proportion of something else than yes and no,
    and more than `most_cells` cells.
    """
    asked = Question(
        keysets=tuple(keysets),
        unit=unit,
        of=of,
        per=per,
        weight=weight,
        statistics=tuple(statistics),
    )
    chosen = lean(frame, asked)
    sizes = look(chosen, asked)
    numbering, every = numbered(chosen, asked, most_cells)
    rows = rows_of(chosen, asked, numbering, sizes.rows, parts)
    whole = counted(rows, every, sizes)
    more = _others(rows, every, whole)
    frames = []
    for place, cells in enumerate(every):
        known = finished(*whole.of(place), cells, asked)
        for other in more:
            known = known.join(other[place], on=CELL, how="left", maintain_order="left")
        frames.append(known.drop(CELL))
    return frames, bool(whole.shared)


def _others(
    rows: Rows, every: Sequence[Cells], whole: Counting | Heads
) -> list[list[pl.DataFrame]]:
    """Statistics that are no sums: for each several frames by CELL, one for every set of keys."""
    asked = rows.asked
    found = []
    at = asked.of_kind(Kind.POSITION)
    if at:
        places = positions(rows.of(NUMBER), every, at)
        near = [around(part.by_unit(), places, every, at) for part in rows.each()]
        found += [places, added(near), _nearest(rows, every, whole, at)]
    if Kind.MODE in asked.kinds:
        found.append(modes([frequencies(part.by_unit(), every) for part in rows.each()], "mode"))
    if Kind.SPREAD in asked.kinds:
        found.append(spreads(rows, whole, every))
    return found + rare_values(rows, every)


def _nearest(
    rows: Rows, every: Sequence[Cells], whole: Counting | Heads, at: Sequence[Statistic]
) -> list[pl.DataFrame]:
    """Whose records are around positions; minimum and maximum are people's own in any case."""
    inner = [one for one in at if 0 < float(one.position or 0.0) < 1]
    nothing = [nobody_has_several(cells, inner) for cells in every]
    if not inner or isinstance(whole, Heads) or (rows.held is not None and rows.held.order is None):
        return nothing
    held = rows.of(NUMBER)
    ends = [
        bounds(held, cells, whole.of(place)[0].of[NUMBER].counts.counts["units_with_value"], inner)
        for place, cells in enumerate(every)
    ]
    parts, have_several = [], False
    for part in rows.each():
        some = part.by_unit()
        have_several |= part.order is not None
        parts.append([nearest(some, cells, one) for cells, one in zip(every, ends, strict=True)])
    if not have_several:
        return nothing
    return [joined(same, one) for same, one in zip(zip(*parts, strict=True), ends, strict=True)]
