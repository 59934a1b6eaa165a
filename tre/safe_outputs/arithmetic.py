"""Findings about several outputs as they are kept: with the numbers of every subtraction."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from output_checks.linked import LinkedFinding
from output_checks.words import TOTAL

Plain = dict[str, Any]


def placed(one: LinkedFinding, output: str) -> Plain:
    """A finding as plain values on an output's own cells, besides whose numbers it is made of.

    beside: every output that takes part. terms: output, cell, times and count of each number.
    reveals: the withheld cells that it tells, each with its output.
    """
    cells = [
        *(dict(cell) for name, cell in one.cells if name == output and cell),
        *(dict(term.cell) for term in one.terms if term.output == output),
    ]
    return {
        "rule": one.rule,
        "severity": str(one.severity),
        "cells": cells,
        "message": one.message,
        "remedy": one.remedy,
        "beside": list(one.outputs),
        "terms": [term.to_dict() for term in one.terms],
        "reveals": [{"output": name, "cell": dict(cell)} for name, cell in one.cells if cell],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtraction:
    """What follows from an output and others: where, by which sum, and of how many people.

    cell: the labels of the cell, "" where no cell is named. withheld: where that cell is withheld,
    in words, "" where it is a group that no output shows. sum: with the place of every number,
    "45 here - 42 in request 3", "" where the finding has none. people: what it leaves; None
    where that is not one number. message: the finding's own sentence. cells: of each output that
    takes part, by its name.
    """

    severity: str
    cell: str
    withheld: str
    sum: str
    people: int | None
    message: str
    cells: Mapping[str, tuple[Plain, ...]]


def subtraction(found: Mapping[str, Any], places: Mapping[str, str]) -> Subtraction:
    """Write out a finding's sum. places: where each output is, in words, by its name."""
    terms = [term for term in found.get("terms") or () if isinstance(term, dict)]
    cells: dict[str, list[Plain]] = {}
    for term in terms:
        cells.setdefault(term["output"], []).append(dict(term["cell"]))
    revealed = list(found.get("reveals") or ())
    cell = "".join(label(one["cell"]) for one in (*revealed, *terms)[:1])
    return Subtraction(
        severity=str(found.get("severity", "review")),
        cell=cell,
        withheld=_place(revealed[0]["output"], places) if revealed else "",
        sum="".join(_written(terms, places, cell)),
        people=round(sum(term["times"] * term["count"] for term in terms)) if terms else None,
        message=str(found.get("message", "")),
        cells={name: tuple(some) for name, some in cells.items()},
    )


def label(cell: Mapping[str, Any]) -> str:
    """A cell by its labels; a total is said once."""
    return ", ".join(str(one) for one in cell.values() if one != TOTAL) or TOTAL


def _written(
    terms: Iterable[Mapping[str, Any]], places: Mapping[str, str], first: str
) -> Iterator[str]:
    """The numbers with their signs; a cell is named where it is another than the first."""
    for number, term in enumerate(terms):
        sign = "-" if term["times"] < 0 else "+"
        if number:
            yield f" {sign} "
        elif sign == "-":
            yield sign
        if abs(term["times"]) != 1:
            yield f"{abs(term['times']):g} * "
        yield f"{term['count']:,} {_place(term['output'], places)}"
        if (other := label(term["cell"])) != first:
            yield f" ({other})"


def _place(output: str, places: Mapping[str, str]) -> str:
    return places.get(output, f"in “{output}”")
