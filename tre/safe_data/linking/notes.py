"""Notes as they leave the CDLS: masked where they are kept, by what CRIS has of patient and kin.

Whoever makes an extract gets pseudonym, day, author and masked text from here, and never the note.
"""

from pathlib import Path

import polars as pl

from tre.safe_data.deidentify.known import Known
from tre.safe_data.deidentify.scrubbing import scrub
from tre.safe_data.files import read_table
from tre.safe_data.identifiers import (
    CONTACTS_FILE,
    CRIS_FILE,
    NOTES_FILE,
    read_contacts,
    read_identifiers,
)

KEY = "cris_pseudonym"
_KNOWN = ("first_name", "last_name", "date_of_birth", "nhs_number")


def notes_without_text(slam: Path, patients: pl.DataFrame) -> pl.DataFrame:
    """cris_pseudonym, written and author of every note about these patients.

    Raises UnusableRequestError for a missing file or column.
    """
    notes = read_table(slam / NOTES_FILE, (KEY, "written", "author"), may_be_empty=True)
    return notes.join(patients, on=KEY, how="semi", maintain_order="left")


def scrubbed_notes(slam: Path, patients: pl.DataFrame) -> pl.DataFrame:
    """cris_pseudonym, written, author, and text with identifiers masked, of these patients.

    Of a patient whose identifiers CRIS has not, no text is given. Postcodes, dates and e-mail
    addresses are known by their form. Takes about a second for a thousand notes. Raises
    UnusableRequestError for a missing file or column.
    """
    notes = notes_as_written(slam).join(patients, on=KEY, how="semi", maintain_order="left")
    known = known_of(slam, notes.select(KEY).unique())
    masked = [
        scrub(text, known[one]).text if one in known else None
        for one, text in notes[KEY, "text"].rows()
    ]
    return notes.with_columns(pl.Series("text", masked, dtype=pl.String))


def notes_as_written(slam: Path) -> pl.DataFrame:
    """cris_pseudonym, written, author and text of every note, names and all: for this room alone.

    Raises UnusableRequestError for a missing file or column.
    """
    return read_table(slam / NOTES_FILE, (KEY, "written", "author", "text"), may_be_empty=True)


def known_of(slam: Path, patients: pl.DataFrame) -> dict[str, Known]:
    """What CRIS has of each of these patients and of the relatives on record, by pseudonym."""
    own = read_identifiers(slam / CRIS_FILE, KEY, _KNOWN).join(patients, on=KEY, how="semi")
    contacts = (
        read_contacts(slam / CONTACTS_FILE, KEY)
        .join(patients, on=KEY, how="semi")
        .group_by(KEY)
        .agg(
            pl.concat_str("first_name", "last_name", separator=" ", ignore_nulls=True).alias(
                "relatives"
            ),
            pl.col("telephone").drop_nulls(),
        )
    )
    both = own.join(contacts, on=KEY, how="left")
    return {row[KEY]: _known(row) for row in both.iter_rows(named=True)}


def _known(row: dict) -> Known:
    present = {name: str(value) for name, value in row.items() if value is not None}
    return Known(
        names=tuple(present[name] for name in ("first_name", "last_name") if name in present),
        relatives=tuple(row["relatives"] or ()),
        nhs_numbers=tuple(present[name] for name in ("nhs_number",) if name in present),
        phones=tuple(row["telephone"] or ()),
    )
