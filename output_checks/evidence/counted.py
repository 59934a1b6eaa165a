"""Count the cells of every set of keys by distinct unit, a part of the units at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from output_checks.errors import UnusableTableError
from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL, UNIT, WEIGHT
from output_checks.evidence.rows import is_row_by_row, moved
from output_checks.evidence.steps import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The columns of `Steps` of some units, by CELL of every set of keys."""

    frames: tuple[pl.DataFrame, ...]
    overlaps: bool


def counted(rows: pl.DataFrame, every: Sequence[Cells], steps: Steps) -> Counted:
    """Count some rows, in which their units are complete. rows: as of `coded`."""
    if is_row_by_row(rows):
        people = rows.lazy().with_columns(steps.of_record)
        finest = people.group_by(CELL).agg(*steps.of_records, *steps.of_units).collect()
        return _rolled_up(finest, every, steps)
    _refuse_two_weights(rows)
    people = rows.lazy().group_by(CELL, UNIT).agg(steps.of_unit).collect()
    records = rows.group_by(CELL).agg(steps.of_records)
    if people[UNIT].n_unique() == people.height:
        units = people.group_by(CELL).agg(steps.of_units)
        return _rolled_up(records.join(units, on=CELL), every, steps)
    frames = []
    for cells in every:
        again = moved(people.lazy(), cells).group_by(CELL, UNIT).agg(steps.of_unit_again)
        units = again.group_by(CELL).agg(steps.of_units)
        theirs = moved(records.lazy(), cells).group_by(CELL).agg(steps.records_merged)
        frames.append(theirs.join(units, on=CELL).collect())
    return Counted(frames=tuple(frames), overlaps=True)


def _refuse_two_weights(rows: pl.DataFrame) -> None:
    if WEIGHT not in rows.columns:
        return
    weights = rows.group_by(UNIT).agg(differs=pl.col(WEIGHT).min() != pl.col(WEIGHT).max())
    if weights["differs"].any():
        raise UnusableTableError(
            f"{weights['differs'].sum():,} units have several weights; a unit has one: derive it, "
            "or leave out the rows of other times with where"
        )


def merged(parts: Sequence[Counted], steps: Steps) -> Counted:
    """One of several, which share no unit."""
    if len(parts) == 1:
        return parts[0]
    merging = (*steps.records_merged, *steps.units_merged)
    frames = [
        pl.concat([one.select(same[0].columns) for one in same]).group_by(CELL).agg(merging)
        for same in zip(*[part.frames for part in parts], strict=True)
    ]
    return Counted(frames=tuple(frames), overlaps=any(part.overlaps for part in parts))


def _rolled_up(finest: pl.DataFrame, every: Sequence[Cells], steps: Steps) -> Counted:
    merging = (*steps.records_merged, *steps.units_merged)
    frames = [
        moved(finest.lazy(), cells).group_by(CELL).agg(merging).collect() for cells in every[1:]
    ]
    return Counted(frames=(finest, *frames), overlaps=False)
