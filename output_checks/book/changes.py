"""The same table released from data that have changed since: who came and who left."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from output_checks.book.entry import Entry
from output_checks.declaration import Declaration
from output_checks.linked.report import LinkedFinding, Term
from output_checks.linked.views import Output
from output_checks.linked.wording import cells_text, sum_text
from output_checks.words import TOTAL, Verdict, label_text, people

_REMEDY = "Release it from the data of then, or round the counts of both."


def changed_counts(
    entry: Entry, outputs: Sequence[Output], threshold: int
) -> Iterator[LinkedFinding]:
    """Cells of a new output that show 1 to threshold - 1 people more or fewer than before.

    Only where both tables ask the same of their people, so that a cell means the same in both.
    """
    if not _shows_counts(entry.declaration):
        return
    before = counts_of(entry)
    for output in outputs:
        is_same = asks_the_same(entry.declaration, output.table.declaration)
        if not is_same or not _shows_counts(output.table.declaration):
            continue
        grid = next(one for one in output.table.grids if one.is_whole)
        for number, now in enumerate(grid.frame["value"].to_list()):
            place = grid.place(number)
            then = before.get(key_of(place))
            if then is not None and now is not None and 0 < abs(then - now) < threshold:
                yield _finding(entry, output, place, (then, int(now)))


def asks_the_same(one: Declaration, other: Declaration) -> bool:
    """Whether a cell of both is of the same people, as definitions go."""
    names = ("dataset", "unit", "where", "derive", "merges")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _shows_counts(declaration: Declaration) -> bool:
    """Whether true counts are shown: not weighted, rounded or changed."""
    protection = declaration.protection or {"method": "suppress"}
    is_true = protection["method"] == "suppress" and protection.get("base", 1) == 1
    return is_true and "count" in declaration.statistics and declaration.weight is None


Labels = frozenset[tuple[str, str]]


def counts_of(entry: Entry) -> dict[Labels, int]:
    """The released counts by their labels; none where they are not true ones."""
    if not _shows_counts(entry.declaration):
        return {}
    names = entry.declaration.dimensions
    return {
        _key(dict(zip(names, cell, strict=True))): value
        for cell, value in zip(entry.cells, entry.values.get("count", ()), strict=False)
        if isinstance(value, int)
    }


def amounts_of(entry: Entry, counts: Mapping[Labels, int]) -> dict[Labels, float]:
    """The released sums by their labels, or means times the people of these counts."""
    options = entry.declaration.protection or {}
    if options.get("amounts") is not None:
        return {}
    names = entry.declaration.dimensions
    keys = [_key(dict(zip(names, cell, strict=True))) for cell in entry.cells]
    found: dict[Labels, float] = {}
    for statistic in ("mean", "sum"):
        for key, value in zip(keys, entry.values.get(statistic, ()), strict=False):
            if isinstance(value, int | float) and key in counts:
                found[key] = value * (counts[key] if statistic == "mean" else 1)
    return found


def key_of(place: Mapping[str, Any]) -> Labels:
    """The same of a cell of a grid."""
    return _key({name: label_text(label) for name, label in place.items()})


def _key(labels: Mapping[str, str]) -> Labels:
    """A cell by its labels, in whatever order and among whatever totals."""
    return frozenset((name, label) for name, label in labels.items() if label != TOTAL)


def _finding(
    entry: Entry, output: Output, place: Mapping[str, Any], counts: tuple[int, int]
) -> LinkedFinding:
    then, now = counts
    terms = (
        Term(output=entry.title, cell=place, times=1.0 if then > now else -1.0, count=then),
        Term(output=output.name, cell=place, times=-1.0 if then > now else 1.0, count=now),
    )
    ordered = tuple(sorted(terms, key=lambda one: -one.times))
    moved = people(abs(then - now))
    what = f"{moved} left the data since" if then > now else f"{moved} came into the data since"
    arithmetic = sum_text(ordered, abs(then - now))
    return LinkedFinding(
        rule="differencing",
        severity=Verdict.FAIL,
        message=f"{cells_text(ordered)} is {arithmetic}: {what}.",
        remedy=_REMEDY,
        terms=ordered,
        arithmetic=arithmetic,
    )
