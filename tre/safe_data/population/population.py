"""The population put together, and written where only the simulator may read it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tre.safe_data.chance import stream
from tre.safe_data.files import write_table
from tre.safe_data.population.addresses import (
    Addresses,
    Directory,
    as_table,
    make_addresses,
    make_directory,
)
from tre.safe_data.population.calendar import LAST_DAY, require_people
from tre.safe_data.population.families import CHILD, FATHER, MOTHER, Families, make_families
from tre.safe_data.population.health import Health, make_health
from tre.safe_data.population.lives import NEVER, Lives, make_lives
from tre.safe_data.population.names import first_names, last_names
from tre.safe_data.population.numbers import nhs_numbers
from tre.safe_data.population.places import PLACES

_TAKES_THE_NAME, _FATHERS_NAME, _BOTH_NAMES = 0.6, 0.8, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The truth about everybody; all arrays have one value a person, in the same order."""

    seed: int
    families: Families
    directory: Directory
    addresses: Addresses
    lives: Lives
    health: Health
    first_name: np.ndarray
    last_name: np.ndarray
    nhs_number: np.ndarray

    @property
    def people(self) -> int:
        """How many."""
        return len(self.first_name)


def make_population(seed: int, people: int) -> Population:
    """Simulate this many people. The same seed gives the same people.

    Raises UnusableRequestError for fewer than 1,000 or more than 3,000,000 people.
    """
    require_people(people)
    families = make_families(seed, people)
    directory = make_directory(seed)
    addresses = make_addresses(seed, families, directory)
    lives = make_lives(seed, families, addresses, directory)
    return Population(
        seed=seed,
        families=families,
        directory=directory,
        addresses=addresses,
        lives=lives,
        health=make_health(seed, families, lives),
        first_name=_first_names(seed, families),
        last_name=_last_names(seed, families),
        nhs_number=nhs_numbers(stream(seed, "NHS numbers"), people),
    )


def _first_names(seed: int, families: Families) -> np.ndarray:
    """Brothers and sisters seldom share a first name: who does is named again, three times."""
    rng = stream(seed, "first names")
    names = first_names(rng, families.group, families.is_female)
    for _ in range(3):
        frame = pl.DataFrame({"family": families.family, "name": pl.Series(names.tolist())})
        again = frame.select(~pl.struct("family", "name").is_first_distinct()).to_series()
        rows = np.flatnonzero(again.to_numpy())
        names[rows] = first_names(rng, families.group[rows], families.is_female[rows])
    return names


def _last_names(seed: int, families: Families) -> np.ndarray:
    """Wives often take the husband's name; children have their father's, mother's or both."""
    rng = stream(seed, "last names")
    names = last_names(rng, families.group)
    luck = rng.random(int(families.family.max()) + 1)[families.family]
    taken = rng.random(len(luck)) < _TAKES_THE_NAME
    husbands = np.flatnonzero(families.role == FATHER)
    wives = husbands - 1
    marries = taken[wives] & (families.role[wives] == MOTHER)
    names[wives[marries]] = names[husbands[marries]]
    for child in np.flatnonzero(families.role == CHILD).tolist():
        names[child] = _childs_name(names, families, child, luck[child])
    return names


def _childs_name(names: np.ndarray, families: Families, child: int, luck: float) -> str:
    mother, father = families.mother[child], families.father[child]
    if father < 0 or luck > _FATHERS_NAME + _BOTH_NAMES:
        return names[mother]
    if luck > _FATHERS_NAME and names[mother] != names[father]:
        return f"{names[mother]}-{names[father]}"
    return names[father]


def _boroughs(population: Population) -> np.ndarray:
    """Where everybody lives on the last day, or lived when they died."""
    everybody = np.arange(population.people)
    when = np.minimum(population.health.died, LAST_DAY)
    place = population.directory.place[population.addresses.on(everybody, when)]
    return np.array([one.name for one in PLACES])[place]


def write_population(population: Population, folder: Path) -> None:
    """Write people.parquet and postcodes.parquet: the truth, for the simulator alone."""
    families, lives = population.families, population.lives
    frame = pl.DataFrame(
        {
            "person": np.arange(population.people, dtype=np.int32),
            "family": families.family,
            "mother": families.mother.astype(np.int32),
            "father": families.father.astype(np.int32),
            "birth": families.birth,
            "first_name": pl.Series(population.first_name.tolist(), dtype=pl.String),
            "last_name": pl.Series(population.last_name.tolist(), dtype=pl.String),
            "date_of_birth": pl.Series(families.born).cast(pl.Date),
            "is_female": families.is_female,
            "ethnic_group": families.group,
            "nhs_number": population.nhs_number,
            "imd_decile": lives.imd_decile,
            "is_poor": lives.is_poor,
            "has_needs": lives.has_needs,
            "referral_day": pl.Series(lives.referred).replace(NEVER, None),
            "disorder": lives.disorder,
            "is_pupil": lives.is_pupil,
            "borough": _boroughs(population),
            "day_of_death": pl.Series(population.health.died).replace(NEVER, None),
        }
    )
    write_table(frame, folder / "people.parquet")
    write_table(as_table(population.directory), folder / "postcodes.parquet")
