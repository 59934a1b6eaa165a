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
    before = _counts(entry)
    for output in outputs:
        if not _asks_the_same(entry.declaration, output.table.declaration):
            continue
        grid = next(one for one in output.table.grids if one.is_whole)
        for number, now in enumerate(grid.frame["value"].to_list()):
            place = grid.place(number)
            then = before.get(_key({name: label_text(label) for name, label in place.items()}))
            if then is not None and now is not None and 0 < abs(then - now) < threshold:
                yield _finding(entry, output, place, (then, int(now)))


def _asks_the_same(one: Declaration, other: Declaration) -> bool:
    names = ("dataset", "unit", "where", "derive", "merges")
    is_same = all(getattr(one, name) == getattr(other, name) for name in names)
    return is_same and _shows_counts(one) and _shows_counts(other)


def _shows_counts(declaration: Declaration) -> bool:
    """Whether true counts are shown: not weighted, rounded or changed."""
    protection = declaration.protection or {"method": "suppress"}
    is_true = protection["method"] == "suppress" and protection.get("base", 1) == 1
    return is_true and "count" in declaration.statistics and declaration.weight is None


def _counts(entry: Entry) -> dict[frozenset[tuple[str, str]], int]:
    """The released counts by their labels."""
    names = entry.declaration.dimensions
    return {
        _key(dict(zip(names, cell, strict=True))): value
        for cell, value in zip(entry.cells, entry.values.get("count", ()), strict=False)
        if isinstance(value, int)
    }


def _key(labels: Mapping[str, str]) -> frozenset[tuple[str, str]]:
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
