"""A published table made elsewhere, read back: its dimensions, its sums, its withheld cells."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from output_checks.errors import UnreadableDataError
from output_checks.protect.intervals import Attainable, Published, work_out
from output_checks.protect.structure import sums
from output_checks.words import TOTAL

WITHHELD = frozenset(
    {"", "c", "[c]", "*", "x", "[x]", ":", "-", "\u2013", "..", "\u2026", "na", "n/a"}
)
_TOTALS = frozenset({"total", "all", "sum", "gesamt", "overall"})
MOST_CELLS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTable:
    """Cells of a published table. dimensions: name to labels, "Total" last where it is there.

    values: in the shape of the dimensions, NaN where withheld. complete: every dimension has its
    total, so that cells add up.
    """

    dimensions: dict[str, tuple[str, ...]]
    values: np.ndarray
    complete: bool

    @property
    def is_counts(self) -> bool:
        """Whether every published value could be a number of people."""
        known = self.values[~np.isnan(self.values)]
        return bool((known >= 0).all() and (known == np.floor(known)).all())

    def place(self, cell: int) -> dict[str, str]:
        """Where a cell is, by its labels."""
        where = np.unravel_index(cell, self.values.shape)
        return {
            name: labels[i]
            for (name, labels), i in zip(self.dimensions.items(), where, strict=True)
        }

    def intervals(self) -> Attainable:
        """What a reader can work out of every cell, in the flat order of the values.

        Raises UnreadableDataError where the published values contradict each other.
        """
        values = self.values.reshape(-1)
        relations = sums(self.values.shape) if self.complete else csr_matrix((0, len(values)))
        published = Published(
            relations=relations,
            excess=np.zeros(relations.shape[0]),
            values=values,
            lower=np.zeros(len(values)),
            upper=np.full(len(values), np.inf),
            whole=self.is_counts,
            flat=self.values.ndim <= 2,
        )
        _refuse_contradiction(published)
        try:
            return work_out(published)
        except ValueError as error:
            raise UnreadableDataError(f"the table cannot be true: {error}") from error


def read_csv_rows(text: str) -> list[list[str]]:
    """Rows of a CSV text; a semicolon or a tab is understood where the header has no comma."""
    first = text.split("\n", 1)[0]
    delimiter = next((one for one in (",", "\t", ";") if one in first), ",")
    try:
        return [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error as error:
        raise UnreadableDataError(f"the file cannot be read as CSV: {error}") from error


def number(text: str) -> float | None:
    """A cell's number, None where it has none; thousands may be set apart by commas."""
    try:
        return float(text.replace(",", "").strip())
    except ValueError:
        return None


def is_withheld(text: str) -> bool:
    """Whether a cell says that its value is withheld."""
    return text.strip().lower() in WITHHELD or text.strip().startswith("<")


def read_published(rows: Sequence[Sequence[str]]) -> PublishedTable | None:
    """Read a tidy table (dimensions and `value`) or a crossed one (labels, then numbers).

    None where the rows are neither: ragged, without numbers, or a combination there twice.
    """
    if len(rows) < 2 or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        return None
    header = [name.strip() for name in rows[0]]
    if len(set(header)) < len(header):
        return None
    if "value" in header:
        return _tidy(header, rows[1:])
    return _tidy(*_melted(header, rows[1:]))


def _melted(header: list[str], rows: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    melted = [
        [row[0], column, cell]
        for row in rows
        for column, cell in zip(header[1:], row[1:], strict=True)
    ]
    return [header[0] or "row", "column", "value"], melted


def _tidy(header: list[str], rows: Sequence[Sequence[str]]) -> PublishedTable | None:
    at = header.index("value")
    names = header[:at] + header[at + 1 :]
    keys = [tuple(_label(cell) for i, cell in enumerate(row) if i != at) for row in rows]
    values = [np.nan if is_withheld(row[at]) else number(row[at]) for row in rows]
    if None in values or len(set(keys)) < len(keys):
        return None
    labels = [_labels([key[i] for key in keys]) for i in range(len(names))]
    shape = tuple(len(one) for one in labels)
    if np.prod(shape) != len(keys) or len(keys) > MOST_CELLS:
        return None
    filled = np.full(shape, np.nan)
    places = [{label: i for i, label in enumerate(one)} for one in labels]
    for key, value in zip(keys, values, strict=True):
        filled[tuple(place[label] for place, label in zip(places, key, strict=True))] = value
    complete = all(one[-1] == TOTAL and len(one) > 1 for one in labels)
    return PublishedTable(
        dimensions=dict(zip(names, labels, strict=True)), values=filled, complete=complete
    )


def _label(text: str) -> str:
    return TOTAL if text.strip().lower() in _TOTALS else text


def _labels(texts: Sequence[str]) -> tuple[str, ...]:
    unique = list(dict.fromkeys(texts))
    return tuple([one for one in unique if one != TOTAL] + [TOTAL] * (TOTAL in unique))


def _refuse_contradiction(published: Published) -> None:
    known = ~np.isnan(published.values)
    whole_rows = np.asarray(abs(published.relations) @ (~known).astype(float)) == 0
    off = np.abs(published.relations @ np.nan_to_num(published.values))[whole_rows]
    scale = np.abs(published.values[known]).max(initial=1.0)
    if (off > 1e-6 * scale).any():
        raise UnreadableDataError(
            "the table does not add up to its totals: its intervals cannot be worked out "
            "(rounded tables and means do not add up)"
        )
