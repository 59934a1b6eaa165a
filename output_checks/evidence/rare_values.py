"""How many people have the rare ones of the few different values that a table adds up.

Whoever has several of a cell's values is one person all the same: the values of each person are
one number, with a bit for each value, and people with the same number are counted together.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL, NUMBER, PER, RARE, UNIT, WEIGHT
from output_checks.evidence.question import Question
from output_checks.evidence.rows import Rows, moved
from output_checks.evidence.sizes import collected
from output_checks.evidence.steps import apart, steps_of
from output_checks.evidence.units import Array
from output_checks.statistics import Kind, Statistic

MOST = 64
"""With more different values in the whole table a variable is no code."""
_A_FEW = 5_000
_VALUE = "value"
_HELD, _PEOPLE = "values", "people"


def rare_values(rows: Rows, every: Sequence[Cells]) -> list[list[pl.DataFrame]]:
    """By CELL, columns "{prefix}{one of RARE} of {statistic}" of all that is added up.

    different_values: in the whole table, 0 for more than MOST, then nothing else.
    units_with_rarest_value: people with the rarest of those in the cell, null where it has one.
    units_with_commonest_alone, units_with_others: people who have only the most frequent value,
    and all others. units_off_steps: people with a value that is `apart`.
    """
    asked, found = rows.asked, []
    known: dict[str, list[pl.DataFrame]] = {}
    for one in asked.statistics:
        for prefix, number in _added_up(one, asked).items():
            key = str(number)
            if key not in known:
                known[key] = _of_variable(rows, every, number)
            names = {name: f"{prefix}{name} of {one.name}" for name in RARE}
            found.append([each.rename(names, strict=False) for each in known[key]])
    return found


def _added_up(one: Statistic, asked: Question) -> Mapping[str, pl.Expr]:
    """What a statistic adds up, by the prefix of its columns; a weighted sum also with weights.

    Of people without a weight nothing is added, and they are left out but where weights are it.
    """
    weighs = asked.weight is not None
    number, per = (pl.col(name) for name in (NUMBER, PER))
    if weighs:
        number, per = (pl.when(pl.col(WEIGHT) > 0).then(each) for each in (number, per))
    if one.kind is Kind.COUNT:
        return {"weight_": pl.col(WEIGHT)} if weighs else {}
    if one.kind is Kind.RATIO:
        return {"": number, "per_": per}
    if one.kind is Kind.SUM:
        return {"": number, **({"weight_": number * pl.col(WEIGHT)} if weighs else {})}
    return {"": number} if one.kind in {Kind.MEAN, Kind.SPREAD} else {}


def _of_variable(rows: Rows, every: Sequence[Cells], number: pl.Expr) -> list[pl.DataFrame]:
    """The columns of RARE by CELL, of all cells."""
    values = _different(rows, number)
    if len(values) > MOST:
        return [_all(len(cells), 0) for cells in every]
    steps = steps_of(values.to_numpy())
    records = np.zeros(len(every[0]), dtype=np.int64)
    parts = []
    for part in rows.each():
        held = _held(part.by_unit(), number, values)
        records += np.bincount(held[CELL].to_numpy(), minlength=len(records))
        parts.append(_people(held, every))
    by_person = number.meta.root_names() == [WEIGHT]
    found = []
    for cells, same in zip(every, zip(*parts, strict=True), strict=True):
        people = pl.concat(same).group_by(CELL, _HELD).agg(pl.col(_PEOPLE).sum())
        own = np.zeros(len(cells), dtype=np.int64)
        np.add.at(own, cells.of_finest, records)
        if by_person:  # everybody's weight counts once
            own = _sums(people[CELL], people[_PEOPLE].to_numpy(), len(cells))
        found.append(_shown(people, own, steps))
    return found


def _different(rows: Rows, number: pl.Expr) -> pl.Series:
    """Different values of the whole table in order; mostly a few rows tell that they are many."""
    every = rows.lean if rows.held is None else rows.held.rows.lazy()
    first = _some(every.head(_A_FEW), number)
    return first if len(first) > MOST else _some(every, number)


def _some(rows: pl.LazyFrame, number: pl.Expr) -> pl.Series:
    values = rows.select(number.alias(_VALUE)).drop_nulls().unique().head(MOST + 1)
    return collected(values)[0].to_series().sort()


def _all(cells: int, different: int) -> pl.DataFrame:
    numbers = pl.Series(CELL, np.arange(cells, dtype=np.uint32))
    known = pl.lit(different, dtype=pl.Int64).alias("different_values")
    return pl.DataFrame([numbers]).with_columns(known)


def _held(rows: pl.DataFrame, number: pl.Expr, values: pl.Series) -> pl.DataFrame:
    """Records with a value: CELL, UNIT where there is one, and the value's bit."""
    units = [UNIT] * (UNIT in rows.columns)
    own = rows.select(CELL, *units, number.alias(_VALUE)).drop_nulls(_VALUE)
    places = np.searchsorted(values.to_numpy(), own[_VALUE].to_numpy())
    bits = np.left_shift(np.uint64(1), places.astype(np.uint64))
    return own.select(CELL, *units).with_columns(pl.Series(_HELD, bits, dtype=pl.UInt64))


