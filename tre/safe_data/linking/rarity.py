"""How common a value is: to share a rare name says more than to share a common one."""

import polars as pl
from splink import Linker

from tre.safe_data.linking.engines import Engine
from tre.safe_data.linking.experience import EXPERIENCE, OF_RECORDS
from tre.safe_data.linking.model import COMPARED, RARITY


def tell_rarity(engine: Engine, linker: Linker, left: pl.DataFrame, right: pl.DataFrame) -> None:
    """Give a linker the shares of all values in both files, experience on top."""
    for identifier in RARITY:
        column = COMPARED[identifier]
        if column in left.columns:
            frame = shares(left[column], right[column]).to_arrow()
            table = engine.interface.register(frame, dataset_display_name=f"shares_{column}")
            linker.table_management.register_term_frequency_lookup(table, column)


def shares(left: pl.Series, right: pl.Series) -> pl.DataFrame:
    """The value, and tf_ with its name: its share of all values, 0 to 1; sorted by value.

    In a file of ten people every name is a tenth of all, and says nothing. So experience counts
    as further records, among which each value is as common as values are elsewhere.
    """
    column = left.name
    usual = EXPERIENCE[column]["exact"].u
    values = pl.concat([left, right]).drop_nulls().to_frame()
    share = (pl.len() + usual * OF_RECORDS) / (len(values) + OF_RECORDS)
    return values.group_by(column).agg(share.alias(f"tf_{column}")).sort(column)
