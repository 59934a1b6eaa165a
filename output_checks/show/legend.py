"""The legend: only what occurs in the table at hand."""

from collections.abc import Iterator
from dataclasses import dataclass

from output_checks.show.drawing import Drawing
from output_checks.show.headings import Heads
from output_checks.show.saying import IMPOSSIBLE, NOTHING, WITHHELD
from output_checks.words import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One entry. look: the class of its style, "" for none."""

    text: str
    look: str = ""


_SEVERITIES = {
    Verdict.FAIL: Mark(text="✕ fails", look="oc-fail"),
    Verdict.REVIEW: Mark(text="? a person must look", look="oc-review"),
}
_SYMBOLS = {
    WITHHELD: Mark(text=f"{WITHHELD} withheld", look="oc-held"),
    IMPOSSIBLE: Mark(text=f"{IMPOSSIBLE} nobody can be here"),
    NOTHING: Mark(text=f"{NOTHING} nobody to take it of"),
}
_HEADS = {
    Heads.MISSING: Mark(text="Missing: no value in the data", look="oc-missing"),
    Heads.GROUP: Mark(text="bold: a group of the categories under it", look="oc-group"),
}


def marks_of(drawing: Drawing) -> Iterator[Mark]:
    """What each mark in this table means."""
    severities = {one.severity for some in drawing.found.values() for one in some}
    texts = {drawing.text(place) for row in drawing.layout.places for place in row}
    layout = drawing.layout
    heads = {one.heads for several in (*layout.rows, *layout.columns) for one in several}
    yield from (mark for severity, mark in _SEVERITIES.items() if severity in severities)
    yield from (mark for text, mark in _SYMBOLS.items() if text in texts)
    yield from (mark for head, mark in _HEADS.items() if head in heads)
    if drawing.evidence and any(grid.weight for grid in drawing.grids):
        yield Mark(text="n: people behind a weighted value; is not released")
