"""What can still be worked out of any published table, also one that was made elsewhere."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from output_checks.errors import (
    OutputCheckError,
    UnknownColumnError,
    UnreadableDataError,
    unknown,
)
from output_checks.given import path_of, refuse_other, texts_of
from output_checks.protect.intervals import Attainable
from output_checks.protect.worlds import MOST_PLACES
from output_checks.readers import READERS
from output_checks.readers.contents import Contents
from output_checks.readers.published import (
    MOST_DECIMALS,
    Hierarchies,
    PublishedTable,
    published_table,
)
from output_checks.readers.regular import read_regular
from output_checks.readers.shapes import lengthened
from output_checks.readers.sums import WHEN_PEOPLE_OVERLAP
from output_checks.rules.threshold import is_wide
from output_checks.words import MISSING, label_text

MOST_ROUNDED = 5_000
"""Cells of a rounded table that are worked out one by one."""

_TIDY = "Tidy"
_MORE = (
    f" With more than {MOST_PLACES} cells it was not asked who can be in what of several of these "
    "at once, which can tell more: what is given contains the truth, and a person must look."
)
_OVERLAP = "People are in several cells;"
"""What the notes of a table with withheld cells say: see protect/suppression.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedOut:
    """What a reader can tell of a published table.

    cells: the numbers of the cells that are not published exactly. rounded: see `work_out_of`.
    Where people are in several cells of more than one dimension, who can be in what of both is
    asked; of a table that is too large for that, intervals come from single totals and their
    parts. They contain the truth, but who thinks of the people in several totals at once may know
    more: then none but a single number is called exact.
    """

    table: PublishedTable
    found: Attainable
    rounded: int

    @property
    def cells(self) -> np.ndarray:
        """Cells of which a reader does not simply read the value."""
        if self.rounded > 1:
            return np.flatnonzero(self.table.there.reshape(-1))
        return self.table.withheld

    @property
    def is_certain(self) -> bool:
        """Whether nothing more can follow from the sums than what was worked out of them."""
        return not self.found.is_outer

    def assumed(self) -> str:
        """What the intervals rest on, in a sentence; empty where nothing is added up."""
        if not self.table.adds_up:
            return ""
        if not self.table.loose:
            return (
                "Assumed: everybody is in one cell, so that cells add up to their totals. "
                f"{WHEN_PEOPLE_OVERLAP}."
            )
        names = " and ".join(f"“{name}”" for name in self.table.loose)
        more = "" if self.is_certain else _MORE
        return (
            f"Assumed: people may be in several cells of {names}, so that a total is at least its "
            f"largest part and at most the sum of its parts.{more}"
        )

    def is_safe(self, cell: int, threshold: int) -> bool:
        """Whether what can be told of a cell is too little to harm anybody in it.

        Of a rounded value: that adding up tells no more than the rounding itself. Nothing can be
        said of other values than counts, so they are not safe.
        """
        if not self.table.is_counts:
            return False
        lower, upper = float(self.found.lower[cell]), float(self.found.upper[cell])
        shown = self.table.values.reshape(-1)[cell]
        if self.rounded > 1 and not np.isnan(shown):
            least = max(0.0, shown - self.rounded // 2)
            return bool(upper - lower >= shown + self.rounded - 1 - self.rounded // 2 - least)
        return bool(is_wide(lower, upper, threshold))

    def rows(self, threshold: int | None = None) -> list[dict[str, Any]]:
        """A row a cell: its labels, `lower`, `upper` (None: no limit), `exact`, and `safe`.

        `safe` only with a threshold: people that a cell must describe at least.
        """
        return [
            {
                **self.table.place(int(cell)),
                "lower": _finite(self.found.floor[cell]),
                "upper": _finite(self.found.ceiling[cell]),
                "exact": self._is_exact(int(cell)),
            }
            | ({} if threshold is None else {"safe": self.is_safe(int(cell), threshold)})
            for cell in self.cells
        ]

    def _is_exact(self, cell: int) -> bool:
        is_one_number = bool(self.found.floor[cell] == self.found.ceiling[cell])
        return self.found.is_exact(cell) and (self.is_certain or is_one_number)

    def small(self, threshold: int) -> list[dict[str, Any]]:
        """Counts that are published as they are and are too small: their labels, and `shown`."""
        if self.rounded > 1 or not self.table.is_counts:
            return []
        values = self.table.values.reshape(-1)
        return [
            {**self.table.place(int(cell)), "shown": int(values[cell])}
            for cell in np.flatnonzero((values > 0) & (values < threshold))
        ]


def intervals(  # noqa: PLR0913 - a published table is told by as many things
    table: Any,
    *,
    threshold: int | None = None,
    value: str | None = None,
    rounded: int = 1,
    decimals: int | None = None,
    hierarchies: Mapping[str, Mapping[str, str]] | None = None,
    totals: Collection[str] = (),
    overlaps: bool | Collection[str] | None = None,
) -> pl.DataFrame:
    """Say what can still be worked out of a published table, also of one made elsewhere.

    table: a polars or pandas frame, or the path of a .csv, .tsv, .xlsx or .html file; one row a
    cell, or labels and headings over and beside the numbers. Null, [c], *, x, : and the like are
    withheld; "<5", "1 to 4" and ">95" also say how large the value can be. value: the column of
    values, where there are several. rounded: the base that every count was rounded to, halves up.
    decimals: to how many the values were rounded; None: as many as the longest of them shows, and
    whole numbers, or values with more than nine, were not.
    hierarchies: {dimension: {label: the group it is in}}. totals: labels that are totals, beside
    Total, All and the like. overlaps: people may be in several cells (say, several diagnoses), so
    that a total of different people is at least its largest part and at most the sum of its
    parts; the dimensions of which that is true, or True for all. None: only where the file's own
    notes say so; else cells are taken to add up to their totals.
    Returns a row for each cell that is not published exactly: its labels, `lower` and `upper`
    (null: not limited), `exact` (false where the search was given up and the truth is narrower, or
    may be), and with threshold, the people that a cell must describe at least, `safe`.
    Raises UnreadableDataError for what is no table or cannot be true, UnknownColumnError.

    >>> import polars as pl
    >>> published = pl.DataFrame({"sex": ["F", "M", "Total"], "value": [None, 20, 23]})
    >>> intervals(published, threshold=10).rows()
    [('F', 3.0, 3.0, True, False)]

    Of 23 patients with a diagnosis 20 have B, and the others A at least; all may have it:

    >>> published = pl.DataFrame({"diagnosis": ["A", "B", "Total"], "value": [None, 20, 23]})
    >>> intervals(published, threshold=10, overlaps=["diagnosis"]).rows()
    [('A', 3.0, 23.0, True, True)]
    """
    if threshold is not None and (type(threshold) is not int or threshold < 1):
        raise UnreadableDataError(f"threshold must be a whole number above 0, not {threshold!r}")
    options = {"value": value, "hierarchies": hierarchies, "totals": totals}
    done = work_out_of(table, rounded=rounded, decimals=decimals, overlaps=overlaps, **options)
    kinds: dict[str, type[pl.DataType]] = {
        **dict.fromkeys(done.table.dimensions, pl.String),
        **dict.fromkeys(("lower", "upper"), pl.Float64),
        **dict.fromkeys(("exact",) if threshold is None else ("exact", "safe"), pl.Boolean),
    }
    return pl.DataFrame(done.rows(threshold), schema=kinds)


def work_out_of(  # noqa: PLR0913 - as `intervals`
    table: Any,
    *,
    value: str | None = None,
    rounded: int = 1,
    decimals: int | None = None,
    hierarchies: Hierarchies | None = None,
    totals: Collection[str] = (),
    overlaps: bool | Collection[str] | None = None,
) -> WorkedOut:
    """The same as `intervals`, for those who show it in their own way."""
    if type(rounded) is not int or rounded < 1:
        raise UnreadableDataError(f"rounded must be a whole number above 0, not {rounded!r}")
    if decimals is not None and (type(decimals) is not int or not 0 <= decimals <= MOST_DECIMALS):
        raise UnreadableDataError(
            f"decimals must be a whole number from 0 to {MOST_DECIMALS}, not {decimals!r}"
        )
    refuse_other("value", value, (str, type(None)), "a column's name", UnreadableDataError)
    _refuse_no_hierarchies(hierarchies)
    source = _source(table)
    words = texts_of("totals", totals, UnreadableDataError)
    read = _overlapping(_read(source, value, hierarchies, words), source, overlaps)
    _refuse_reserved(read)
    if decimals is not None:
        read = replace(read, decimals=decimals)
    if rounded > 1 and read.values.size > MOST_ROUNDED:
        raise UnreadableDataError(
            f"a rounded table is worked out cell by cell, and {read.values.size:,} cells are more "
            f"than {MOST_ROUNDED:,}"
        )
    if rounded > 1 and not read.is_counts:
        raise UnreadableDataError("rounded= is for counts")
    return WorkedOut(table=read, found=read.intervals(rounded), rounded=rounded)


def _refuse_no_hierarchies(hierarchies: Any) -> None:
    words = "{dimension: {label: its group}}"
    known = {} if hierarchies is None else hierarchies
    refuse_other("hierarchies", known, Mapping, words, UnreadableDataError)
    for one in known.values():
        refuse_other("each of hierarchies", one, Mapping, words, UnreadableDataError)
        texts_of("the labels and groups of hierarchies", [*one, *one.values()], UnreadableDataError)


def _refuse_reserved(table: PublishedTable) -> None:
    taken = {"lower", "upper", "exact", "safe", "shown"} & set(table.dimensions)
    if taken:
        raise UnreadableDataError(f'a dimension cannot be called "{min(taken)}" here; rename it')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where a table comes from. candidates: rows in which it may be, the likeliest first.

    overlaps: whether something beside it says that people are in several cells. notes: whether
    rows of it may be a title or notes, and no cells.
    """

    name: str
    candidates: list[Sequence[Sequence[str]]]
    overlaps: bool = False
    notes: bool = True


def _overlapping(read: PublishedTable, source: _Source, overlaps: Any) -> PublishedTable:
    """The table with the dimensions in which people are in several cells."""
    if overlaps is None or isinstance(overlaps, bool):
        asked = source.overlaps if overlaps is None else overlaps
        names = list(read.dimensions) if asked else []
    else:
        names = texts_of("overlaps", overlaps, UnreadableDataError)
    for name in names:
        if name not in read.dimensions:
            raise UnknownColumnError(
                "overlaps: " + unknown("dimension", name, list(read.dimensions))
            )
    if names and not read.is_counts:
        raise UnreadableDataError("overlaps= is for counts of people")
    return replace(read, overlaps=frozenset(names))


def _read(
    source: _Source, value: str | None, hierarchies: Hierarchies | None, totals: Collection[str]
) -> PublishedTable:
    problems = []
    for rows in source.candidates:
        try:
            return published_table(lengthened(rows, value, notes=source.notes), hierarchies, totals)
        except OutputCheckError as error:
            problems.append(error)
    if len(problems) == 1 and not isinstance(problems[0], UnreadableDataError):
        raise problems[0]
    reason = str(problems[0]) if problems else "there is no table in it"
    if value is None and any(len(row) > 2 for rows in source.candidates for row in rows[:1]):
        reason += '; where labels are numbers, say which column has the values: value="…"'
    raise UnreadableDataError(f"{source.name} is no table that can be worked out: {reason}")


def _source(table: Any) -> _Source:
    if isinstance(table, str) and len(table.splitlines()) > 1:
        raise UnreadableDataError(
            "a published table is a polars or pandas frame or a path, not a text of several lines; "
            "write it to a file that ends in .csv"
        )
    if isinstance(table, str | Path):
        return _sheets(path_of("a published table", table, UnreadableDataError))
    if isinstance(table, pl.DataFrame | pl.LazyFrame):
        rows = _frame_rows(_collected(table.lazy()))
        return _Source(name="the frame", candidates=[rows], notes=False)
    if type(table).__module__.startswith("pandas"):
        return _Source(name="the frame", candidates=[_pandas_rows(table)], notes=False)
    raise UnreadableDataError(
        f"a published table is a polars or pandas frame or a path, not {type(table).__name__}"
    )


def _sheets(path: Path) -> _Source:
    kinds = [kind for kind in (".csv", ".tsv", ".xlsx", ".html", ".htm") if kind in READERS]
    kind = path.suffix.lower()
    if kind not in kinds:
        raise UnreadableDataError(unknown("kind of table", kind or path.name, kinds))
    contents = READERS[kind](read_regular(path), path.name)
    if not contents.sheets and contents.findings:
        raise UnreadableDataError(contents.findings[0].message)
    tidy_first = sorted(contents.sheets, key=lambda one: f'sheet "{_TIDY}"' not in one.name)
    rows = [sheet.rows for sheet in tidy_first]
    return _Source(name=path.name, candidates=rows, overlaps=_says_so(contents))


def _says_so(contents: Contents) -> bool:
    """Whether the notes that go with an exported table say that people are in several cells."""
    texts = [text for _, text in contents.texts()]
    cells = (cell for sheet in contents.sheets for row in sheet.rows for cell in row)
    return any(_OVERLAP in text for text in (*texts, *cells))


def _collected(frame: pl.LazyFrame) -> pl.DataFrame:
    try:
        return frame.collect()
    except (PolarsError, OSError) as error:
        raise UnreadableDataError(
            f"the frame cannot be read: {str(error).splitlines()[0]}"
        ) from error


def _frame_rows(frame: pl.DataFrame) -> list[list[str]]:
    """A first column is labels, so that nothing in it is a label too."""
    labelled = frame.columns[:1] != ["value"]
    rows = [
        [MISSING if labelled and row[0] is None else _text(row[0]), *map(_text, row[1:])]
        for row in frame.iter_rows()
    ]
    return [frame.columns, *rows]


def _pandas_rows(frame: Any) -> list[list[str]]:
    """A pandas frame with its index as labels, where it has one, and every level of its heads."""
    heads = frame.to_frame("value") if not hasattr(frame, "columns") else frame
    index = [] if type(heads.index).__name__ == "RangeIndex" else list(heads.index.names)
    depth = heads.columns.nlevels
    levels = [
        [_text(name) if at == depth - 1 else "" for name in index]
        + [_text(key) for key in heads.columns.get_level_values(at)]
        for at in range(depth)
    ]
    keys = [key if isinstance(key, tuple) else (key,) for key in heads.index]
    rows = heads.itertuples(index=False, name=None)
    beside = [[_text(label) for label in key] if index else [] for key in keys]
    names = " / ".join(map(str, filter(None, heads.columns.names)))
    across = [*([""] * len(index)), names, *([""] * (heads.shape[1] - 1))]
    return [
        *([across] if names and index else []),
        *levels,
        *([*labels, *map(_text, row)] for labels, row in zip(beside, rows, strict=True)),
    ]


def _text(value: object) -> str:
    missing = value is None or type(value).__name__ in {"NAType", "NaTType"}
    missing = missing or (isinstance(value, float) and np.isnan(value))
    return "" if missing else label_text(value)


def _finite(value: float) -> float | int | None:
    if not np.isfinite(value):
        return None
    return int(value) if value == int(value) else float(f"{value:.12g}")
