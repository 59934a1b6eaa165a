"""What masking finds of the identifiers in CRIS's notes, and what it misses."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tre.safe_data.deidentify.known import NOBODY
from tre.safe_data.deidentify.scrubbing import spans_in
from tre.safe_data.files import read_table
from tre.safe_data.linking.notes import KEY, known_of, notes_as_written
from tre.safe_data.registers.truth import PLANTED_FILE


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
    notes = notes_as_written(parties / "slam").head(most)
    truth = read_table(parties / PLANTED_FILE, ("note", "kind", "start", "end"), may_be_empty=True)
    places: dict[int, list[tuple[str, int, int]]] = {}
    for note, kind, start, end in truth.filter(pl.col("note") < len(notes)).rows():
        places.setdefault(note, []).append((kind, start, end))
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
