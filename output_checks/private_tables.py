"""Sums, means, histograms and quantiles with differential privacy, straight from data."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, TypedDict, Unpack

from output_checks.data import Data
from output_checks.errors import (
    DeclarationError,
    UnknownColumnError,
    UnreadableDataError,
    unknown,
)
from output_checks.given import refuse_other, shown
from output_checks.protect.accounting import ask_budget
from output_checks.protect.private import most_chosen
from output_checks.protect.private_categories import table_of_chosen
from output_checks.table import Table

Names = str | Sequence[str]
_BIN = "bin"
_FURTHEST = 1e100
_CASES = 16


class Paid(TypedDict, total=False):
    """What every private table is told.

    epsilon: for the whole table. accountant: a PrivacyBudget or a diffprivlib BudgetAccountant.
    categories: {dimension: its labels}, named without looking at the data, or "public" where
    everybody may know which the data have; an Enum's, and true and false, need not be named.
    where: as in `Data.table`. cells_per_person: for people in several cells, in how many of
    theirs each is counted; 1 where it is not said and there is a `where`. random_state: a seed
    for tests and dummy data; it is recorded, and the table fails.
    """

    epsilon: float
    accountant: Any
    categories: Mapping[str, Sequence[Any]] | str | None
    where: str | None
    cells_per_person: int | None
    random_state: Any


def private_sum(
    data: Data,
    of: str,
    rows: Names,
    columns: Names = (),
    *,
    bounds: tuple[float, float],
    **paid: Unpack[Paid],
) -> Table:
    """The sum of a variable in every cell, with noise.

    bounds: between which each person's sum in a cell is brought, known without the data. One
    person changes a sum by the greater of |lower| and |upper|, so that is what the noise hides.
    Raises BudgetSpentError before anything is computed, ProtectionError.
    """
    return _private(data, _shape(rows, columns, "sum", of), bounds, paid)


def private_mean(
    data: Data,
    of: str,
    rows: Names,
    columns: Names = (),
    *,
    bounds: tuple[float, float],
    **paid: Unpack[Paid],
) -> Table:
    """The mean of a variable in every cell, over people (each by the mean of their records).

    Half of epsilon goes to the sum around the middle of the bounds, which one person changes by
    half their width, and half to the number of people. Raises as `private_sum`.
    """
    return _private(data, _shape(rows, columns, "mean", of), bounds, paid)


def private_quantiles(
    data: Data,
    of: str,
    rows: Names,
    columns: Names = (),
    *,
    shares: Sequence[float] = (0.25, 0.5, 0.75),
    bounds: tuple[float, float],
    **paid: Unpack[Paid],
) -> Table:
    """Quantiles of a variable in every cell, over people (each by the mean of their records).

    shares: above 0 and below 1; 0.5 is the median. epsilon is shared by them evenly, and by a
    cell and the totals that it is in. Where noise makes the quantiles of a cell cross, they are
    put in their order again, for which no more is spent. Raises as `private_sum`.
    """
    refuse_other("shares", shares, (list, tuple), "a list of numbers", DeclarationError)
    for share in shares:
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share < 1:
            raise DeclarationError(f"a quantile's share is above 0 and below 1, not {shown(share)}")
    names = ["median" if share == 0.5 else f"p{100 * share:.10g}" for share in shares]
    return _private(data, _shape(rows, columns, names, of), bounds, paid)


def private_histogram(data: Data, of: str, edges: Sequence[float], **paid: Unpack[Paid]) -> Table:
    """How many people have a value in each bin, with noise, empty bins too.

    edges: rising, known without the data; a bin has its lower edge in it, the last one also its
    upper edge. Values outside of all bins, and missing ones, are not counted. One person changes
    one bin by 1. Raises DeclarationError for edges that are none, and as `private_sum`.
    """
    _see_edges(edges)
    refuse_other("data", data, Data, "Data", UnreadableDataError)
    refuse_other("of", of, str, "a column's name", DeclarationError)
    refuse_other("where", paid.get("where"), (str, type(None)), "a text or None", DeclarationError)
    ask_budget(paid.get("accountant"), paid.get("epsilon"))
    if of not in data.frame.collect_schema().names():
        raise UnknownColumnError(unknown("column", of, data.frame.collect_schema().names()))
    names = _bin_names(edges)
    table = table_of_chosen(
        data,
        _inside(of, edges, paid.get("where")),
        rows=_BIN,
        derive={_BIN: _in_bins(of, edges, names)},
    )
    if table.plain.overlaps and paid.get("cells_per_person") is None:
        paid["cells_per_person"] = most_chosen(paid.get("where"))
    return table.protect("noise", **_options(paid) | {"categories": {_BIN: names}})


def _private(
    data: Data, shape: Mapping[str, Any], bounds: tuple[float, float], paid: Mapping[str, Any]
) -> Table:
    ask_budget(paid.get("accountant"), paid.get("epsilon"))
    refuse_other("data", data, Data, "Data", UnreadableDataError)
    table = table_of_chosen(data, paid.get("where"), **shape)
    return table.protect("noise", bounds=bounds, **_options(paid))


def _shape(rows: Names, columns: Names, statistic: Names, of: str) -> dict[str, Any]:
    return {"rows": rows, "columns": columns, "statistic": statistic, "of": of}


def _options(paid: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in paid.items() if name != "where"}


def _see_edges(edges: Sequence[float]) -> None:
    is_list = isinstance(edges, list | tuple)
    numbers = [
        float(one)
        for one in (edges if is_list else ())
        if isinstance(one, int | float)
        and not isinstance(one, bool)
        and -_FURTHEST <= one <= _FURTHEST
    ]
    if (
        not is_list
        or len(numbers) < len(edges)
        or len(edges) < 2
        or any(upper <= lower for lower, upper in pairwise(numbers))
    ):
        raise DeclarationError(
            f"a histogram's edges are two or more rising numbers, not {shown(edges)}"
        )


def _bin_names(edges: Sequence[float]) -> list[str]:
    last = len(edges) - 2
    return [
        f"{lower:.12g} to {'' if at == last else 'below '}{upper:.12g}"
        for at, (lower, upper) in enumerate(pairwise(edges))
    ]


def _inside(of: str, edges: Sequence[float], where: str | None) -> str:
    quoted = '"' + of.replace('"', '""') + '"'
    inside = f"{quoted} >= {float(edges[0])!r} AND {quoted} <= {float(edges[-1])!r}"
    return f"({where}) AND {inside}" if where else inside


def _in_bins(of: str, edges: Sequence[float], names: Sequence[str]) -> str:
    """The bin of a value, in SQL; many bins are halved, as a long list of cases takes its square.

    edges: of these bins alone.
    """
    quoted = '"' + of.replace('"', '""') + '"'
    if len(names) > _CASES:
        half = len(names) // 2
        below = _in_bins(of, edges[: half + 1], names[:half])
        above = _in_bins(of, edges[half:], names[half:])
        return f"CASE WHEN {quoted} < {float(edges[half])!r} THEN {below} ELSE {above} END"
    cases = [
        f"WHEN {quoted} < {float(upper)!r} THEN '{name}'"
        for upper, name in zip(edges[1:], names[:-1], strict=False)
    ]
    return f"CASE {' '.join(cases)} ELSE '{names[-1]}' END" if cases else f"'{names[-1]}'"
