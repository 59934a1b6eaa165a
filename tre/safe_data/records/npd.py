"""The National Pupil Database: who was at a state school, and what the DfE holds about them."""

import numpy as np
import polars as pl

from tre.safe_data.chance import stream
from tre.safe_data.population.calendar import LAST_SCHOOL_YEAR, birth_cohort, day, years
from tre.safe_data.population.names import GROUPS
from tre.safe_data.population.numbers import upns
from tre.safe_data.population.places import PLACES
from tre.safe_data.population.population import Population
from tre.safe_data.records.absences import make_absence_reasons
from tre.safe_data.records.exclusions import make_exclusions
from tre.safe_data.records.register import ROW, Register
from tre.safe_data.records.school_years import make_results, make_school_years

_SCHOOLS_A_BOROUGH, _SCHOOL_OUTSIDE, _ETHNICITY_UNKNOWN = 90, 0.08, 0.012
_PLACE_NAMES = np.array([place.name for place in PLACES])


def simulate(population: Population) -> Register:
    """The NPD: pupils of state schools with their school years and results."""
    rng = stream(population.seed, "NPD")
    people = np.flatnonzero(population.lives.is_pupil & _reached_school(population))
    seen = _last_census(population, people)
    school_years = make_school_years(population, people)
    exclusions, suspended = make_exclusions(population, people, school_years)
    return Register(
        people=people,
        seen=seen,
        tables={
            "pupils": _pupils(rng, population, people, seen),
            "school_years": school_years.table(),
            "results": make_results(population, people, school_years),
            "absence_reasons": make_absence_reasons(population, people, school_years, suspended),
            "exclusions": exclusions,
        },
        numbers={"upn": _numbers(rng, population, people)},
    )


def _reached_school(population: Population) -> np.ndarray:
    """Who lived on to the September in which Reception begins."""
    begins = ((birth_cohort(population.families.born) - 1970) * 365.25 + 243).astype(np.int64)
    return population.health.died > begins


def _last_census(population: Population, people: np.ndarray) -> np.ndarray:
    """The day of the January census of the last school year."""
    last = np.minimum(birth_cohort(population.families.born[people]) + 11, LAST_SCHOOL_YEAR)
    census = day(1970, 1, 15) + ((last + 1 - 1970) * 365.25).astype(np.int64)
    return np.minimum(census, population.health.died[people])


def _numbers(rng: np.random.Generator, population: Population, people: np.ndarray) -> pl.Series:
    """Unique Pupil Numbers; brothers and sisters enter the same school."""
    families = population.families
    cohort = birth_cohort(families.born[people])
    authority = np.array([place.education_code for place in PLACES])[families.place[people]]
    school = 2000 + rng.integers(0, _SCHOOLS_A_BOROUGH, int(families.family.max()) + 1)
    return upns(authority, school[families.family[people]], cohort)


def _pupils(
    rng: np.random.Generator, population: Population, people: np.ndarray, seen: np.ndarray
) -> pl.DataFrame:
    families, directory = population.families, population.directory
    where = population.addresses.on(people, seen)
    home = directory.place[where]
    outside = rng.random(len(people)) < _SCHOOL_OUTSIDE
    school = np.where(outside, rng.integers(0, len(PLACES), len(people)), home)
    unknown = rng.random(len(people)) < _ETHNICITY_UNKNOWN
    group = np.where(unknown, "Not known", np.array(GROUPS)[families.group[people]])
    return pl.DataFrame(
        {
            ROW: np.arange(len(people)),
            "sex": np.where(families.is_female[people], "Female", "Male"),
            "birth_year": years(families.born[people]).astype(np.int16),
            "ethnic_group": group,
            "borough": _PLACE_NAMES[home],
            "school_borough": _PLACE_NAMES[school],
            "imd_decile": directory.imd_decile[where],
        }
    )
