"""CRIS with the HIV and AIDS Reporting System (HARS)."""

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.linkages.linkage import (
    CDLS,
    IDENTIFIERS_OF_THE_NHS,
    Covered,
    Linkage,
    RegisterTable,
)
from tre.safe_data.population.calendar import day
from tre.safe_data.population.health import is_severe
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.population import Population
from tre.safe_data.records import people
from tre.safe_data.records.days import dates, last_days, repeated
from tre.safe_data.records.errors import NHS_ERRORS
from tre.safe_data.records.items import Items
from tre.safe_data.records.odds import with_odds
from tre.safe_data.records.register import ROW, Register

_BEGAN, _QUARTER = day(2013, 4, 1), 91
"""HARS replaced the yearly survey of those in care (SOPHID); it reports since 2013."""
_ATTENDS, _DAYS_TO_TREATMENT = 0.86, 240.0
_SUPPRESSED, _UNTREATED_SUPPRESSED = 0.90, 0.06
_LATE = 0.42
CD4_BANDS = ("Below 200", "200 to 349", "350 to 499", "500 and over")
VIRAL_LOAD_BANDS = ("Below 50", "50 to 199", "200 to 9,999", "10,000 and over")
_CD4_SUPPRESSED, _CD4_OTHERS = (0.05, 0.13, 0.24, 0.58), (0.22, 0.27, 0.26, 0.25)
_LATE_CD4, _EARLY_CD4 = (0.55, 0.45, 0.0, 0.0), (0.0, 0.0, 0.42, 0.58)
_EXPOSURES = ("Sex between men", "Heterosexual contact", "Injecting drug use", "Other or not known")
_ITEM = Items(dictionary="PHE, HARS data specification")


def simulate(population: Population) -> Register:
    """People with HIV in outpatient care since HARS began, quarter by quarter.

    HIV is made commoner than in life (0.8 % of people get it), so that a small world has some.
    """
    rng = stream(population.seed, "hars")
    known, died = population.health.hiv, population.health.died
    someone = np.flatnonzero((known < NEVER) & (died > _BEGAN + _QUARTER))
    begins = np.maximum(known[someone].astype(np.int64), _BEGAN)
    last = last_days(population, someone)
    treated = known[someone] + rng.exponential(_DAYS_TO_TREATMENT, len(someone))
    attended = _attended(rng, begins, last, treated)
    seen = np.maximum.reduceat(attended["day"], np.flatnonzero(attended["first"]))
    return Register(
        people=someone,
        seen=seen,
        tables={
            "hars_people": people.describe(population, someone, seen, rng),
            "hars_diagnoses": _diagnoses(rng, population, someone),
            "hars_quarters": _quarters(rng, population, someone, attended),
        },
    )


