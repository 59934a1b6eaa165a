"""The most frequent value of every cell, by distinct units, as the text that is shown.

Its values are held in memory, once for every unit that has them.
"""

from collections.abc import Sequence

import polars as pl

from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL, LABEL, UNIT
from output_checks.evidence.rows import moved
from output_checks.words import label_text


def frequencies(rows: pl.DataFrame, every: Sequence[Cells]) -> list[pl.DataFrame]:
    """Distinct units by CELL and LABEL, as `units`; rows: some units with all their records."""
    held = rows.lazy().drop_nulls(LABEL)
    keys = [CELL, LABEL]
    if UNIT not in rows.columns:
        finest = held.group_by(keys).agg(pl.len().cast(pl.Int64).alias("units")).collect()
        return [
            moved(finest.lazy(), cells).group_by(keys).agg(pl.col("units").sum()).collect()
            for cells in every
        ]
    theirs = held.select(*keys, UNIT).unique().collect().lazy()
    return [
        moved(theirs, cells)
        .unique()
        .group_by(keys)
        .agg(pl.len().cast(pl.Int64).alias("units"))
        .collect()
        for cells in every
    ]


def modes(parts: Sequence[Sequence[pl.DataFrame]], name: str) -> list[pl.DataFrame]:
    """The mode by CELL and `units_in_mode`, of parts that share no unit.

    Of values that are equally frequent, the one whose text comes first.
    """
    return [_mode(pl.concat(same), name) for same in zip(*parts, strict=True)]


def _mode(counts: pl.DataFrame, name: str) -> pl.DataFrame:
    added = counts.group_by(CELL, LABEL).agg(pl.col("units").sum())
    first = added.filter(pl.col("units") == pl.col("units").max().over(CELL))
    values = first[LABEL].unique()
    texts = pl.DataFrame(
        {LABEL: values, "text": pl.Series([label_text(one) for one in values], dtype=pl.String)}
    )
    return (
        first.join(texts, on=LABEL)
        .group_by(CELL)
        .agg(
            pl.col("text").min().alias(f"value of {name}"),
            pl.col("units").first().alias(f"units_in_mode of {name}"),
        )
    )
