"""Cells and sums in words: what a reader would write on a piece of paper."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from output_checks.linked.report import Term
from output_checks.words import TOTAL


def cell_text(output: str, cell: Mapping[str, Any]) -> str:
    """A cell by its output and its labels: “by sex”: sex = F; a total is said once."""
    labels = [f"{name} = {label}" for name, label in cell.items() if label != TOTAL]
    return f"“{output}”: {', '.join(labels) or TOTAL}"


def sum_text(terms: Sequence[Term], total: int) -> str:
    """The arithmetic with its numbers: 4,320 - 4,318 = 2."""
    written = "".join(_signed(term, first=number == 0) for number, term in enumerate(terms))
    return f"{written} = {total:,}"


def cells_text(terms: Sequence[Term]) -> str:
    """The same with the cells' names instead of their numbers."""
    added = [_often(term) for term in terms if term.times > 0]
    taken = [_often(term) for term in terms if term.times < 0]
    return " plus ".join(added) + (" minus " + " minus ".join(taken) if taken else "")


def _often(term: Term) -> str:
    text = cell_text(term.output, term.cell)
    return text if abs(term.times) == 1 else f"{_number(abs(term.times))} times {text}"


def _signed(term: Term, *, first: bool) -> str:
    sign = "-" if term.times < 0 else "+"
    times = "" if abs(term.times) == 1 else f"{_number(abs(term.times))} * "
    lead = ("" if sign == "+" else sign) if first else f" {sign} "
    return f"{lead}{times}{term.count:,}"


def _number(times: float) -> str:
    return str(Fraction(times).limit_denominator(60))
