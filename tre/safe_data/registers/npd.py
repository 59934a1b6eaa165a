"""The National Pupil Database: who was at a state school, and how they were written down."""

from pathlib import Path

import numpy as np
import polars as pl

from tre.safe_data.chance import stream
from tre.safe_data.files import write_table
from tre.safe_data.identifiers import NPD_FILE, write_identifiers
from tre.safe_data.population.calendar import LAST_SCHOOL_YEAR, birth_cohort, day, years
from tre.safe_data.population.names import GROUPS
from tre.safe_data.population.numbers import upns
from tre.safe_data.population.places import PLACES
from tre.safe_data.population.population import Population
from tre.safe_data.registers.errors import NPD_ERRORS, Recorded, misrecord
from tre.safe_data.registers.school_years import make_results, make_school_years
from tre.safe_data.registers.truth import RegisterTruth, keys
from tre.safe_data.registers.twins import twin_names

KEY = "pupil"
_SCHOOLS_A_BOROUGH, _SCHOOL_OUTSIDE, _ETHNICITY_UNKNOWN, _OBJECTS = 90, 0.08, 0.012, 0.003
_PLACE_NAMES = np.array([place.name for place in PLACES])


def write_npd(population: Population, folder: Path) -> RegisterTruth:
    """Write the NPD as the DfE holds it: identifiers apart from pupils, school years, results."""
    rng = stream(population.seed, "NPD")
    people = np.flatnonzero(population.lives.is_pupil)
    pupils = keys(rng, "P", len(people))
    where = _last_address(population, people)
    identifiers = _identifiers(rng, population, people, pupils, where)
    write_identifiers(identifiers, folder / NPD_FILE)
    described = _pupils(rng, population, people, pupils, where)
    write_table(described, folder / "npd_pupils.parquet")
    school_years = make_school_years(population, people)
    write_table(school_years.table(pupils), folder / "npd_school_years.parquet")
    results = make_results(population, people, pupils, school_years)
    write_table(results, folder / "npd_results.parquet")
    return RegisterTruth(people=people, records=pupils)


def write_objections(
    population: Population, npd: RegisterTruth, cris: RegisterTruth, parties: Path
) -> None:
    """Write the objections that the DfE itself was given by pupils or their parents.

    A patient who objects to the linkage, to all, or to being in CRIS, sends the form to every
    holder concerned: the DfE hears it from the person, not from SLaM, and as one among others who
    object for reasons of their own, so that being on the list says nothing about having been a
    patient. Without this the DfE could not know whom to leave out of the controls.
    """
    rng = stream(population.seed, "objections")
    opt_outs = pl.read_parquet(parties / "slam" / "cris_opt_outs.parquet")
    patients = pl.DataFrame({"person": cris.people, "cris_pseudonym": cris.records})
    theirs = (
        opt_outs.filter(pl.col("scope").is_in(["cris", "all", "npd"]))
        .join(patients, on="cris_pseudonym")
        .join(pl.DataFrame({"person": npd.people, KEY: npd.records}), on="person")
        .select(KEY, "since")
    )
    rows = np.flatnonzero(rng.random(len(npd.people)) < _OBJECTS)
    since = day(2018) + rng.integers(0, 7 * 365, len(rows))
    others = pl.DataFrame(
        {KEY: npd.records.gather(rows), "since": pl.Series(since).cast(pl.Int32).cast(pl.Date)}
    )
    both = pl.concat([theirs, others]).group_by(KEY).agg(pl.col("since").min()).sort(KEY)
    write_table(both, parties / "dfe" / "npd_objections.parquet")


def _last_address(population: Population, people: np.ndarray) -> np.ndarray:
    """The directory row at the January census of the last school year."""
    last = np.minimum(birth_cohort(population.families.born[people]) + 11, LAST_SCHOOL_YEAR)
    census = day(1970, 1, 15) + ((last + 1 - 1970) * 365.25).astype(np.int64)
    return population.addresses.on(people, census)


def _identifiers(
    rng: np.random.Generator,
    population: Population,
    people: np.ndarray,
    pupils: pl.Series,
    where: np.ndarray,
) -> pl.DataFrame:
    families = population.families
    cohort = birth_cohort(families.born[people])
    old = rng.random(len(people)) < NPD_ERRORS.old_address
    earlier = population.addresses.on(people, np.full(len(people), day(2007)))
    true = Recorded(
        first_name=twin_names(rng, population, people, NPD_ERRORS.twin),
        last_name=population.last_name[people],
        born=families.born[people],
        postcode=population.directory.postcode[np.where(old, earlier, where)],
    )
    others = population.last_name[rng.integers(0, population.people, len(people))]
    noted = misrecord(rng, NPD_ERRORS, true, others, np.ones(len(people)))
    authority = np.array([place.education_code for place in PLACES])[families.place[people]]
    school = 2000 + rng.integers(0, _SCHOOLS_A_BOROUGH, int(families.family.max()) + 1)
    return pl.DataFrame(
        {
            KEY: pupils,
            "upn": upns(authority, school[families.family[people]], cohort),
            "first_name": pl.Series(noted.first_name.tolist(), dtype=pl.String),
            "last_name": pl.Series(noted.last_name.tolist(), dtype=pl.String),
            "date_of_birth": pl.Series(noted.born).cast(pl.Date),
            "postcode": pl.Series(noted.postcode.tolist(), dtype=pl.String),
        }
    ).sort(KEY)


def _pupils(
    rng: np.random.Generator,
    population: Population,
    people: np.ndarray,
    pupils: pl.Series,
    where: np.ndarray,
) -> pl.DataFrame:
    families, directory = population.families, population.directory
    home = directory.place[where]
    outside = rng.random(len(people)) < _SCHOOL_OUTSIDE
    school = np.where(outside, rng.integers(0, len(PLACES), len(people)), home)
    unknown = rng.random(len(people)) < _ETHNICITY_UNKNOWN
    group = np.where(unknown, "Not known", np.array(GROUPS)[families.group[people]])
    return pl.DataFrame(
        {
            KEY: pupils,
            "sex": np.where(families.is_female[people], "Female", "Male"),
            "birth_year": years(families.born[people]).astype(np.int16),
            "ethnic_group": group,
            "borough": _PLACE_NAMES[home],
            "school_borough": _PLACE_NAMES[school],
            "imd_decile": directory.imd_decile[where],
        }
    ).sort(KEY)
