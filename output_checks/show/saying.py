"""What a table, its cells and its verdict are called in words."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from output_checks.declaration import Declaration
from output_checks.finding import Finding, Report
from output_checks.grid import Grid
from output_checks.statistics import SCALED, Kind
from output_checks.words import Verdict, label_text, people, share_text

WITHHELD = "[c]"
IMPOSSIBLE = "[z]"
NOTHING = "\u2013"
"""Symbols that stand for a value; [c] and [z] as in official statistics of the UK."""

_NAMES = {
    "count": "Number of people",
    "std": "Standard deviation of {of}",
    "var": "Variance of {of}",
    "min": "Minimum of {of}",
    "max": "Maximum of {of}",
}
_ALSO = {"std": "standard deviation", "var": "variance", "min": "minimum", "max": "maximum"}


def caption(grids: Sequence[Grid], declaration: Declaration) -> str:
    """What the table shows: its statistics, their variable, its dimensions, its population."""
    said = list(_statistics(grids, declaration))
    first = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    text = f"{first} by {_listed([one.name for one in grids[0].dimensions])}"
    return f"{text}, where {declaration.where}" if declaration.where else text


def _statistics(grids: Sequence[Grid], declaration: Declaration) -> list[str]:
    """Each statistic in words; those of one variable that follow each other name it once."""
    said: list[str] = []
    for joined, some in groupby(grids, key=_is_of_a_variable):
        several = list(some)
        if not joined or len(several) == 1:
            said += [_statistic(one, declaration) for one in several]
        else:
            names = [_short(one) for one in several]
            said.append(f"{_listed([names[0].capitalize(), *names[1:]])} of {declaration.of}")
    return [one if not number else one[:1].lower() + one[1:] for number, one in enumerate(said)]


def _is_of_a_variable(grid: Grid) -> bool:
    return grid.kind not in {Kind.COUNT, Kind.PROPORTION, Kind.RATIO} and grid.weight is None


def _short(grid: Grid) -> str:
    percentile = grid.kind is Kind.POSITION and grid.statistic[1:2].isdigit()
    return (
        f"{grid.statistic[1:]} % point" if percentile else _ALSO.get(grid.statistic, grid.statistic)
    )


def _statistic(grid: Grid, declaration: Declaration) -> str:
    if grid.kind is Kind.PROPORTION:
        return _proportion(declaration)
    if grid.kind is Kind.RATIO:
        times = f" (times {declaration.times:,g})" if declaration.times != 1 else ""
        if grid.statistic == "rate":
            return f"Rate of {declaration.of} per {_times(declaration)}{declaration.per}"
        return f"Ratio of {declaration.of} to {declaration.per}{times}"
    plain = _NAMES.get(grid.statistic, f"{_short(grid).capitalize()} of {{of}}")
    named = plain.replace("{of}", str(declaration.of))
    if grid.weight is None:
        return named
    return f"Weighted {named[:1].lower()}{named[1:]} (weight: {grid.weight})"


def _times(declaration: Declaration) -> str:
    return f"{declaration.times:,g} " if declaration.times != 1 else ""


def _proportion(declaration: Declaration) -> str:
    word = {1: "Proportion", 100: "Percentage"}.get(declaration.times)
    name = word or f"Proportion (times {declaration.times:,g})"
    weighted = f" (weight: {declaration.weight})" if declaration.weight else ""
    if declaration.of:
        return f"{name} of people with {declaration.of}{weighted}"
    within = _listed(list(declaration.within or ()))
    return f"{name} of people within {within}{weighted}" if within else f"{name} of all{weighted}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def decimals(grid: Grid) -> int:
    """How many decimals a table shows: all its cells the same number of them."""
    values = grid.frame["value"].drop_nulls()
    if not values.dtype.is_numeric() or not values.dtype.is_float():
        return 0
    finite = values.filter(values.is_finite())
    if grid.kind is Kind.POSITION and (finite == finite.round(0)).all():
        return 0
    largest = float(str(finite.abs().max() or 0))
    if grid.kind in {Kind.PROPORTION, Kind.RATIO} and largest <= 10:
        return 3
    return 2


def value_text(row: Mapping[str, object], digits: int) -> str:
    """A cell's value as it is shown, or the symbol that stands for it."""
    value = row["value"]
    if row["withheld"]:
        return WITHHELD
    if row["structural_zero"]:
        return IMPOSSIBLE
    if value is None:
        return NOTHING
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,.{digits}f}"
    return str(value)


