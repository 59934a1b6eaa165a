"""What the CDLS gives of the notes in CRIS: masked there, or without their text."""

from pathlib import Path

import polars as pl

from tre.safe_data.deidentify.treatment import Method
from tre.safe_data.linking.notes import notes_without_text, scrubbed_notes
from tre.safe_data.variable import TableDescription

TABLE = "notes"
_TEXT = "text"
MASKED = "identifiers masked by the CDLS before anything left it"
"""What the record of a transfer says of text."""


def notes_frame(slam: Path, allowed: pl.DataFrame, table: TableDescription) -> pl.DataFrame:
    """The notes about these patients, under the CRIS pseudonym.

    A text whose description does not name SCRUBBED is not even read: the column is empty.
    """
    if gives_text(table):
        return scrubbed_notes(slam, allowed)
    empty = pl.lit(None, dtype=pl.String).alias(_TEXT)
    return notes_without_text(slam, allowed).with_columns(empty)


def gives_text(table: TableDescription) -> bool:
    """Whether the table is the notes, and its text is asked for and described as SCRUBBED."""
    treated = [one.method for v in table.variables if v.name == _TEXT for one in v.treated()]
    return table.name == TABLE and treated == [Method.SCRUBBED]
