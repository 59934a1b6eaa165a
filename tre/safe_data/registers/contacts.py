"""Whom SLaM can reach for a patient: the patient's own telephone, and relatives on record."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tre.safe_data.chance import stream
from tre.safe_data.population.families import ADULT, CHILD, FATHER, MOTHER, Families
from tre.safe_data.population.population import Population
from tre.safe_data.registers.truth import RegisterTruth

_HAS_TELEPHONE, _ON_RECORD, _GAVE_TELEPHONE = 0.85, 0.75, 0.6
"""Shares of patients with a telephone on record, of relatives who are on record, and of those with
a telephone there: assumed."""
_DRAMA = "07700900"
"""Ofcom keeps 07700 900000 to 900999 for drama: nobody has such a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """One row a patient, in the order of the register's truth.

    telephone: of the patient. relatives: rows of the population, two a patient, -1 for none (of a
    child: mother, father; of a parent: the other one, the eldest child; else: the partner).
    on_record: whether CRIS has their names. telephones: theirs. table: what CRIS holds.
    """

    telephone: np.ndarray
    relatives: np.ndarray
    on_record: np.ndarray
    telephones: np.ndarray
    table: pl.DataFrame


def make_contacts(population: Population, cris: RegisterTruth, key: str) -> Contacts:
    """Draw what is on record. key: the column that names a patient.

    The table has key, first_name, last_name and telephone, one row a contact: names are null where
    it is the patient's own telephone, the telephone is null where a relative gave none.
    """
    rng = stream(population.seed, "CRIS contacts")
    relatives = relatives_of(population.families, cris.people)
    patients = len(cris.people)
    telephone, telephones = _numbers(rng, (patients,)), _numbers(rng, relatives.shape)
    own = np.flatnonzero(rng.random(patients) < _HAS_TELEPHONE)
    on_record = (rng.random(relatives.shape) < _ON_RECORD) & (relatives >= 0)
    given = telephones.copy()
    given[rng.random(relatives.shape) >= _GAVE_TELEPHONE] = None
    row, column = np.nonzero(on_record)
    people = relatives[row, column]
    nobody = pl.Series([None] * len(own), dtype=pl.String)
    table = pl.DataFrame(
        {
            key: cris.records.gather(np.r_[own, row]),
            "first_name": pl.concat([nobody, _text(population.first_name[people])]),
            "last_name": pl.concat([nobody, _text(population.last_name[people])]),
            "telephone": _text(np.r_[telephone[own], given[row, column]]),
        }
    )
    return Contacts(
        telephone=telephone,
        relatives=relatives,
        on_record=on_record,
        telephones=telephones,
        table=table.sort(pl.all()),
    )


def relatives_of(families: Families, people: np.ndarray) -> np.ndarray:
    """Two rows of the population for each of these people, -1 where there is nobody."""
    _, start, size = np.unique(families.family, return_index=True, return_counts=True)
    family = families.family[people]
    first, count, role = start[family], size[family], families.role
    has_father = (count > 1) & (role[np.minimum(first + 1, len(role) - 1)] == FATHER)
    eldest = first + 1 + has_father
    other = np.where(people == first, first + 1, first)
    own = role[people]
    one = np.select(
        [own == CHILD, own == FATHER, (own == MOTHER) & has_father, (own == ADULT) & (count == 2)],
        [families.mother[people], first, first + 1, other],
        default=-1,
    )
    two = np.select(
        [own == CHILD, np.isin(own, (MOTHER, FATHER)) & (eldest < first + count)],
        [families.father[people], eldest],
        default=-1,
    )
    return np.stack([one, two], axis=1)


def _numbers(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    numbers = np.array([f"{_DRAMA}{last:03}" for last in range(1_000)], dtype=object)
    return numbers[rng.integers(0, len(numbers), shape)]


def _text(values: np.ndarray) -> pl.Series:
    return pl.Series(values.tolist(), dtype=pl.String)
