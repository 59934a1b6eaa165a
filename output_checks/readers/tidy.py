"""A published table made elsewhere, read back from its rows."""

import csv
import io
from collections.abc import Sequence

from output_checks.errors import OutputCheckError, UnreadableDataError
from output_checks.readers.published import PublishedTable, published_table
from output_checks.readers.shapes import lengthened


def read_csv_rows(text: str) -> list[list[str]]:
    """Rows of a CSV text; a semicolon or a tab is understood where the header has no comma."""
    first = text.split("\n", 1)[0]
    delimiter = next((one for one in (",", "\t", ";") if one in first), ",")
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