def full_text(row: Mapping[str, object], digits: int) -> str:
    """The value with all its digits, as the file has it, where the cell shows fewer."""
    value = row["value"]
    if isinstance(value, float) and not row["withheld"] and round(value, digits) != value:
        return f"exactly {value!r}"
    return ""


def evidence_text(grid: Grid, row: Mapping[str, object]) -> str:
    """What is behind a cell, in one line."""
    parts = [people(_number(row["units"]))]
    if row["records"] != row["units"]:
        parts.append(f"{row['records']:,} records")
    if grid.counts != "units":
        parts.append(f"{people(_number(row['units_with_value']))} with a value")
    if grid.weight is not None and row["weight"] is not None:
        parts.append(f"weights add up to {row['weight']:,.6g}")
    parts += _behind_kind(grid, row)
    share = largest_share(row)
    if share:
        parts.append(f"largest contributor {share} of the total")
    if row["structural_zero"]:
        parts.append("declared: nobody can be here")
    if row["withheld"]:
        parts.append(f"withheld: a reader can tell {interval_text(row)}")
    elif grid.protection and (row["lower"] is not None or row["upper"] is not None):
        parts.append(f"protected: a reader can tell {interval_text(row)}")
    return " · ".join(parts)


_BEHIND = {
    "units_at": "{} with this very value",
    "units_at_or_below": "{} at or below it",
    "units_at_or_above": "{} at or above it",
    "units_in_mode": "{} in the most frequent category",
}
_BEHIND_A_SHARE = {
    "numerator_units": "{} in the numerator",
    "denominator_units": "{} in the denominator",
}
_BEHIND_A_CODE = {
    "numerator_units": "{} with the higher of its two values",
    "lower_units": "{} with the lower",
}


def _behind_kind(grid: Grid, row: Mapping[str, object]) -> list[str]:
    counted = _BEHIND_A_SHARE if grid.kind in SCALED else _BEHIND_A_CODE
    if grid.kind is Kind.COUNT:
        return []
    return [
        words.format(people(_number(row[name])))
        for name, words in (_BEHIND | counted).items()
        if row.get(name) is not None
    ]


def largest_share(row: Mapping[str, object]) -> str:
    """The largest contributor's share of all absolute contributions, "" where there is none."""
    largest, total = row["largest"], row["total_absolute"]
    if largest is None or not total:
        return ""
    share = 100 * _number(largest) / _number(total)
    return share_text(share) if share > 99 else f"{share:.1f} %"


def _number(value: object) -> float:
    return float(str(value))


def interval_text(row: Mapping[str, object]) -> str:
    """What a reader can work out of a protected cell."""

    def end(value: object, otherwise: str) -> str:
        return otherwise if value is None else f"{value:,.6g}"

    return f"{end(row['lower'], 'nothing')} to {end(row['upper'], 'anything')}"


def headline(report: Report) -> str:
    """The verdict in words."""
    cells = len({tuple(cell.items()) for one in report.findings for cell in one.cells})
    policy = f"the policy {report.policy.name}"
    where = f" in {cells:,} {'cell' if cells == 1 else 'cells'}" if cells else ""
    count = f"{len(report.findings):,} {'finding' if len(report.findings) == 1 else 'findings'}"
    if report.verdict is Verdict.PASS:
        return f"Pass: no rule of {policy} finds anything."
    if not report.findings:
        return f"Review: a person must judge it under {policy}."
    if report.verdict is Verdict.REVIEW:
        return f"Review: {count}{where} that a person must judge under {policy}."
    return f"Fail: {count}{where} under {policy}; it cannot be released like this."


def where_text(finding: Finding, most: int = 3) -> str:
    """The first cells of a finding, in words; nothing where it is about the whole output."""
    cells = ["; ".join(place_text(cell) for cell in finding.cells[:most])]
    if finding.cells and finding.statistic:
        cells.insert(0, finding.statistic)
    more = " ..." if len(finding.cells) > most else ""
    return ": ".join(filter(None, cells)) + more


def place_text(cell: Mapping[str, object]) -> str:
    """Where a cell is, in words."""
    return ", ".join(f"{name} = {label_text(label)}" for name, label in cell.items())


def cut_text(cut: tuple[int, int], size: tuple[int, int]) -> str:
    """What is left out of a table that is too large to look at, in a sentence."""
    parts = [
        f"{left:,} of {all_of:,} {name}"
        for left, all_of, name in zip(cut, size, ("rows", "columns"), strict=True)
        if left
    ]
    return f"Not shown here: {' and '.join(parts)}; files hold everything." if parts else ""
