"""Earlier releases laid beside a table: their grids, and which numbers of both are close."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tre.desk.shown.grid import Grid, grid_of
from tre.steps.checking import released_name
from tre.steps.released_before import EarlierOutput

MOST_LAID = 8
"""Tables that are laid beside one; of the rest there is a line with a link."""
MOST_CLOSE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """A cell that both tables show, with counts that differ by few: here less there."""

    cell: str
    here: int
    there: int

    @property
    def people(self) -> int:
        """By how many they differ."""
        return abs(self.here - self.there)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """An earlier output. grid: its table, None where it is not shown. close: see `Close`."""

    output: EarlierOutput
    grid: Grid | None
    close: tuple[Close, ...]


def laid_beside(
    earlier: Iterable[EarlierOutput],
    mine: tuple[Grid | None, Mapping[str, Any] | None],
    threshold: int,
) -> tuple[Laid, ...]:
    """Each earlier output with its table, where that is at hand and among the first.

    mine: the table in question with its declaration. threshold: the people of a group that is
    large enough.
    """
    return tuple(_laid(one, mine, threshold, at) for at, one in enumerate(earlier))


def _laid(
    one: EarlierOutput,
    mine: tuple[Grid | None, Mapping[str, Any] | None],
    threshold: int,
    at: int,
) -> Laid:
    grid = grid_of(one.text, {"findings": _marks(one)}, one.declaration) if one.text else None
    here, declaration = mine
    close: tuple[Close, ...] = ()
    if here and grid and _counts_people(declaration) and _counts_people(one.declaration):
        close = tuple(_close(here, grid, threshold))
    return Laid(output=one, grid=grid if at < MOST_LAID else None, close=close[:MOST_CLOSE])


def _close(here: Grid, there: Grid, threshold: int) -> Iterator[Close]:
    if (here.row_names, here.across) != (there.row_names, there.across):
        return
    counts = dict(_counts(there))
    for cell, count in _counts(here):
        other = counts.get(cell, count)
        if 0 < abs(count - other) < threshold:
            yield Close(cell=cell, here=count, there=other)


def _counts(grid: Grid) -> Iterator[tuple[str, int]]:
    for row in grid.rows:
        for head, cell in zip(grid.heads, row.cells, strict=False):
            if cell is not None and cell.text.isascii() and cell.text.isdigit():
                across = (head,) if grid.across else ()
                yield ", ".join(dict.fromkeys((*row.headings, *across))), int(cell.text)


def _counts_people(declaration: Mapping[str, Any] | None) -> bool:
    """Whether a table shows counts of people as they are; rounded ones are close by chance."""
    declaration = declaration or {}
    protection = declaration.get("protection") or {"method": "suppress"}
    is_exact = protection.get("method") == "suppress" and protection.get("base", 1) == 1
    is_count = declaration.get("statistic", "count") in ("count", ["count"])
    return is_count and is_exact and not declaration.get("weight")


def _marks(one: EarlierOutput) -> list[dict[str, Any]]:
    """Mark the cells that a subtraction takes."""
    name = released_name(one.name, one.request)
    return [
        {"severity": found.severity, "cells": list(found.cells.get(name, ()))}
        for found in one.found
    ]
