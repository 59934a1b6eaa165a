"""What lies behind every cell, by distinct unit, in sums that no order of rows can change.

Rows are numbered by cell, counted by cell and unit, then by cell. Margins of cells that share no
unit are added up; otherwise they are counted again by unit. More rows than fit into memory are
read in parts, by unit.
"""

from collections.abc import Sequence

import polars as pl

from output_checks.evidence.cells import Cells, cells_of
from output_checks.evidence.columns import CELL, NUMBER
from output_checks.evidence.counted import Counted, counted, merged
from output_checks.evidence.finished import finished
from output_checks.evidence.modes import frequencies, modes
from output_checks.evidence.positions import added, around, positions
from output_checks.evidence.question import Question, lean
from output_checks.evidence.rows import Rows, rows_of
from output_checks.evidence.sizes import Sizes, look
from output_checks.evidence.spread import all_spreads
from output_checks.evidence.steps import steps_for
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
    "units_at of …", "units_at_or_below of …", "units_at_or_above of …" of every position, and
    "units_in_mode of mode". Amounts are in the unit of their column.
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
    every = cells_of(chosen, asked, most_cells)
    rows = rows_of(chosen, asked, every[0], sizes.rows, parts)
    whole, more = _gathered(rows, every, sizes)
    frames = []
    for one, cells, others in zip(whole.frames, every, more, strict=True):
        known = finished(one, cells, asked, sizes)
        for other in others:
            known = known.join(other, on=CELL, how="left", maintain_order="left")
        frames.append(known.drop(CELL))
    return frames, whole.overlaps


def _gathered(
    rows: Rows, every: Sequence[Cells], sizes: Sizes
) -> tuple[Counted, list[list[pl.DataFrame]]]:
    """The counts of every set of keys, and frames by CELL with its other statistics."""
    asked, steps = rows.asked, steps_for(rows.asked, sizes)
    at = asked.of_kind(Kind.POSITION)
    places = positions(rows.of(NUMBER), every, at) if at else []
    counts, near, frequent = [], [], []
    for part in rows.each():
        counts.append(counted(part, every, steps))
        if at:
            near.append(around(part, places, every, at))
        if Kind.MODE in asked.kinds:
            frequent.append(frequencies(part, every))
    whole = merged(counts, steps)
    more: list[list[pl.DataFrame]] = [[] for _ in every]
    found = [places, added(near)] if at else []
    found += [modes(frequent, "mode")] if frequent else []
    if Kind.SPREAD in asked.kinds and sizes.number is not None:
        found.append(all_spreads(rows, whole.frames, every, sizes.number))
    for frames in found:
        for others, frame in zip(more, frames, strict=True):
            others.append(frame)
    return whole, more
