"""CRIS's notes: what clinicians wrote about a part of the patients, names and numbers in it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.files import write_table
from tre.safe_data.identifiers import CONTACTS_FILE, NOTES_FILE, write_identifiers
from tre.safe_data.population.calendar import LAST_DAY, days_of_month, months, years
from tre.safe_data.population.population import Population
from tre.safe_data.records.spelling import nicknames, typed
from tre.safe_data.registers import note_wording as wording
from tre.safe_data.registers.contacts import Contacts, make_contacts
from tre.safe_data.registers.note_wording import Note
from tre.safe_data.registers.truth import PLANTED_FILE, RegisterTruth

KEY = "cris_pseudonym"
_HAVE_NOTES, _MOST = 0.25, 2
"""Share of patients with notes, and notes a patient at most: assumed, to keep a world small."""
_SPELT = (0.70, 0.12, 0.05, 0.05, 0.08)
"""A first name as it is, the short one, in capitals, in small letters, with a slip: assumed."""
_LAST_SPELT = (0.85, 0.0, 0.08, 0.0, 0.07)
_KIN = (("mum", "father"), ("partner", "partner"), ("daughter", "son"))
_LUCK = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """One value a note. person: row of the population. patient: row of the contacts. written: day.

    relative: row of the population, -1 for nobody alive. which: 0 or 1, the relative's column.
    """

    person: np.ndarray
    patient: np.ndarray
    written: np.ndarray
    relative: np.ndarray
    which: np.ndarray


def write_notes(population: Population, cris: RegisterTruth, parties: Path) -> None:
    """Write the notes and the contacts of SLaM, and for the simulator where identifiers stand.

    cris_notes has cris_pseudonym, written, author and text; at most one note a referral, and as
    many as _MOST a patient. Nothing else in the world depends on it.
    """
    rng = stream(population.seed, "CRIS notes")
    contacts = make_contacts(population, cris, KEY)
    write_identifiers(contacts.table, parties / "slam" / CONTACTS_FILE)
    drawn = _drawn(rng, population, cris, contacts, parties)
    notes = _written(rng, population, contacts, drawn)
    table = pl.DataFrame(
        {
            KEY: cris.records.gather(drawn.patient),
            "written": pl.Series(drawn.written).cast(pl.Int32).cast(pl.Date),
            "author": np.array(wording.AUTHORS)[
                rng.integers(0, len(wording.AUTHORS), len(drawn.patient))
            ],
            "text": pl.Series([note.text for note in notes], dtype=pl.String),
        }
    )
    write_identifiers(table, parties / "slam" / NOTES_FILE)
    write_table(_planted(notes), parties / PLANTED_FILE)


def _planted(notes: list[Note]) -> pl.DataFrame:
    rows = [(number, *place) for number, note in enumerate(notes) for place in note.planted]
    schema = {"note": pl.Int32, "kind": pl.String, "start": pl.Int32, "end": pl.Int32}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _drawn(
    rng: np.random.Generator,
    population: Population,
    cris: RegisterTruth,
    contacts: Contacts,
    parties: Path,
) -> _Drawn:
    """Which referrals have a note, when it was written, and which relative is spoken of."""
    has = pl.DataFrame({KEY: cris.records, "patient": np.arange(len(cris.people))}).filter(
        pl.Series(rng.random(len(cris.people)) < _HAVE_NOTES)
    )
    referred = pl.read_parquet(
        parties / "slam" / "cris_referrals.parquet", columns=[KEY, "referred"]
    )
    noted = referred.join(has, on=KEY).sort(KEY, "referred").group_by(KEY, maintain_order=True)
    first = noted.head(_MOST)
    patient = first["patient"].to_numpy()
    person = cris.people[patient]
    died = population.health.died[person].astype(np.int64)
    day = first["referred"].cast(pl.Int32).to_numpy() + rng.integers(0, 30, len(first))
    written = np.minimum(day, np.minimum(died, LAST_DAY))
    which = rng.integers(0, 2, len(first))
    which = np.where(contacts.relatives[patient, which] < 0, 1 - which, which)
    relative = contacts.relatives[patient, which]
    alive = (population.families.born[relative] < written - 3 * 365) & (
        population.health.died[relative] > written
    )
    return _Drawn(
        person=person,
        patient=patient,
        written=written,
        relative=np.where((relative >= 0) & alive, relative, -1),
        which=which,
    )


def _written(
    rng: np.random.Generator, population: Population, contacts: Contacts, drawn: _Drawn
) -> list[Note]:
    """Every note, of three to five sentences."""
    values = _values(rng, population, contacts, drawn)
    luck = rng.integers(0, _LUCK, (len(drawn.person), 5)).tolist()
    has_relative = (drawn.relative >= 0).tolist()
    notes = []
    for row, (own, chance) in enumerate(zip(values, luck, strict=True)):
        note = Note()
        parts = [wording.OPENINGS, wording.STATES, wording.DETAILS, wording.CLOSINGS]
        if has_relative[row]:
            parts.insert(3, wording.OF_RELATIVES)
        for part, number in zip(parts, chance, strict=False):
            note.say(part[number % len(part)], own)
        note.text = note.text.rstrip()
        notes.append(note)
    return notes


def _values(
    rng: np.random.Generator, population: Population, contacts: Contacts, drawn: _Drawn
) -> list[dict[str, tuple[str, str]]]:
    """For every note, what stands in each place: (class, text)."""
    person, patient, relative = drawn.person, drawn.patient, np.maximum(drawn.relative, 0)
    where = population.addresses.on(person, drawn.written)
    named = np.where(
        contacts.on_record[patient, drawn.which], "relative", "relative not on record"
    ).tolist()
    count = len(person)
    others = rng.integers(0, population.people, (count, 2))
    kin = _kin(population, drawn)
    plain = {
        "first": _spelt(rng, population.first_name[person], _SPELT),
        "last": _spelt(rng, population.last_name[person], _LAST_SPELT),
        "relative": _spelt(rng, population.first_name[relative], _SPELT),
        "relative_last": _spelt(rng, population.last_name[relative], _LAST_SPELT),
        "doctor": population.last_name[others[:, 0]].tolist(),
        "stranger": population.first_name[others[:, 1]].tolist(),
        "born": _days(rng, population.families.born[person]),
        "day": _days(rng, drawn.written - rng.integers(0, 3, count)),
        "later": _days(rng, drawn.written + rng.integers(14, 90, count)),
        "nhs": _formed(rng, population.nhs_number[person], wording.written_number),
        "postcode": _formed(rng, population.directory.postcode[where], wording.written_postcode),
        "phone": _formed(rng, contacts.telephone[patient], wording.written_telephone),
        "relative_phone": _formed(
            rng, contacts.telephones[patient, drawn.which], wording.written_telephone
        ),
        "kin": kin,
        "Kin": [word.capitalize() for word in kin],
    }
    kinds = {place: [_KINDS[place]] * count for place in plain if place in _KINDS}
    kinds |= {"relative": named, "relative_last": named}
    columns = [list(zip(kinds[place], said, strict=True)) for place, said in plain.items()]
    return [dict(zip(plain, row, strict=True)) for row in zip(*columns, strict=True)]


_KINDS = {
    "first": "name", "last": "name", "doctor": "professional", "stranger": "stranger",
    "born": "date", "day": "date", "later": "date", "nhs": "nhs number", "postcode": "postcode",
    "phone": "phone", "relative_phone": "phone", "kin": "", "Kin": "",
}  # fmt: skip
"""The class of what stands in a place of a sentence; that of relatives depends on the record."""


def _spelt(rng: np.random.Generator, names: np.ndarray, shares: tuple[float, ...]) -> list[str]:
    ways = (
        lambda name, _: name,
        nicknames,
        lambda name, _: name.upper(),
        lambda name, _: name.lower(),
        typed,
    )
    chosen = choose(rng, shares, len(names)).tolist()
    luck = rng.integers(0, _LUCK, len(names)).tolist()
    return [ways[way](name, chance) for name, way, chance in zip(names, chosen, luck, strict=True)]


def _formed(
    rng: np.random.Generator, values: np.ndarray, form: Callable[[str, int], str]
) -> list[str]:
    luck = rng.integers(0, _LUCK, len(values)).tolist()
    return [form(str(value), chance) for value, chance in zip(values, luck, strict=True)]


def _days(rng: np.random.Generator, days: np.ndarray) -> list[str]:
    whole = days.astype(np.int64)
    luck = rng.integers(0, _LUCK, len(days)).tolist()
    parts = (years(whole).tolist(), months(whole).tolist(), days_of_month(whole).tolist(), luck)
    return [wording.written_day(*each) for each in zip(*parts, strict=True)]


def _kin(population: Population, drawn: _Drawn) -> list[str]:
    """What the relative is to the patient, in a word."""
    families = population.families
    is_parent = families.mother[drawn.person] == drawn.relative
    is_parent |= families.father[drawn.person] == drawn.relative
    is_child = families.mother[drawn.relative] == drawn.person
    is_child |= families.father[drawn.relative] == drawn.person
    kind = np.where(is_parent, 0, np.where(is_child, 2, 1))
    male = ~families.is_female[drawn.relative]
    return np.array(_KIN)[kind, male.astype(int)].tolist()
