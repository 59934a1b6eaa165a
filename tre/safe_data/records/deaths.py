"""Deaths as certified: asked by every register that knows of a death, and the same in all."""

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.population import Population
from tre.safe_data.records.days import dates
from tre.safe_data.records.items import Items
from tre.safe_data.records.register import ROW
from tre.safe_data.variable import Variable

PLACES_OF_DEATH = ("Hospital", "Home", "Care home", "Hospice", "Elsewhere")
_SHARES = (0.47, 0.24, 0.21, 0.06, 0.02)
"""ONS, Deaths registered in England and Wales 2016, rounded."""
DEATHS = "mortality"
"""The stream of random numbers whose first ones are for the places of death."""


def places_of_death(rng: np.random.Generator, deaths: int) -> np.ndarray:
    """The place of each death, all deaths of the population in the order of its people."""
    return np.array(PLACES_OF_DEATH)[choose(rng, _SHARES, deaths)]


def certified(population: Population, people: np.ndarray) -> pl.DataFrame:
    """The deaths of those of `people` who died, as the ONS register of deaths has them.

    Returns row (position in `people`), date_of_death, underlying_cause, place_of_death.
    """
    died = population.health.died
    everybody = np.flatnonzero(died < NEVER)
    where = places_of_death(stream(population.seed, DEATHS), len(everybody))
    rows = np.flatnonzero(died[people] < NEVER)
    dead = people[rows]
    return pl.DataFrame(
        {
            ROW: rows,
            "date_of_death": dates(died[dead]),
            "underlying_cause": population.health.cause[dead],
            "place_of_death": where[np.searchsorted(everybody, dead)],
        }
    )


def variables(register: str) -> tuple[Variable, ...]:
    """The variables of `certified`, as a description of this register lists them."""
    item = Items(dictionary=register)
    return (
        item.day("date_of_death", "Date of death", "date of death (DOD)"),
        item.diagnosis(
            "underlying_cause",
            "Underlying cause of death, ICD-10",
            "underlying cause (ICD10U); WHO, ICD-10",
        ),
        item.text(
            "place_of_death",
            "Where the person died",
            "place of death, grouped",
            PLACES_OF_DEATH,
        ),
    )
