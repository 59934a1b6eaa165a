"""CRIS with the ONS register of deaths."""

from datetime import date

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.linkages.linkage import (
    CDLS,
    IDENTIFIERS_OF_THE_NHS,
    Covered,
    Linkage,
    RegisterTable,
)
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.population import Population
from tre.safe_data.records import people
from tre.safe_data.records.errors import NHS_ERRORS
from tre.safe_data.records.register import ROW, Register
from tre.safe_data.variable import Variable

_ONS = "ONS Mortality, "
_PLACES = ("Hospital", "Home", "Care home", "Hospice", "Elsewhere")
_PLACE_SHARES = (0.47, 0.24, 0.21, 0.06, 0.02)
"""Where people die: ONS, Deaths registered in England and Wales 2016, rounded."""


def simulate(population: Population) -> Register:
    """Everybody who died, with the date, the underlying cause and the place of death."""
    rng = stream(population.seed, "mortality")
    dead = np.flatnonzero(population.health.died < NEVER)
    day = population.health.died[dead]
    where = np.array(_PLACES)[choose(rng, _PLACE_SHARES, len(dead))]
    return Register(
        people=dead,
        seen=day,
        tables={
            "mortality_people": people.describe(population, dead, day, rng),
            "deaths": pl.DataFrame(
                {
                    ROW: np.arange(len(dead)),
                    "date_of_death": pl.Series(day).cast(pl.Date),
                    "underlying_cause": population.health.cause[dead],
                    "place_of_death": where,
                }
            ),
        },
    )


LINKAGE = Linkage(
    id="mortality",
    order=3,
    title="Dates and causes of death",
    register="ONS Mortality",
    holder="NHS Digital",
    matcher="NHS Digital",
    identifiers=IDENTIFIERS_OF_THE_NHS,
    covered=Covered(text="all SLaM patients; those who have died are found"),
    controls=None,
    last_day=date(2017, 12, 31),
    limits="deaths before January 2018; a patient without a record was alive, or was not matched",
    access_basis="approved by the CRIS Oversight Committee under section 251 support",
    place=CDLS,
    people=RegisterTable(
        name="mortality_people",
        description="One row a person who has died",
        unit="person",
        variables=people.variables("ONS Mortality"),
    ),
    tables=(
        RegisterTable(
            name="deaths",
            description="One row a death, as certified",
            unit="death",
            dated_by="date_of_death",
            variables=(
                Variable(
                    name="date_of_death",
                    type="date",
                    description="Date of death",
                    codes=(),
                    source=_ONS + "date of death (DOD)",
                ),
                Variable(
                    name="underlying_cause",
                    type="string",
                    description="Underlying cause of death, ICD-10",
                    codes=(),
                    source=_ONS + "underlying cause (ICD10U); WHO, ICD-10",
                ),
                Variable(
                    name="place_of_death",
                    type="string",
                    description="Where the person died",
                    codes=_PLACES,
                    source=_ONS + "place of death, grouped",
                ),
            ),
        ),
    ),
    errors=NHS_ERRORS,
    simulate=simulate,
    source="CDLS page on CRIS data linkages; ONS, User guide to mortality statistics",
    assumed=("access_basis",),
)