def _people(held: pl.DataFrame, every: Sequence[Cells]) -> list[pl.DataFrame]:
    """How many people have the same values in a cell, by CELL and the bits of their values."""
    counted = pl.len().cast(pl.Int64).alias(_PEOPLE)
    if UNIT not in held.columns:
        alone, shared = held, None
    else:
        own = _of_each(held)
        units = own[UNIT].to_numpy()
        changes = np.r_[True, units[1:] != units[:-1], True]
        is_alone = pl.Series((changes[1:] & changes[:-1])[: len(units)])
        alone, shared = own.filter(is_alone), own.filter(~is_alone)
    alone = alone.group_by(CELL, _HELD).agg(counted)
    found = []
    for cells in every:
        here = [moved(alone.lazy(), cells).collect()]
        if shared is not None and shared.height:
            theirs = _of_each(moved(shared.lazy(), cells).collect())
            here.append(theirs.group_by(CELL, _HELD).agg(counted))
        found.append(pl.concat(here).group_by(CELL, _HELD).agg(pl.col(_PEOPLE).sum()))
    return found


def _of_each(held: pl.DataFrame) -> pl.DataFrame:
    """One row for each person of each cell; units ascend, in them cells need not."""
    if held.is_empty():
        return held
    units, cells, bits = (held[name].to_numpy() for name in (UNIT, CELL, _HELD))
    if ((units[1:] == units[:-1]) & (cells[1:] < cells[:-1])).any():
        order = np.lexsort((cells, units))
        units, cells, bits = units[order], cells[order], bits[order]
    is_new = np.r_[True, (units[1:] != units[:-1]) | (cells[1:] != cells[:-1])]
    starts = np.flatnonzero(is_new)
    return pl.DataFrame(
        {CELL: cells[starts], UNIT: units[starts], _HELD: np.bitwise_or.reduceat(bits, starts)}
    )


def _sums(cells: pl.Series, numbers: Array, count: int) -> Array:
    found = np.zeros(count, dtype=np.int64)
    np.add.at(found, cells.to_numpy(), numbers)
    return found


def _shown(counts: pl.DataFrame, records: Array, steps: Array) -> pl.DataFrame:
    """counts: as of `_people`. records: with a value, by cell. steps: the values, in steps."""
    size = len(records)
    cells, held, people = (counts[name].to_numpy() for name in (CELL, _HELD, _PEOPLE))
    every, places, units = _by_value(cells, held, people, size, len(steps))
    is_first = np.r_[True, every[1:] != every[:-1]] if len(every) else np.zeros(0, dtype=bool)
    is_off = apart(every, units, records, steps[places])
    bits = np.left_shift(np.uint64(1), places.astype(np.uint64))
    common, off = (np.zeros(size, dtype=np.uint64) for _ in range(2))
    common[every[is_first]] = bits[is_first]
    np.bitwise_or.at(off, every[is_off], bits[is_off])
    rarest, values = np.zeros(size, dtype=np.int64), np.bincount(every, minlength=size)
    rarest[every] = units  # the last of each cell stays
    rarest[values < 2] = 0

    def people_with(which: Array) -> Array:
        return _sums(counts[CELL].filter(pl.Series(which)), people[which], size)

    others = people_with((held & ~common[cells]) != 0)
    return _all(size, len(steps)).with_columns(
        pl.Series("units_with_rarest_value", rarest),
        pl.Series("units_with_commonest_alone", people_with(held > 0) - others),
        pl.Series("units_with_others", others),
        pl.Series("units_off_steps", people_with((held & off[cells]) != 0)),
    )


def _by_value(
    cells: Array, held: Array, people: Array, size: int, values: int
) -> tuple[Array, Array, Array]:
    """The cells in order, the place of each value that they have, and people who have it.

    The most frequent comes first, and of equally frequent ones the least.
    """
    found = []
    for place in range(values):
        has = (held >> np.uint64(place)) & np.uint64(1) > 0
        units = np.bincount(cells[has], weights=people[has], minlength=size)
        there = np.flatnonzero(units)
        found.append((there, np.full(len(there), place), units[there].astype(np.int64)))
    nothing = (np.zeros(0, dtype=np.intp),) * 3
    every, places, units = (np.concatenate(some) for some in zip(nothing, *found, strict=True))
    order = np.lexsort((places, -units, every))
    return every[order], places[order], units[order]
