"""How many people have the rarest of a cell's values, where it has so few that sums tell of each.

A count, a sum and a sum of squares are three equations: they tell how many have each of three
values.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL, NUMBER, UNIT
from output_checks.evidence.rows import moved

MOST = 3
OF_EACH = ("units_with_lowest", "units_with_middle", "units_with_highest")


class FewValues:
    """The values of the cells of every set of keys that have at most MOST of them."""

    def __init__(self, every: Sequence[Cells]) -> None:
        self.every = every
        self._seen: list[list[pl.DataFrame]] = [[] for _ in every]

    def see(self, rows: pl.DataFrame) -> None:
        """Look at all records of some people; without UNIT each is somebody else's."""
        people = pl.col(UNIT).n_unique() if UNIT in rows.columns else pl.len()
        values = rows.lazy().select(CELL, NUMBER).unique()
        for cells, seen in zip(self.every, self._seen, strict=True):
            sizes = moved(values, cells).unique().group_by(CELL).len("values").collect()
            few = sizes.lazy().filter(pl.col("values") <= MOST).select(CELL)
            found = moved(rows.lazy(), cells).join(few, on=CELL, how="semi")
            counts = found.group_by(CELL, NUMBER).agg(people.cast(pl.Int64).alias("units"))
            seen.append(counts.with_columns(is_many=pl.lit(value=False)).collect())
            many = sizes.filter(pl.col("values") > MOST).select(CELL, is_many=pl.lit(value=True))
            seen.append(many)

    def columns(self, place: int) -> list[pl.Series]:
        """People with the rarest value, 0 where a cell has more values, null where it has none.

        And where all cells together have MOST values how many people have each, in their order.
        """
        seen = self._seen[place]
        every = pl.concat(seen, how="diagonal") if seen else pl.DataFrame(schema=_SCHEMA)
        each = every.group_by(CELL, NUMBER).agg(pl.col("units").sum(), pl.col("is_many").any())
        rarest = each.group_by(CELL).agg(
            pl.when((pl.len() > MOST) | pl.col("is_many").any())
            .then(0)
            .otherwise(pl.col("units").min())
            .alias("units_with_rarest")
        )
        numbers = pl.DataFrame({CELL: pl.Series(range(len(self.every[place])), dtype=pl.UInt32)})
        found = numbers.join(rarest, on=CELL, how="left", maintain_order="left").drop(CELL)
        return [*found.get_columns(), *_of_each(each, numbers)]


def _of_each(each: pl.DataFrame, numbers: pl.DataFrame) -> Iterator[pl.Series]:
    """People with each of MOST values, lowest first; null where there are more or fewer."""
    values = each[NUMBER].unique().sort().to_list()
    if len(values) != MOST or each["is_many"].any():
        yield from (pl.Series(name, [None] * numbers.height, dtype=pl.Int64) for name in OF_EACH)
        return
    for name, value in zip(OF_EACH, values, strict=True):
        own = each.filter(pl.col(NUMBER) == value).select(CELL, pl.col("units").alias(name))
        found = numbers.join(own, on=CELL, how="left", maintain_order="left")
        yield found[name].fill_null(0)


_SCHEMA = {CELL: pl.UInt32, NUMBER: pl.Float64, "units": pl.Int64, "is_many": pl.Boolean}
