"""Ask output_checks and the oracle the same question, and compare everything that they say."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from output_checks import Data, OutputCheckError, Table
from output_checks.policy import Policy
from tests.output_checks.oracle.behind import Behind
from tests.output_checks.oracle.question import Question, Row, text
from tests.output_checks.oracle.rules import findings, is_inner_position, verdict
from tests.output_checks.oracle.table import table

COUNTED = {
    "units": "units",
    "units_with_value": "with_value",
    "records": "records",
}
OF_A_VARIABLE = {
    "records_with_value": "records_with_value",
    "negative": "negative",
    "positive": "positive",
    "all_equal": "all_equal",
}
OF_A_POSITION = {
    "units_at": "at",
    "units_at_or_below": "at_or_below",
    "units_at_or_above": "at_or_above",
}
OF_A_SHARE = {"numerator_units": "numerator", "denominator_units": "denominator"}
OF_A_CODE = {"lower_units": "lower"}
BY_CONTRIBUTIONS = ("sum", "mean", "rate", "ratio")


def theirs(frame: pl.DataFrame, asked: Question, policy: Policy, where: str = "") -> Table:
    """Make the table with output_checks; raises what it raises."""
    half = max(1, len(asked.dimensions) - 1)
    return Data.read(frame, unit=asked.unit, name="made up").table(
        asked.dimensions[:half],
        asked.dimensions[half:],
        statistic=asked.statistic,
        of=asked.of,
        per=asked.per,
        weight=asked.weight,
        within=asked.within,
        times=asked.times,
        where=where,
        margins=asked.margins,
        hierarchies=asked.hierarchies,
        structural_zeros=asked.zeros,
        policy=policy,
    )


def disagreements(
    made_up: tuple[list[Row], pl.DataFrame], asked: Question, policy: Policy, where: str = ""
) -> list[str]:
    """Say where the two differ: cells, evidence, values, findings, verdict; [] where nowhere.

    Where output_checks refuses the question, the oracle must have nothing to show: no rows, or
    no value in any of them.
    """
    rows, frame = made_up
    mine = table(rows, asked)
    try:
        made = theirs(frame, asked, policy, where)
    except OutputCheckError as error:
        shows = any(one.with_value for one in mine.values())
        return [f"refused: {error}"] if shows else []
    return [*_cells(made, mine, asked), *_findings(made, mine, asked)]


def _cells(made: Table, mine: Mapping[tuple[str, ...], Behind], asked: Question) -> list[str]:
    shown = {tuple(row[name] for name in asked.dimensions): row for row in made.cells.to_dicts()}
    if set(shown) != set(mine):
        return [f"cells: {sorted(shown)} are not {sorted(mine)}"]
    said = []
    for cell, one in mine.items():
        for column, wanted in _expected(one, asked).items():
            if not _same(shown[cell][column], wanted):
                said.append(f"{cell} {column}: {shown[cell][column]!r} is not {wanted!r}")
    return said


def _expected(one: Behind, asked: Question) -> dict[str, Any]:
    columns = dict(COUNTED)
    if asked.of and asked.statistic != "mode":
        columns |= OF_A_VARIABLE
    if asked.of and asked.statistic == "proportion":
        columns = COUNTED
    if asked.statistic in ("min", "max", "median") or asked.statistic[1:].isdigit():
        columns |= OF_A_POSITION
    if asked.statistic in ("proportion", "rate", "ratio"):
        columns |= OF_A_SHARE
    columns |= OF_A_CODE if asked.statistic in ("sum", "mean", "std", "var") else {}
    found: dict[str, Any] = {name: getattr(one, own) for name, own in columns.items()}
    if asked.statistic in BY_CONTRIBUTIONS:
        found |= _contributions(one.contributions, "")
    if asked.statistic in ("rate", "ratio"):
        found |= _contributions(one.per_contributions, "per_")
    if asked.statistic == "mode":
        found["units_in_mode"] = one.in_mode
    return found | _squares(one, asked) | _divisors(one, asked) | {"value": one.value}


def _squares(one: Behind, asked: Question) -> dict[str, Fraction]:
    if asked.statistic not in ("std", "var"):
        return {}
    first, second = (*one.squares, Fraction(0), Fraction(0))[:2]
    every = sum(one.squares, Fraction(0))
    found = {"largest_square": first, "second_largest_square": second, "total_square": every}
    return found | {"units_with_rarest": Fraction(one.rarest)}


def _divisors(one: Behind, asked: Question) -> dict[str, Fraction]:
    if asked.statistic not in ("mean", "std", "var") and not is_inner_position(asked.statistic):
        return {}
    names = ("largest_divisor", "second_largest_divisor", "total_divisor")
    return dict(zip(names, _contributions(one.divisors, "").values(), strict=True))


def _contributions(sizes: list[Fraction], prefix: str) -> dict[str, Fraction]:
    first, second = (*sizes, Fraction(0), Fraction(0))[:2]
    return {
        f"{prefix}largest": first,
        f"{prefix}second_largest": second,
        f"{prefix}total_absolute": sum(sizes, Fraction(0)),
    }


def _same(shown: Any, wanted: Any) -> bool:
    if shown is None or wanted is None:
        return not shown and not wanted  # of nobody: nothing and 0 are the same evidence
    if isinstance(wanted, str):
        return shown == wanted
    return math.isclose(float(shown), float(wanted), rel_tol=1e-9, abs_tol=1e-12)


def _findings(made: Table, mine: Mapping[tuple[str, ...], Behind], asked: Question) -> list[str]:
    report = made.report()
    shown = {
        (found.rule, tuple(text(place[name]) for name in asked.dimensions), str(found.severity))
        for found in report.findings
        for place in found.cells
    }
    shown |= {(one.rule, (), str(one.severity)) for one in report.findings if not one.cells}
    wanted = findings(dict(mine), asked, made.policy)
    said = [f"only output_checks: {one}" for one in sorted(shown - wanted)]
    said += [f"only the oracle: {one}" for one in sorted(wanted - shown)]
    if str(report.verdict) != verdict(wanted):
        said.append(f"verdict: {report.verdict} is not {verdict(wanted)}")
    return said
