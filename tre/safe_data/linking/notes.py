"""Notes as they leave the CDLS: masked where they are kept, by what CRIS has of patient and kin.

Whoever makes an extract gets pseudonym, day, author and masked text from here, and never the note.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tre.safe_data.deidentify.known import NOBODY, Known
from tre.safe_data.deidentify.scrubbing import scrub, spans_in
from tre.safe_data.files import read_table
from tre.safe_data.identifiers import (
    CONTACTS_FILE,
    CRIS_FILE,
    NOTES_FILE,
    read_contacts,
    read_identifiers,
)
from tre.safe_data.registers.truth import PLANTED_FILE

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
    notes = _notes(slam).join(patients, on=KEY, how="semi", maintain_order="left")
    known = known_of(slam, notes.select(KEY).unique())
    masked = [
        scrub(text, known[one]).text if one in known else None
        for one, text in notes[KEY, "text"].rows()
    ]
    return notes.with_columns(pl.Series("text", masked, dtype=pl.String))


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


def _notes(slam: Path) -> pl.DataFrame:
    return read_table(slam / NOTES_FILE, (KEY, "written", "author", "text"), may_be_empty=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """Of one class of identifiers: how many stand in the notes, and how many are masked whole."""

    planted: int
    masked: int

    @property
    def recall(self) -> float:
        """The share that is masked, 0 to 1."""
        return self.masked / self.planted


def measured_recall(parties: Path, most: int = 20_000) -> dict[str, Masked]:
    """What masking finds in the notes of this world, by class: only a simulator can know.

    most: notes that are looked at, from the first on.
    """
    notes = _notes(parties / "slam").head(most)
    truth = read_table(parties / PLANTED_FILE, ("note", "kind", "start", "end"), may_be_empty=True)
    places: dict[int, list[tuple[str, int, int]]] = {}
    for note, *place in truth.filter(pl.col("note") < len(notes)).rows():
        places.setdefault(note, []).append((place[0], place[1], place[2]))
    known = known_of(parties / "slam", notes.select(KEY).unique())
    planted, masked = Counter(), Counter()
    for number, (patient, text) in enumerate(notes[KEY, "text"].rows()):
        spans = spans_in(text, known.get(patient, NOBODY))
        for kind, start, end in places.get(number, ()):
            planted[kind] += 1
            masked[kind] += any(span.start <= start and end <= span.end for span in spans)
    return {
        kind: Masked(planted=count, masked=masked[kind]) for kind, count in sorted(planted.items())
    }
