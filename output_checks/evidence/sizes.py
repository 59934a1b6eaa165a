"""One look at all rows before anything is summed: how many, how large, and whether they will do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from output_checks.errors import UnreadableDataError, UnusableTableError
from output_checks.evidence.columns import NUMBER, PER, UNIT, WEIGHT
from output_checks.evidence.exact import Exact
from output_checks.evidence.question import Question
from output_checks.statistics import OF_RECORDS, Kind

MOST_NUMBER = 1e307
"""The greatest absolute sum."""
_A_FEW = 1_000
_IN_DISGUISE = frozenset({Kind.SUM, Kind.MEAN, Kind.SPREAD})
"""What shows a proportion where a variable has just two values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many rows there are, and how each column is summed.

    variables: NUMBER and PER as far as they are there, NUMBER also for labels. exact: of NUMBER,
    PER and WEIGHT. products: of NUMBER and PER times WEIGHT. higher: the larger of the values of
    a NUMBER that has just two, as codes for yes and no; None of any other. has_spread: whether
    one is asked for. has_divisor: whether something is in
    which people count as often as they have records.
    """

    rows: int
    variables: tuple[str, ...]
    exact: Mapping[str, Exact]
    products: Mapping[str, Exact]
    has_spread: bool
    has_divisor: bool = False
    higher: float | None = None


def collected(*queries: pl.LazyFrame) -> list[pl.DataFrame]:
    """Carry queries of the data out; raises UnreadableDataError where they do not allow it.

    Each reads the data for itself: what queries share would be held in memory, whole columns.
    """
    apart = pl.QueryOptFlags(comm_subplan_elim=False)
    try:
        return pl.collect_all(queries, engine="streaming", optimizations=apart)
    except (PolarsError, OSError) as error:
        said = (str(error).splitlines() or ["unknown error"])[0]
        raise UnreadableDataError(
            f"the data cannot be read, or an expression does not fit: {said}"
        ) from error


def look(rows: pl.LazyFrame, asked: Question) -> Sizes:
    """Look at all rows once.

    Raises UnreadableDataError for missing units and infinite values, UnusableTableError for
    weights that are none and for a proportion of something else than yes and no.
    """
    schema = rows.collect_schema()
    (facts,) = collected(rows.select(_facts(schema, asked)))
    seen = facts.row(0, named=True)
    _refuse_units(seen, asked, schema)
    _refuse_weights(seen, asked)
    for column, name in ((NUMBER, asked.of), (PER, asked.per)):
        if column in schema:
            _refuse_infinite(seen, column, name)
    _refuse_shares(seen, asked)
    columns = [name for name in (NUMBER, PER, WEIGHT) if name in schema]
    products = [name for name in (NUMBER, PER) if name in schema and asked.weight is not None]
    return Sizes(
        rows=int(seen["rows"]),
        variables=(NUMBER,) * (asked.of is not None) + (PER,) * (asked.per is not None),
        exact={
            name: _exact(seen, name, are_whole=not seen[f"fractions {name}"]) for name in columns
        },
        products={name: _exact(seen, f"product {name}", are_whole=False) for name in products},
        has_spread=Kind.SPREAD in asked.kinds,
        has_divisor=bool(asked.kinds & OF_RECORDS),
        higher=_higher(rows, seen, asked),
    )


def _exact(seen: dict[str, Any], name: str, *, are_whole: bool) -> Exact:
    least, most = seen[f"least {name}"] or 0.0, seen[f"most {name}"] or 0.0
    return Exact.of(least, most, are_whole=are_whole, rows=seen["rows"])


def _higher(rows: pl.LazyFrame, seen: dict[str, Any], asked: Question) -> float | None:
    """The larger of two values; whole numbers next to each other are two without a look."""
    least, most = (seen.get(f"{end} value") for end in ("least", "largest"))
    asks_for_it = bool(asked.kinds & _IN_DISGUISE) and asked.per is None
    if not asks_for_it or least is None or most is None or least == most:
        return None
    if most - least == 1 and not seen[f"fractions {NUMBER}"]:
        return float(most)
    is_other = ~pl.col(NUMBER).is_in([least, most])
    for some in (rows.head(_A_FEW), rows):  # mostly a few rows tell
        (other,) = collected(some.select(NUMBER).filter(is_other).head(1))
        if other.height:
            return None
    return float(most)


def _facts(schema: pl.Schema, asked: Question) -> list[pl.Expr]:
    facts = [pl.len().alias("rows")]
    if asked.unit is not None:
        facts.append(_names_nobody(schema[UNIT]).sum().alias("without unit"))
    for name in (NUMBER, PER, WEIGHT):
        if name in schema:
            column = pl.col(name)
            facts += _range(column, name)
            facts.append((column != column.floor()).any().alias(f"fractions {name}"))
            if name == NUMBER:
                facts += [column.min().alias("least value"), column.max().alias("largest value")]
        if name in schema and name != WEIGHT and asked.weight is not None:
            facts += _range(pl.col(name) * pl.col(WEIGHT), f"product {name}")
    if asked.weight is not None:
        weight = pl.col(WEIGHT)
        facts += [
            weight.null_count().alias("without weight"),
            (weight < 0).sum().alias("negative weights"),
        ]
    if asked.of is not None and Kind.PROPORTION in asked.kinds:
        is_truth = pl.col(NUMBER).is_in([0.0, 1.0]) if NUMBER in schema else pl.lit(value=False)
        facts.append((~is_truth).any().alias("no truths"))
    return facts


def _names_nobody(kind: pl.DataType) -> pl.Expr:
    """Whether a unit is missing, or a text of blanks alone."""
    unit = pl.col(UNIT)
    if not _is_text(kind):
        return unit.is_null()
    return unit.is_null() | (unit.cast(pl.String).str.strip_chars() == "")


def _is_text(kind: pl.DataType) -> bool:
    return isinstance(kind, pl.String | pl.Categorical | pl.Enum)


def _range(column: pl.Expr, name: str) -> list[pl.Expr]:
    """The greatest absolute value, and the least but for zeros."""
    absolute = column.abs()
    return [
        absolute.max().alias(f"most {name}"),
        absolute.filter(absolute > 0).min().alias(f"least {name}"),
    ]


def _refuse_units(seen: dict[str, Any], asked: Question, schema: pl.Schema) -> None:
    if not seen.get("without unit"):
        return
    unit = f'"{asked.unit}"'
    is_text = _is_text(schema[UNIT])
    known = f"TRIM(CAST({unit} AS VARCHAR)) <> ''" if is_text else f"{unit} IS NOT NULL"
    raise UnreadableDataError(
        f"the unit column {unit} is missing {'or blank ' if is_text else ''}in "
        f"{seen['without unit']:,} rows; whose they are must be known: leave them out with "
        f"where={known!r}"
    )


def _refuse_infinite(seen: dict[str, Any], column: str, name: str | None) -> None:
    if seen[f"most {column}"] == float("inf"):
        raise UnreadableDataError(
            f'"{name}" holds infinite values, of which no sum can be judged; make them missing '
            "with derive, or leave them out with where"
        )
    most = max(seen[f"most {column}"] or 0.0, seen.get(f"most product {column}") or 0.0)
    if most > MOST_NUMBER / max(seen["rows"], 1):
        raise UnreadableDataError(
            f'"{name}" holds numbers too large to be added up; divide them with derive'
        )


def _refuse_weights(seen: dict[str, Any], asked: Question) -> None:
    if asked.weight is None:
        return
    name = asked.weight
    if seen["without weight"]:
        raise UnusableTableError(
            f'the weight "{name}" is missing in {seen["without weight"]:,} rows; leave them out '
            f"with where='\"{name}\" IS NOT NULL', or derive a weight that is always there"
        )
    if seen["negative weights"] or seen[f"most {WEIGHT}"] == float("inf"):
        raise UnusableTableError(
            f'the weight "{name}" holds negative or infinite numbers; a weight is 0 or more: leave '
            "those rows out with where, or derive another weight"
        )


def _refuse_shares(seen: dict[str, Any], asked: Question) -> None:
    if seen.get("no truths"):
        raise UnusableTableError(
            f'a proportion is of a column of true and false (or 1 and 0), which "{asked.of}" is '
            'not; derive one, as in derive={"is_high": "income > 30000"}'
        )
    if {Kind.PROPORTION, Kind.RATIO} <= asked.kinds:
        raise UnusableTableError(
            "a proportion and a rate or ratio rest on different people; ask for them in two tables"
        )
