"""Numbers that who is in a cell decides, as cell keys do: for rounding that nobody can repeat."""

import hashlib
from dataclasses import replace

import numpy as np
import polars as pl

from output_checks.protect.cell_key import keys_added_up
from output_checks.protect.contributions import PERSON, people
from output_checks.protect.subject import Subject

_ROW = "what this row says"
_BYTES = 4
"""Of a person's hash: more different ones than people in any cell, and sums that numbers hold."""


def chances(subject: Subject, base: int) -> np.ndarray:
    """A number from 0 to 1 for every cell that its people decide, for rounding to a base.

    Who does not know them cannot tell it, and the same people always get the same. Where there is
    no unit, what a row says stands for whose it is.
    """
    if subject.declaration.unit is None:
        found, name = people(_with_rows(subject), [pl.col(_ROW).first()]), _ROW
    else:
        found, name = people(subject, []), PERSON
    keys = keys_added_up(found.with_columns(_keys(found[name])), subject.grids[0])
    return np.array([_chance(f"{base}:{key}") for key in keys.tolist()])


def _with_rows(subject: Subject) -> Subject:
    """The same data with what each row says, as a text."""
    frame = subject.source.frame
    names = sorted(
        name
        for name, kind in frame.collect_schema().items()
        if not kind.is_nested() and kind not in (pl.Binary, pl.Object)
    )
    texts = pl.concat_str([pl.col(names).cast(pl.String)], separator="\x1f", ignore_nulls=True)
    return replace(
        subject, source=replace(subject.source, frame=frame.with_columns(texts.alias(_ROW)))
    )


def _keys(texts: pl.Series) -> pl.Series:
    keys = [int.from_bytes(_digest(one)[:_BYTES]) for one in texts]
    return pl.Series("key", keys, dtype=pl.Int64)


def _chance(text: str) -> float:
    return int.from_bytes(_digest(text)[:6]) / 2**48


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
