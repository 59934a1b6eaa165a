"""What goes with a released table so that its reader understands it; no evidence is ever in it."""

from collections.abc import Iterator, Sequence
from datetime import date

from output_checks.declaration import Declaration
from output_checks.finding import Report
from output_checks.grid import Grid, Protection
from output_checks.show.drawing import Drawing
from output_checks.show.headings import Heads
from output_checks.show.saying import IMPOSSIBLE, NOTHING, WITHHELD, caption
from output_checks.words import MISSING, TOTAL

_IN_WORDS = {
    "suppress": (
        "Cells that could tell something about single people are withheld, and other cells with "
        "them, so that nobody can work them out from the totals. All values shown are true."
    ),
    "round": (
        "Every value is rounded, so what is shown is near the true value and not equal to it."
    ),
    "midpoint": (
        "Every count is replaced by the middle of a small range that it lies in, so a value "
        "shown is near the true count and not equal to it."
    ),
    "cell-key": (
        "Small random changes were made to the counts; the same people always get the same "
        "change, in whatever table they are counted. Cells need not add up to their totals."
    ),
    "noise": (
        "Random noise was added to every value so that nobody can tell whether any one person "
        "is in the data (differential privacy)."
    ),
    "coarsen": "Categories were merged until no cell was too small. All values shown are true.",
}
"""What each protection means for a reader; one that is not here is named as it is called."""

SYMBOLS = {
    WITHHELD: "withheld to protect people",
    IMPOSSIBLE: "nobody can be here, by definition",
    NOTHING: "no value: there is nobody to take it of",
    MISSING: "people for whom the data have no value",
    TOTAL: "everybody, counted once; what is missing is in it",
}
"""What stands for a value, or for categories, in a table that has them."""


def notes(drawing: Drawing, on: date | None = None) -> list[tuple[str, str]]:
    """Names and texts, in the order in which a reader asks for them.

    on: the date to be written on it, left out where there is none.
    """
    declaration, grids = drawing.declaration, drawing.grids
    return [
        ("Title", caption(grids, declaration)),
        *([("Date", on.isoformat())] if on else []),
        *_about_data(declaration),
        *_about_statistics(grids, declaration),
        *_about_policy(drawing.report),
        *_about_protection(grids[0].protection),
        *_symbols(drawing),
    ]


def notes_text(drawing: Drawing, on: date | None = None) -> str:
    """The notes as a plain text, a paragraph each."""
    return (
        "".join(f"{name}: {_one_line(text)}\n\n" for name, text in notes(drawing, on)).rstrip("\n")
        + "\n"
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _about_data(declaration: Declaration) -> Iterator[tuple[str, str]]:
    yield "Dataset", declaration.dataset or "not named"
    yield "Population", f"where {declaration.where}" if declaration.where else "everybody in it"
    yield (
        "Counted",
        f'people, told apart by "{declaration.unit}"' if declaration.unit else "rows of the data",
    )
    for name, expression in declaration.derive.items():
        yield f'Derived "{name}"', expression
    for name, labels in declaration.merges.items():
        merged = "; ".join(f"{old} \u2192 {new}" for old, new in labels.items())
        yield f'Merged in "{name}"', merged
    for name, hierarchy in declaration.hierarchies.items():
        if isinstance(hierarchy, tuple):
            yield f'Groups of "{name}"', ", ".join(hierarchy)
        else:
            groups = "; ".join(dict.fromkeys(hierarchy.values()))
            yield f'Groups of "{name}"', groups


def _about_statistics(grids: Sequence[Grid], declaration: Declaration) -> Iterator[tuple[str, str]]:
    several = len(grids) > 1
    yield ("Statistics" if several else "Statistic"), ", ".join(one.statistic for one in grids)
    for name, text in (
        ("Variable", declaration.of),
        ("Divided by", declaration.per),
        ("Weighted by", declaration.weight),
    ):
        if text:
            yield name, text
    if declaration.within is not None:
        yield "Proportion within", ", ".join(declaration.within) or "the whole table"
    if declaration.times != 1:
        yield "Multiplied by", f"{declaration.times:g}"


def _about_policy(report: Report) -> Iterator[tuple[str, str]]:
    yield "Disclosure policy", f"{report.policy.title} ({report.policy.name})"
    yield "Policy's hash", report.policy.hash
    yield "Automatic check", f"{report.verdict} ({report.provenance})"


def _about_protection(protection: Protection | None) -> Iterator[tuple[str, str]]:
    if protection is None:
        yield "Protection", "none"
        return
    yield "Protection", protection.method
    if protection.method in _IN_WORDS:
        yield "What that means", _IN_WORDS[protection.method]
    if protection.notes:
        yield "Also", " ".join(protection.notes)


def _symbols(drawing: Drawing) -> Iterator[tuple[str, str]]:
    layout = drawing.layout
    shown = {drawing.text(place) for row in layout.places for place in row}
    heads = {one.heads for several in (*layout.rows, *layout.columns) for one in several}
    shown |= {MISSING} if Heads.MISSING in heads else set()
    shown |= {TOTAL} if Heads.TOTAL in heads else set()
    yield from ((symbol, meaning) for symbol, meaning in SYMBOLS.items() if symbol in shown)
