"""Categories: the rare ones together, counted in people and not in rows."""

import polars as pl

from tre.safe_data.deidentify.column import Column
from tre.safe_data.deidentify.treatment import OTHER


def rare_grouped(column: Column) -> pl.Series:
    """Values of fewer than k people become 'Other, grouped', in text; null stays null.

    Where those together are fewer than k people, the next rarest value joins them, so that no
    value that is left, 'Other, grouped' neither, is of fewer than k people; equally rare values
    join in the order of the alphabet. Where all people that have a value are fewer than k, every
    value becomes null.
    """
    values = column.values.cast(pl.String)
    rows = pl.DataFrame({"value": values, "person": column.people}).drop_nulls("value").unique()
    grouped = _grouped(rows, column.treatment.people)
    if grouped is None:
        return values.clear(len(values))
    frame = values.to_frame()
    name = pl.col(values.name)
    return frame.select(
        pl.when(name.is_in(grouped)).then(pl.lit(OTHER)).otherwise(name).alias(values.name)
    )[values.name]


def _grouped(rows: pl.DataFrame, k: int) -> list[str] | None:
    """The values to be grouped, from one row a value and person; None where nothing can stay."""
    counted = rows.group_by("value").agg(people=pl.len()).sort("people", "value")
    rare = counted.filter(pl.col("people") < k)["value"].to_list()
    if not rare:
        return []
    rest = [value for value in counted["value"] if value not in set(rare)]
    if OTHER in rest:  # an earlier grouping: what is rare now joins it
        rest.remove(OTHER)
        rare.append(OTHER)
    while _people(rows, rare) < k:
        if not rest:
            return None
        rare.append(rest.pop(0))
    return rare


def _people(rows: pl.DataFrame, values: list[str]) -> int:
    return rows.filter(pl.col("value").is_in(values))["person"].n_unique()
