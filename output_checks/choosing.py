"""Whether a condition chooses the only category that a dimension has, or the data happen to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from output_checks.whole_numbers import widened

_MOST_TRIED = 1_000_000
_IS_NULL = re.compile(
    r"""(?<![\w.])(?:[^\W\d]\w*|"(?:[^"]|"")*"|`[^`]*`)\s+IS\s+(?:NOT\s+)?NULL""", re.IGNORECASE
)
_TEXTS = re.compile(r"'((?:[^']|'')*)'")
_NUMBERS = re.compile(r"(?<![\w.'])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w'])")
_FAR = (-1e6, 0.0, 1e6)
"""Numbers beyond what conditions mostly ask for, so that something fulfils them."""
_NEXT = (-1.0, -1e-6, 0.0, 1e-6, 1.0)
"""Steps to the numbers next to one that is named."""
_UNNAMED = ("", " ", "!", "0", "7", "A", "Q", "a", "q", "~", "\u03a9", "qQ", "q q", "7q7", "Qqqq")
"""Texts that nobody names, first and last in any order, and of several lengths."""
_MOST_LETTERS = 40


def chooses(
    where: str, dimension: str, label: Any, derive: Mapping[str, str], schema: pl.Schema
) -> bool:
    """Whether a condition leaves a dimension its only label, or it is made of constants.

    A condition that fits other values too, such as `sex IN ('F', 'M')`, does not choose between
    them: that there is only one is what the data tell, and neither does one that leaves out a few,
    such as `sex <> 'unknown'`. Tried are the values that the condition and `derive` name, those
    next to them, the label itself and such as nobody names. Whether a value is there at all
    (IS NULL) does not choose which one. schema: of the data before anything is derived.
    """
    made_of = sources([dimension], derive)
    if not made_of:
        return True
    try:
        if not made_of <= sources(_names_in(_IS_NULL.sub(" TRUE", where)) if where else [], derive):
            return False
        left = _left(where, dimension, label, derive, schema)
    except (PolarsError, OverflowError):  # what cannot be tried is not taken for chosen
        return False
    return left is not None and len(left) == 1


def _left(
    where: str, dimension: str, label: Any, derive: Mapping[str, str], schema: pl.Schema
) -> pl.Series | None:
    """The labels of which a condition can be true; None where there is too much to try."""
    used = sources([dimension, *_names_in(where)], derive)
    said = " ".join([where, *derive.values()])
    tried: list[pl.Series] = []
    for name in sorted(used):
        more = [label] if name == dimension else []
        values = _values(name, schema[name], said, more)
        if values is None:
            return None
        tried.append(values)
    count = 1
    for values in tried:
        count *= len(values)
    if count > _MOST_TRIED:
        return None
    rows = pl.DataFrame({"": [None]}).lazy()
    for values in tried:
        rows = rows.join(values.to_frame().lazy(), how="cross")
    for name in _needed([dimension, *_names_in(where)], derive):
        made = widened(pl.sql_expr(derive[name]), rows.collect_schema()).expression
        rows = rows.with_columns(made.alias(name))
    condition = widened(pl.sql_expr(where), rows.collect_schema()).expression
    return rows.filter(condition).select(dimension).unique().collect().to_series()


def _values(name: str, dtype: pl.DataType, said: str, more: Sequence[Any]) -> pl.Series | None:
    """Values that a column may have; None of a kind that is not understood."""
    texts = [one.replace("''", "'") for one in _TEXTS.findall(said)]
    found: Iterable[Any]
    if isinstance(dtype, pl.Enum):
        return pl.Series(name, [*dtype.categories, None], dtype=pl.String)
    if isinstance(dtype, pl.String | pl.Categorical):
        named = [*texts, *map(str, more)]
        near = chain(named, chain.from_iterable(map(_next_to, named)), _UNNAMED)
        return pl.Series(name, [*dict.fromkeys(near), None], dtype=pl.String)
    if isinstance(dtype, pl.Boolean):
        return pl.Series(name, [True, False, None])
    if dtype.is_numeric():
        named = [*map(float, _NUMBERS.findall(_TEXTS.sub("", said))), *map(float, more)]
        signed = dict.fromkeys([*named, *(-one for one in named), *_FAR])
        found = dict.fromkeys(one + step for one in signed for step in _NEXT)
        numbers = pl.Series(name, [*found, None], dtype=pl.Float64)
        return numbers.cast(dtype, strict=False).unique()
    if isinstance(dtype, pl.Date):
        days = [*filter(None, map(_day, texts)), *more, date(2000, 1, 1)]
        steps = [one + timedelta(days=by) for one in days for by in (-1, 0, 1)]
        return pl.Series(name, [*dict.fromkeys(steps), None], dtype=dtype)
    return None


def _next_to(text: str) -> list[str]:
    """Texts that differ by little: a letter more, less or another; larger or smaller letters."""
    bare = text.strip("%_")
    letters = range(min(len(bare), _MOST_LETTERS))
    return [
        *(bare, bare + "~", bare + " ", "~" + bare, bare[:-1], bare[1:], bare[:1], bare.swapcase()),
        *("q" * length for length in range(len(bare) - 1, min(len(bare), _MOST_LETTERS) + 2)),
        *(bare[:at] + "~" + bare[at + 1 :] for at in letters),
    ]


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _names_in(text: str) -> list[str]:
    return pl.sql_expr(text).meta.root_names()


def _needed(names: Iterable[str], derive: Mapping[str, str]) -> list[str]:
    """The derived columns that some names stand for, each after those that it is made of."""
    wanted = set(names)
    found = []
    for name in reversed(list(derive)):
        if name in wanted:
            found.append(name)
            wanted |= set(_names_in(derive[name]))
    return found[::-1]


def sources(names: Iterable[str], derive: Mapping[str, str]) -> set[str]:
    """The columns of the data that some names stand for."""
    found = set(names)
    for name in reversed(list(derive)):  # each is made of columns before it
        if name in found:
            found.remove(name)
            found |= set(_names_in(derive[name]))
    return found
