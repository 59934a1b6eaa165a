"""The same sum or mean released from data that have changed since: what few people added."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from output_checks.book.changes import amounts_of, asks_the_same, counts_of, key_of
from output_checks.book.entry import Entry
from output_checks.grid import Grid
from output_checks.linked.report import LinkedFinding
from output_checks.linked.views import Output, has_everybody
from output_checks.linked.wording import cell_text
from output_checks.statistics import Kind
from output_checks.words import Verdict, people

_REMEDY = "Release it from the data of then, or round the figures of both."


def changed_amounts(
    entry: Entry, outputs: Sequence[Output], threshold: int
) -> Iterator[LinkedFinding]:
    """Cells of a new output whose sum or mean is of 1 to threshold - 1 people more or fewer.

    Only beside released counts of the same people: whoever has these, and is told or knows of how
    many people the new figure is, has what came or went with them.
    """
    then = counts_of(entry)
    sums = amounts_of(entry, then)
    for output in outputs:
        is_same = asks_the_same(entry.declaration, output.table.declaration)
        if not is_same or output.table.declaration.of != entry.declaration.of or not sums:
            continue
        for grid in output.table.grids:
            if grid.kind in {Kind.SUM, Kind.MEAN} and _is_exact(grid):
                yield from _of_grid(entry, output, grid, (then, sums), threshold)
                break


def _is_exact(grid: Grid) -> bool:
    options = grid.protection.options if grid.protection else {}
    is_plain = grid.method in {"", "suppress"} and options.get("amounts") is None
    return is_plain and grid.weight is None and has_everybody(grid)


Known = tuple[Mapping[Any, int], Mapping[Any, float]]


def _of_grid(
    entry: Entry, output: Output, grid: Grid, known: Known, threshold: int
) -> Iterator[LinkedFinding]:
    then, sums = known
    people_now = grid.frame["units_with_value"].to_list()
    now = grid.frame["sum"].to_list()
    shown = grid.frame["value"].is_not_null().to_list()
    for number, place in enumerate(grid.places(range(grid.size))):
        key = key_of(place)
        if not shown[number] or key not in sums or now[number] is None:
            continue
        moved = people_now[number] - then[key]
        if 0 < abs(moved) < threshold:
            yield _finding(entry, output, place, (moved, sums[key], float(now[number])))


def _finding(
    entry: Entry, output: Output, place: Mapping[str, Any], told: tuple[int, float, float]
) -> LinkedFinding:
    moved, before, now = told
    larger, smaller = (now, before) if moved > 0 else (before, now)
    arithmetic = f"{larger:,.10g} - {smaller:,.10g} = {larger - smaller:,.10g}"
    names = (output.name, entry.title) if moved > 0 else (entry.title, output.name)
    what = "came into the data" if moved > 0 else "left the data"
    return LinkedFinding(
        rule="differencing",
        severity=Verdict.FAIL,
        message=f"The sum behind {cell_text(names[0], place)} less that behind "
        f"{cell_text(names[1], place)} is {arithmetic}: {people(abs(moved))} {what} since, and "
        "that is what they have, unless others' amounts have changed too.",
        remedy=_REMEDY,
        arithmetic=arithmetic,
        cells=tuple((name, place) for name in names),
    )
