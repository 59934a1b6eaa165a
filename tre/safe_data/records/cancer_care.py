"""What the national cancer registry holds, with hospital stays and deaths of the same people."""

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.population.calendar import day
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.population import Population
from tre.safe_data.records import deaths, episodes, hospital, people
from tre.safe_data.records.days import dates, last_days
from tre.safe_data.records.register import ROW, Register
from tre.safe_data.records.tumours import (
    MORPHOLOGY,
    SITE_CODES,
    TREATMENTS,
    Tumours,
    make_tumours,
)

GRADES = ("G1", "G2", "G3", "GX")
ROUTES = ("Two week wait", "GP referral", "Emergency presentation", "Screening", "Other")
_ROUTE_SHARES = (
    (0.38, 0.25, 0.09, 0.14, 0.14),
    (0.44, 0.24, 0.12, 0.06, 0.14),
    (0.44, 0.21, 0.19, 0.03, 0.13),
    (0.30, 0.17, 0.39, 0.00, 0.14),
)
"""By stage 1 to 4: shaped after NCRAS, Routes to diagnosis, rounded."""
_BEGAN = day(1995)
"""Registrations of England are complete in the national data from 1995 on."""


def simulate(population: Population) -> Register:
    """Tumours diagnosed since 1995, with the stays in hospital and the deaths of the same people.

    Stays and deaths are those that HES and ONS Mortality hold, and not others like them.
    """
    rng = stream(population.seed, "ncras")
    everything = make_tumours(population)
    tumours = everything.only(everything.day >= _BEGAN)
    seen = last_days(population, tumours.people)
    return Register(
        people=tumours.people,
        seen=seen,
        tables={
            "ncras_people": people.describe(population, tumours.people, seen, rng),
            "ncras_tumours": _tumour_table(rng, tumours),
            "ncras_treatments": _treatment_table(tumours),
            "ncras_admissions": _admissions(population, tumours.people),
            "ncras_deaths": deaths.certified(population, tumours.people),
        },
    )


def _tumour_table(rng: np.random.Generator, tumours: Tumours) -> pl.DataFrame:
    count = len(tumours.people)
    route = np.zeros(count, dtype=np.int16)
    for stage, shares in enumerate(_ROUTE_SHARES, start=1):
        chosen = np.flatnonzero(tumours.stage == stage)
        route[chosen] = choose(rng, shares, len(chosen))
    unknown = pl.Series(rng.random(count) < 0.08)
    return pl.DataFrame(
        {
            ROW: np.arange(count),
            "diagnosed": dates(tumours.day),
            "site": np.array(SITE_CODES)[tumours.site],
            "morphology": np.array(MORPHOLOGY)[tumours.site],
            "stage": pl.Series(tumours.stage, dtype=pl.Int8).set(unknown, None),
            "grade": np.array(GRADES)[choose(rng, (0.14, 0.38, 0.33, 0.15), count)],
            "route": np.array(ROUTES)[route],
        }
    )


def _treatment_table(tumours: Tumours) -> pl.DataFrame:
    rows, kind = np.nonzero(tumours.treated < NEVER)
    return pl.DataFrame(
        {
            ROW: rows,
            "began": dates(tumours.treated[rows, kind]),
            "treatment": np.array(TREATMENTS)[kind],
        }
    )


def _admissions(population: Population, someone: np.ndarray) -> pl.DataFrame:
    """The stays that HES holds of these people, who are in the order of the population.

    They are drawn for everybody, as for HES: drawn for these people alone, they would be others.
    """
    everybody = np.arange(population.people, dtype=np.int32)
    position = np.full(population.people, -1, dtype=np.int32)
    position[someone] = np.arange(len(someone), dtype=np.int32)
    stays = hospital.admissions(population, everybody, episodes.STREAM)
    rows = pl.Series(ROW, position[stays[ROW].to_numpy()])
    return stays.with_columns(rows).filter(pl.col(ROW) >= 0)
