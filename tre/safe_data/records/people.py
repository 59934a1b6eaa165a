"""What every register knows of its people: sex, year of birth, and where they live."""

import numpy as np
import polars as pl

from tre.safe_data.population.calendar import FIRST_DAY, LAST_DAY, years
from tre.safe_data.population.names import GROUPS
from tre.safe_data.population.places import BOROUGHS, ELSEWHERE, PLACES
from tre.safe_data.population.population import Population
from tre.safe_data.records.register import ROW
from tre.safe_data.variable import Variable

_PLACE_NAMES = np.array([place.name for place in PLACES])


def describe(
    population: Population, people: np.ndarray, seen: np.ndarray, rng: np.random.Generator
) -> pl.DataFrame:
    """One row a person: `row`, sex, birth_year, ethnic_group, borough, imd_decile.

    seen: the day on which the address was asked for; a few have no known ethnic group.
    """
    families, directory = population.families, population.directory
    where = population.addresses.on(people, np.clip(seen, FIRST_DAY, LAST_DAY))
    unknown = rng.random(len(people)) < 0.05
    group = np.where(unknown, "Not known", np.array(GROUPS)[families.group[people]])
    return pl.DataFrame(
        {
            ROW: np.arange(len(people)),
            "sex": np.where(families.is_female[people], "Female", "Male"),
            "birth_year": years(families.born[people]).astype(np.int16),
            "ethnic_group": group,
            "borough": _PLACE_NAMES[directory.place[where]],
            "imd_decile": directory.imd_decile[where].astype(np.int16),
        }
    )


def variables(register: str) -> tuple[Variable, ...]:
    """The variables of `describe`, as a description of this register lists them."""

    def of(name: str, kind: str, text: str, item: str, codes: tuple[str, ...] = ()) -> Variable:
        source = f"{register}: {item}"
        return Variable(name=name, type=kind, description=text, codes=codes, source=source)

    return (
        of("sex", "string", "Sex", "sex or gender", ("Female", "Male")),
        of("birth_year", "integer", "Year of birth", "date of birth"),
        of(
            "ethnic_group", "string", "Ethnic group", "ethnic category, grouped",
            (*GROUPS, "Not known"),
        ),
        of(
            "borough", "string", "Borough of residence when last seen",
            "postcode to local authority", (*BOROUGHS, ELSEWHERE),
        ),
        of(
            "imd_decile", "integer",
            "Deprivation decile of the area of residence, 1 most deprived to 10 least",
            "postcode to Index of Multiple Deprivation 2019",
        ),
    )  # fmt: skip
