"""How many people have the rare ones of the few different values that a table adds up."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL, NUMBER, PER, RARE, UNIT, WEIGHT
from output_checks.evidence.question import Question
from output_checks.evidence.rows import Rows, moved
from output_checks.evidence.sizes import collected
from output_checks.evidence.steps import apart, steps_of
from output_checks.statistics import Kind, Statistic

MOST = 100
"""With more different values in the whole table a variable is no code."""
_A_FEW = 5_000
_VALUE = "value"
_FLAGS = {"is_other": "units_with_others", "is_off": "units_off_steps"}


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
        return [_all(cells, 0) for cells in every]
    steps = steps_of(values.to_numpy())
    by_person = number.meta.root_names() == [WEIGHT]
    parts = [_counts(part.by_unit(), number, every, by_person=by_person) for part in rows.each()]
    each = [_flagged(_joined(same), values, steps) for same in zip(*parts, strict=True)]
    own = [_people(part.by_unit(), number, every, each) for part in rows.each()]
    return [
        _all(cells, len(values)).join(_shown(flagged, _joined_people(same)), on=CELL, how="left")
        for cells, flagged, same in zip(every, each, zip(*own, strict=True), strict=True)
    ]


def _all(cells: Cells, different: int) -> pl.DataFrame:
    numbers = pl.Series(CELL, range(len(cells)), dtype=pl.UInt32)
    return pl.DataFrame([numbers]).with_columns(
        pl.lit(different, dtype=pl.Int64).alias("different_values")
    )


def _different(rows: Rows, number: pl.Expr) -> pl.Series:
    """Different values of the whole table in order; mostly a few rows tell that they are many."""
    every = rows.lean if rows.held is None else rows.held.rows.lazy()
    first = _some(every.head(_A_FEW), number)
    return first if len(first) > MOST else _some(every, number)


def _some(rows: pl.LazyFrame, number: pl.Expr) -> pl.Series:
    values = rows.select(number.alias(_VALUE)).drop_nulls().unique().head(MOST + 1)
    return collected(values)[0].to_series().sort()


def _counts(
    rows: pl.DataFrame, number: pl.Expr, every: Sequence[Cells], *, by_person: bool
) -> list[pl.DataFrame]:
    """People and records by CELL and value; by_person: everybody has one value, and counts once."""
    own = _valued(rows, number)
    people = pl.col(UNIT).n_unique() if UNIT in rows.columns else pl.len()
    counts = [people.cast(pl.Int64).alias("units"), pl.len().cast(pl.Int64).alias("records")]
    found = []
    for cells in every:
        here = moved(own, cells)
        if by_person and UNIT in rows.columns:
            here = here.unique()
        found.append(here.group_by(CELL, _VALUE).agg(counts).collect())
    return found


def _valued(rows: pl.DataFrame, number: pl.Expr) -> pl.LazyFrame:
    units = [UNIT] * (UNIT in rows.columns)
    return rows.lazy().select(CELL, number.alias(_VALUE), *units).drop_nulls(_VALUE)


def _joined(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts).group_by(CELL, _VALUE).agg(pl.col("units", "records").sum())


def _flagged(each: pl.DataFrame, values: pl.Series, steps: np.ndarray) -> pl.DataFrame:
    """Which values are others than a cell's most frequent one, and which are off its steps."""
    order = [CELL, "units", _VALUE]
    ranked = each.sort(order, descending=[False, True, False])
    numbers = steps[values.search_sorted(ranked[_VALUE]).to_numpy()]
    off = apart(*(ranked[name].to_numpy() for name in (CELL, "units", "records")), numbers)
    return ranked.with_columns(
        is_other=pl.col(_VALUE) != pl.col(_VALUE).first().over(CELL), is_off=pl.Series(off)
    )


def _people(
    rows: pl.DataFrame, number: pl.Expr, every: Sequence[Cells], each: Sequence[pl.DataFrame]
) -> list[pl.DataFrame]:
    """All people of each cell, and those with a value that a flag is about."""
    found = []
    for cells, flagged in zip(every, each, strict=True):
        flags = flagged.lazy().select(CELL, _VALUE, *_FLAGS)
        own = moved(_valued(rows, number), cells).join(flags, on=[CELL, _VALUE])
        if UNIT in rows.columns:
            own = own.group_by(CELL, UNIT).agg(pl.col(*_FLAGS).any())
        sums = [pl.col(flag).sum().cast(pl.Int64).alias(name) for flag, name in _FLAGS.items()]
        everybody = pl.len().cast(pl.Int64).alias("everybody")
        found.append(own.group_by(CELL).agg(everybody, *sums).collect())
    return found


def _joined_people(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts).group_by(CELL).agg(pl.exclude(CELL).sum())


def _shown(flagged: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    rarest = pl.when(pl.len() > 1).then(pl.col("units").min())
    found = flagged.group_by(CELL).agg(rarest.alias("units_with_rarest_value"))
    alone = pl.col("everybody") - pl.col("units_with_others")
    return people.join(found, on=CELL).select(
        CELL,
        "units_with_rarest_value",
        alone.alias("units_with_commonest_alone"),
        "units_with_others",
        "units_off_steps",
    )
