"""CRIS with the ONS register of deaths."""

from datetime import date

import numpy as np

from tre.safe_data.chance import stream
from tre.safe_data.linkages.linkage import (
    CDLS,
    IDENTIFIERS_OF_THE_NHS,
    Covered,
    Linkage,
    RegisterTable,
)
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.population import Population
from tre.safe_data.records import deaths, people
from tre.safe_data.records.errors import NHS_ERRORS
from tre.safe_data.records.register import Register


def simulate(population: Population) -> Register:
    """Everybody who died, with the date, the underlying cause and the place of death."""
    rng = stream(population.seed, "mortality")
    dead = np.flatnonzero(population.health.died < NEVER)
    day = population.health.died[dead]
    rng.random(len(dead))  # where they died, which `deaths` draws first
    return Register(
        people=dead,
        seen=day,
        tables={
            "mortality_people": people.describe(population, dead, day, rng),
            "deaths": deaths.certified(population, dead),
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
            variables=deaths.variables("ONS Mortality"),
        ),
    ),
    errors=NHS_ERRORS,
    simulate=simulate,
    source="CDLS page on CRIS data linkages; ONS, User guide to mortality statistics",
    assumed=("access_basis",),
)