def _attended(
    rng: np.random.Generator, begins: np.ndarray, last: np.ndarray, treated: np.ndarray
) -> dict[str, np.ndarray]:
    """who, day, on_treatment, first: attendances in order; everybody has the first one."""
    who, number = repeated(1 + (last - begins) // _QUARTER)
    came = (number == 0) | (rng.random(len(who)) < _ATTENDS)
    who, number = who[came], number[came]
    on = begins[who] + number * _QUARTER + rng.integers(0, 60, len(who))
    on = np.minimum(on, last[who])
    return {"who": who, "day": on, "on_treatment": on >= treated[who], "first": number == 0}


def _quarters(
    rng: np.random.Generator,
    population: Population,
    someone: np.ndarray,
    attended: dict[str, np.ndarray],
) -> pl.DataFrame:
    """One row an attendance. Severe mental illness makes a suppressed viral load less likely."""
    who, treated = attended["who"], attended["on_treatment"]
    severe = is_severe(population.lives)[someone][who]
    times = np.where(severe, size("psychosis", "suppressed viral load"), 1.0)
    chance = np.where(treated, with_odds(_SUPPRESSED, times), _UNTREATED_SUPPRESSED)
    suppressed = rng.random(len(who)) < chance
    load = np.where(
        suppressed,
        choose(rng, (0.93, 0.07), len(who)),
        2 + choose(rng, (0.45, 0.55), len(who)),
    )
    cd4 = np.where(
        suppressed, choose(rng, _CD4_SUPPRESSED, len(who)), choose(rng, _CD4_OTHERS, len(who))
    )
    return pl.DataFrame(
        {
            ROW: who,
            "attended": dates(attended["day"]),
            "on_antiretrovirals": treated,
            "cd4_band": np.array(CD4_BANDS)[cd4],
            "viral_load_band": np.array(VIRAL_LOAD_BANDS)[load],
        }
    ).with_columns(
        pl.format("{} Q{}", pl.col("attended").dt.year(), pl.col("attended").dt.quarter()).alias(
            "quarter"
        )
    )


def _diagnoses(
    rng: np.random.Generator, population: Population, someone: np.ndarray
) -> pl.DataFrame:
    count = len(someone)
    late = rng.random(count) < _LATE
    cd4 = np.where(late, choose(rng, _LATE_CD4, count), choose(rng, _EARLY_CD4, count))
    female = population.families.is_female[someone]
    of_men, of_women = (0.58, 0.36, 0.03, 0.03), (0.0, 0.93, 0.03, 0.04)
    exposure = np.where(female, choose(rng, of_women, count), choose(rng, of_men, count))
    return pl.DataFrame(
        {
            ROW: np.arange(count),
            "diagnosed": dates(population.health.hiv[someone]),
            "cd4_band_at_diagnosis": np.array(CD4_BANDS)[cd4],
            "late_diagnosis": late,
            "exposure": np.array(_EXPOSURES)[exposure],
        }
    )


LINKAGE = Linkage(
    id="hars",
    order=13,
    title="HIV outpatient care",
    register="HIV and AIDS Reporting System",
    holder="Public Health England",
    matcher="Public Health England",
    identifiers=IDENTIFIERS_OF_THE_NHS,
    covered=Covered(text="SLaM patients; those who are in HIV care are found"),
    controls=None,
    limits=(
        "outpatient care reported every quarter since April 2013; whoever is not in care, or has "
        "not been diagnosed, has no record"
    ),
    access_basis="approved by the CRIS Oversight Committee under section 251 support",
    place=CDLS,
    people=RegisterTable(
        name="hars_people",
        description="One row a person in HIV care",
        unit="person",
        variables=people.variables("HARS"),
    ),
    tables=(
        RegisterTable(
            name="hars_diagnoses",
            description="One row a person: when and how late HIV was diagnosed",
            unit="person",
            variables=(
                _ITEM.day("diagnosed", "Date of the HIV diagnosis", "Date of first UK diagnosis"),
                _ITEM.text(
                    "cd4_band_at_diagnosis", "First CD4 count after diagnosis, cells/mm3",
                    "CD4 count within 91 days of diagnosis, banded", CD4_BANDS,
                ),
                _ITEM.flag(
                    "late_diagnosis", "CD4 count below 350 within 91 days of diagnosis",
                    "CD4 count; PHE definition of late diagnosis",
                ),
                _ITEM.text("exposure", "Probable route of infection", "Exposure", _EXPOSURES),
            ),
        ),
        RegisterTable(
            name="hars_quarters",
            description="One row a quarter in which the person attended HIV outpatient care",
            unit="person and quarter",
            dated_by="attended",
            variables=(
                _ITEM.text("quarter", "Quarter of the report, as 2015 Q1", "Reporting period"),
                _ITEM.day("attended", "Date of attendance", "Attendance date"),
                _ITEM.flag(
                    "on_antiretrovirals", "Takes antiretroviral treatment", "ART status",
                ),
                _ITEM.text("cd4_band", "CD4 count, cells/mm3", "CD4 count, banded", CD4_BANDS),
                _ITEM.text(
                    "viral_load_band", "Viral load, copies/ml; below 200 is suppressed",
                    "Viral load count, banded", VIRAL_LOAD_BANDS,
                ),
            ),
        ),
    ),
    errors=NHS_ERRORS,
    simulate=simulate,
    source="CDLS page on CRIS data linkages; PHE, HIV and AIDS Reporting System",
    assumed=("identifiers", "identifier_basis", "access_basis", "errors", "objects"),
)  # fmt: skip
