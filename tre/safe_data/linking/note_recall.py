"""What masking finds of the identifiers in CRIS's notes, what it misses, and what it masks besides.

Only a simulator can know: it wrote down where each identifier stands.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tre.safe_data.deidentify.known import NOBODY
from tre.safe_data.deidentify.scrubbing import spans_in
from tre.safe_data.deidentify.span import Span
from tre.safe_data.files import read_table
from tre.safe_data.linking.notes import KEY, known_of, notes_as_written
from tre.safe_data.registers.truth import PLANTED_FILE

MOST_NOTES = 20_000

Place = tuple[str, int, int]
"""What stands in a note: its class, the first character, and the one after its last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """Of one class of identifiers: how many stand in the notes, and how many are masked whole."""

    planted: int
    masked: int

    @property
    def recall(self) -> float:
        """The share that is masked, 0 to 1."""
        return self.masked / self.planted


@dataclass(frozen=True, slots=True, kw_only=True)
class Masks:
    """Of one kind of mask: how many were set, and how many of them hide something planted."""

    masks: int
    right: int

    @property
    def precision(self) -> float:
        """The share that hides an identifier, 0 to 1."""
        return self.right / self.masks


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMasking:
    """How well the notes of a world are masked. notes: how many there are, and were looked at.

    found: by class of what was planted. set_by_kind: by kind of mask; a relative's mask that hides
    the patient's own name is right, since what it says of it is not what protects them.
    """

    notes: int
    looked_at: int
    found: Mapping[str, Masked]
    set_by_kind: Mapping[str, Masks]

    @property
    def recall(self) -> float | None:
        """The share of all that was planted, None where nothing was."""
        planted = sum(each.planted for each in self.found.values())
        return sum(each.masked for each in self.found.values()) / planted if planted else None

    @property
    def precision(self) -> float | None:
        """The share of all masks, None where none was set."""
        masks = sum(each.masks for each in self.set_by_kind.values())
        return sum(each.right for each in self.set_by_kind.values()) / masks if masks else None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "notes": self.notes,
            "looked_at": self.looked_at,
            "recall": self.recall,
            "precision": self.precision,
            "planted": [
                {"kind": kind, "planted": one.planted, "masked": one.masked, "recall": one.recall}
                for kind, one in self.found.items()
            ],
            "masks": [
                {"kind": kind, "masks": one.masks, "right": one.right, "precision": one.precision}
                for kind, one in self.set_by_kind.items()
            ],
        }


def measured_masking(parties: Path, most: int = MOST_NOTES) -> NoteMasking:
    """Compare what masking finds in the notes of this world with what was planted in them.

    most: notes that are looked at, from the first on; a thousand take about a second.
    Raises UnusableRequestError where the world has no notes.
    """
    written = notes_as_written(parties / "slam")
    notes = written.head(most)
    places = _planted(parties, len(notes))
    known = known_of(parties / "slam", notes.select(KEY).unique())
    tally = _Tally()
    for number, (patient, text) in enumerate(notes[KEY, "text"].rows()):
        tally.add(spans_in(text, known.get(patient, NOBODY)), places.get(number, ()))
    return NoteMasking(
        notes=len(written),
        looked_at=len(notes),
        found=tally.found(),
        set_by_kind=tally.set_by_kind(),
    )


def _planted(parties: Path, notes: int) -> dict[int, list[Place]]:
    """Where identifiers stand, by the note's row."""
    truth = read_table(parties / PLANTED_FILE, ("note", "kind", "start", "end"), may_be_empty=True)
    places: dict[int, list[Place]] = {}
    for note, kind, start, end in truth.filter(pl.col("note") < notes).rows():
        places.setdefault(note, []).append((kind, start, end))
    return places


class _Tally:
    """Counts, note by note."""

    def __init__(self) -> None:
        self._planted, self._masked = Counter(), Counter()
        self._masks, self._right = Counter(), Counter()

    def add(self, spans: Iterable[Span], places: Iterable[Place]) -> None:
        """Count one note: an identifier is found where one mask hides all of it."""
        masks, planted = list(spans), list(places)
        for kind, start, end in planted:
            self._planted[kind] += 1
            self._masked[kind] += any(one.start <= start and end <= one.end for one in masks)
        for one in masks:
            self._masks[str(one.kind)] += 1
            self._right[str(one.kind)] += any(
                one.start < end and start < one.end for _, start, end in planted
            )

    def found(self) -> dict[str, Masked]:
        """By class of what was planted."""
        return {
            kind: Masked(planted=count, masked=self._masked[kind])
            for kind, count in sorted(self._planted.items())
        }

    def set_by_kind(self) -> dict[str, Masks]:
        """By kind of mask."""
        return {
            kind: Masks(masks=count, right=self._right[kind])
            for kind, count in sorted(self._masks.items())
        }
