"""One look at all rows before anything is summed: how many, how large, and whether they will do."""

from dataclasses import dataclass
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from output_checks.errors import UnreadableDataError, UnusableTableError
from output_checks.evidence.columns import NUMBER, PER, UNIT, WEIGHT
from output_checks.evidence.exact import Exact
from output_checks.evidence.question import Question
from output_checks.statistics import Kind

MOST_NUMBER = 1e307
"""The greatest absolute sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many rows there are, and how each column is summed; None where it is not there.

    shares, per_shares: of the number and the denominator times the weight. has_label: whether
    there are values that are no numbers.
    """

    rows: int
    number: Exact | None
    shares: Exact | None
    per: Exact | None
    per_shares: Exact | None
    weight: Exact | None


def collected(query: pl.LazyFrame, *, streaming: bool = False) -> pl.DataFrame:
    """Carry a query out; raises UnreadableDataError where the data do not allow it."""
    try:
        return query.collect(engine="streaming" if streaming else "in-memory")
    except (PolarsError, OSError) as error:
        said = (str(error).splitlines() or ["unknown error"])[0]
        raise UnreadableDataError(
            f"the data cannot be read, or an expression does not fit: {said}"
        ) from error


def share(column: str, asked: Question) -> pl.Expr:
    """What a record adds to a sum: its number, times its weight where there are weights."""
    if asked.weight is None:
        return pl.col(column)
    return pl.col(column).cast(pl.Float64) * pl.col(WEIGHT)


def look(rows: pl.LazyFrame, asked: Question) -> Sizes:
    """Look at all rows once.

    Raises UnreadableDataError for missing units and infinite values, UnusableTableError for
    weights that are none and for a proportion of something else than yes and no.
    """
    schema = rows.collect_schema()
    seen = collected(rows.select(_facts(schema, asked)), streaming=True).row(0, named=True)
    _refuse_units(seen, asked)
    _refuse_weights(seen, asked)
    for column, name in ((NUMBER, asked.of), (PER, asked.per)):
        if column in schema:
            _refuse_infinite(seen, column, name)
    _refuse_shares(seen, asked)
    count = int(seen["rows"])

    def exact(column: str, *, times_weight: bool) -> Exact | None:
        if column not in schema or (times_weight and asked.weight is None):
            return None
        greatest = seen[f"most share of {column}" if times_weight else f"most {column}"]
        dtype = pl.Float64() if times_weight else schema[column]
        return Exact.of(dtype, float(greatest or 0.0), count)

    return Sizes(
        rows=count,
        number=exact(NUMBER, times_weight=False),
        shares=exact(NUMBER, times_weight=True),
        per=exact(PER, times_weight=False),
        per_shares=exact(PER, times_weight=True),
        weight=exact(WEIGHT, times_weight=False),
    )


def _facts(schema: pl.Schema, asked: Question) -> list[pl.Expr]:
    facts = [pl.len().alias("rows")]
    if asked.unit is not None:
        facts.append(pl.col(UNIT).null_count().alias("without unit"))
    for name in (NUMBER, PER):
        if name in schema:
            size = pl.col(name).cast(pl.Float64).abs()
            facts.append(size.max().alias(f"most {name}"))
            most_share = share(name, asked).cast(pl.Float64).abs().max()
            facts.append(most_share.alias(f"most share of {name}"))
    if asked.weight is not None:
        weight = pl.col(WEIGHT)
        facts += [
            weight.max().alias(f"most {WEIGHT}"),
            weight.null_count().alias("without weight"),
            (weight < 0).sum().alias("negative weights"),
        ]
    if asked.of is not None and Kind.PROPORTION in asked.kinds:
        is_truth = pl.col(NUMBER).is_in([0, 1]) if NUMBER in schema else pl.lit(value=False)
        facts.append((~is_truth).any().alias("no truths"))
    return facts


def _refuse_units(seen: dict[str, Any], asked: Question) -> None:
    if seen.get("without unit"):
        raise UnreadableDataError(
            f'the unit column "{asked.unit}" is missing in {seen["without unit"]:,} rows; whose '
            "they are must be known: leave them out with "
            f"where='\"{asked.unit}\" IS NOT NULL'"
        )


def _refuse_infinite(seen: dict[str, Any], column: str, name: str | None) -> None:
    if seen[f"most {column}"] == float("inf"):
        raise UnreadableDataError(
            f'"{name}" holds infinite values, of which no sum can be judged; make them missing '
            "with derive, or leave them out with where"
        )
    most_share = float(seen[f"most share of {column}"] or 0.0)
    if most_share > MOST_NUMBER / max(seen["rows"], 1):
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
