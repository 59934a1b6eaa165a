"""A published table made elsewhere, read back from its rows."""

import csv
import io
import re
from collections.abc import Sequence

from output_checks.csv_labels import unmarked
from output_checks.errors import OutputCheckError, UnreadableDataError
from output_checks.readers.published import PublishedTable, published_table
from output_checks.readers.shapes import lengthened

_HEADER = re.compile(r'(?:"[^"]*"|[^"\n])*')
_QUOTED = re.compile(r'"[^"]*"')


def read_csv_rows(text: str) -> list[list[str]]:
    """Rows of a CSV text, without the apostrophes that only keep a spreadsheet from running it."""
    return [[unmarked(cell) for cell in row] for row in written_rows(text)]


def written_rows(text: str) -> list[list[str]]:
    """Rows as they are written; a semicolon or a tab parts them where the header has no comma.

    Raises UnreadableDataError for what is no CSV.
    """
    header = _HEADER.match(text)
    parted = _QUOTED.sub("", header.group() if header else "")
    delimiter = next((one for one in (",", "\t", ";") if one in parted), ",")
    try:
        return [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error as error:
        raise UnreadableDataError(f"the file cannot be read as CSV: {error}") from error


def read_published(rows: Sequence[Sequence[str]]) -> PublishedTable | None:
    """Read a tidy table (dimensions and `value`) or a crossed one (labels, then numbers).

    None where the rows are neither: ragged, without numbers, or a combination there twice.
    """
    try:
        return published_table(lengthened(rows))
    except OutputCheckError:
        return None
