"""Pregnancies and births at the local units: each birth is of a mother and of a child."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import ages, day
from tre.safe_data.population.lives import Lives
from tre.safe_data.population.population import Population
from tre.safe_data.records import people
from tre.safe_data.records.days import dates, last_days
from tre.safe_data.records.odds import with_odds
from tre.safe_data.records.register import ROW, Register

UNITS = ("Guy's and St Thomas'", "King's College Hospital")
DELIVERIES = ("Spontaneous", "Instrumental", "Planned caesarean", "Emergency caesarean")
CARE_LEVELS = ("Special care", "High dependency", "Intensive care")
_FIRST_BIRTH = day(2015)
_LOCAL = (0.20, 0.85, 0.45, 0.90, 0.10)
"""Share of births, by PLACES, at the two trusts: assumed, by how near they are."""
_PRETERM, _TWIN_PRETERM = 0.075, 0.55
_WEIGHT_AT_40, _A_WEEK, _BOY, _TWIN, _SPREAD = 3450.0, 165.0, 120.0, -350.0, 430.0
"""Grams: mean, a week of gestation, and standard deviation; shaped after ONS birth statistics."""
_CARE_AT_TERM, _CARE_PRETERM = 0.06, 0.48
_SMOKES, _DISCLOSED = 0.06, 0.75
_DISORDERS_WITH_EFFECT = ((0, "psychosis"), (1, "mood"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Births:
    """One value a birth, by mother, then by age. mother, child: rows of the population.

    pregnancy: its number, counted over all mothers; twins share one. parity: earlier births of
    the mother. twin: of two children. weeks: of gestation, whole weeks completed. unit: in UNITS.
    """

    mother: np.ndarray
    child: np.ndarray
    day: np.ndarray
    pregnancy: np.ndarray
    parity: np.ndarray
    twin: np.ndarray
    weeks: np.ndarray
    unit: np.ndarray


def simulate(population: Population) -> Register:
    """Mothers and children of the births at the two trusts since 2015; both are its people."""
    rng = stream(population.seed, "elixir")
    births = _births(rng, population)
    everyone = np.unique(np.r_[births.mother, births.child])
    mother = np.searchsorted(everyone, births.mother)
    child = np.searchsorted(everyone, births.child)
    seen = np.zeros(len(everyone), dtype=np.int64)
    np.maximum.at(seen, mother, births.day)
    np.maximum.at(seen, child, births.day)
    pair = pl.DataFrame({ROW: mother, "child_record": child})
    table = _birth_table(rng, population, births)
    return Register(
        people=everyone,
        seen=seen,
        tables={
            "elixir_people": people.describe(population, everyone, seen, rng),
            "births": pl.concat([pair, table], how="horizontal"),
            "neonatal_admissions": _neonatal(rng, pair, table, last_days(population, births.child)),
            "pregnancies": _pregnancies(rng, population, births, mother),
        },
    )


def _births(rng: np.random.Generator, population: Population) -> _Births:
    families, lives = population.families, population.lives
    child = np.flatnonzero(families.mother >= 0)
    child = child[np.lexsort((families.born[child], families.mother[child]))]
    mother, born = families.mother[child], families.born[child].astype(np.int64)
    new = np.r_[True, (mother[1:] != mother[:-1]) | (born[1:] != born[:-1])]
    pregnancy = np.cumsum(new) - 1
    first = np.r_[True, mother[1:] != mother[:-1]]
    parity = pregnancy - pregnancy[first][np.cumsum(first) - 1]
    twin = np.bincount(pregnancy)[pregnancy] > 1
    place = population.directory.place[population.addresses.on(mother, born)]
    local = rng.random(pregnancy[-1] + 1)[pregnancy] < np.array(_LOCAL)[place]
    kept = local & (born >= _FIRST_BIRTH)
    mother, child, born, twin = mother[kept], child[kept], born[kept], twin[kept]
    _, pregnancy = np.unique(pregnancy[kept], return_inverse=True)
    return _Births(
        mother=mother,
        child=child,
        day=born,
        pregnancy=pregnancy,
        parity=parity[kept],
        twin=twin,
        weeks=_weeks(rng, lives, (mother, born, twin), pregnancy),
        unit=(rng.random(int(pregnancy.max()) + 1) < 0.5).astype(np.int8)[pregnancy],
    )


def _ill_before(lives: Lives, disorder: int, mother: np.ndarray, born: np.ndarray) -> np.ndarray:
    """Whose mother had been referred with this main disorder before the birth."""
    return (lives.referred[mother] < born) & (lives.disorder[mother] == disorder)


def _weeks(
    rng: np.random.Generator,
    lives: Lives,
    births: tuple[np.ndarray, np.ndarray, np.ndarray],
    pregnancy: np.ndarray,
) -> np.ndarray:
    """Completed weeks of gestation, the same for twins; below 37 is preterm."""
    mother, born, twin = births
    times = np.ones(len(mother))
    for disorder, cause in _DISORDERS_WITH_EFFECT:
        ill = _ill_before(lives, disorder, mother, born)
        times = np.where(ill, size(cause, "preterm birth"), times)
    luck = rng.random((int(pregnancy.max()) + 1, 2))[pregnancy]
    preterm = luck[:, 0] < with_odds(np.where(twin, _TWIN_PRETERM, _PRETERM), times)
    early = 36 - np.minimum(-3.2 * np.log1p(-luck[:, 1]), 12)
    term = 37 + np.searchsorted(np.array((0.07, 0.23, 0.51, 0.79, 0.97)), luck[:, 1])
    return np.where(preterm, np.ceil(early), term).astype(np.int8)


def _birth_table(rng: np.random.Generator, population: Population, births: _Births) -> pl.DataFrame:
    lives, count = population.lives, len(births.child)
    female = population.families.is_female[births.child]
    mean = _WEIGHT_AT_40 + _A_WEEK * (births.weeks - 40.0)
    mean = mean + np.where(female, 0.0, _BOY) + np.where(births.twin, _TWIN, 0.0)
    for disorder, cause in _DISORDERS_WITH_EFFECT:
        ill = _ill_before(lives, disorder, births.mother, births.day)
        mean = mean + np.where(ill, size(cause, "birth_weight_grams"), 0.0)
    # The spread grows with the size of the baby, so that the smallest still weigh something.
    weight = mean + rng.normal(0, 1, count) * _SPREAD * np.clip(births.weeks / 40.0, 0.3, 1.0)
    return pl.DataFrame(
        {
            "birth_date": dates(births.day),
            "birth_weight_grams": np.clip(weight, 400, 6000).round().astype(np.int16),
            "gestation_weeks": births.weeks,
            "child_sex": np.where(female, "Female", "Male"),
            "multiple_birth": births.twin,
            "delivery": np.array(DELIVERIES)[choose(rng, (0.52, 0.14, 0.15, 0.19), count)],
            "unit": np.array(UNITS)[births.unit],
        }
    )


def _neonatal(
    rng: np.random.Generator, pair: pl.DataFrame, births: pl.DataFrame, last: np.ndarray
) -> pl.DataFrame:
    """Stays in neonatal care that begin in the first days; the more premature, the longer.

    last: the day of the child's death, or the last day on record.
    """
    weeks = births["gestation_weeks"].to_numpy().astype(np.int64)
    chance = np.where(weeks < 37, _CARE_PRETERM, _CARE_AT_TERM)
    chance = np.where(weeks < 34, 0.97, chance)
    admitted = np.flatnonzero(rng.random(len(weeks)) < chance)
    chosen, early = births[admitted], np.maximum(37 - weeks[admitted], 0)
    begins = chosen["birth_date"].to_physical().to_numpy() + rng.integers(0, 3, len(admitted))
    nights = 1 + rng.gamma(1.5, 2.0 + 4.5 * early).astype(np.int64)
    begins = np.minimum(begins, last[admitted])
    ends = np.minimum(begins + nights, last[admitted])
    level = np.clip(early // 4 + choose(rng, (0.7, 0.2, 0.1), len(admitted)), 0, 2)
    return pl.concat(
        [
            pair[admitted],
            pl.DataFrame(
                {
                    "admitted": dates(begins),
                    "discharged": dates(ends),
                    "nights": (ends - begins).astype(np.int16),
                    "care_level": np.array(CARE_LEVELS)[level],
                }
            ),
        ],
        how="horizontal",
    )


def _pregnancies(
    rng: np.random.Generator, population: Population, births: _Births, mother: np.ndarray
) -> pl.DataFrame:
    """One row a pregnancy: what the midwife wrote down at the booking appointment."""
    first = np.flatnonzero(np.r_[True, births.pregnancy[1:] != births.pregnancy[:-1]])
    who, born, count = births.mother[first], births.day[first], len(first)
    begins = born - births.weeks[first].astype(np.int64) * 7
    weeks = np.minimum(np.clip(rng.normal(9.5, 3.0, count), 5, 30), births.weeks[first] - 1)
    weeks = weeks.astype(np.int64)
    booked = begins + weeks * 7
    ill = population.lives.referred[who] < booked
    told = np.where(ill, rng.random(count) < _DISCLOSED, rng.random(count) < 0.10)
    more = size("first referral before booking", "smoking at booking")
    smokes = rng.random(count) < with_odds(_SMOKES, np.where(ill, more, 1.0))
    return pl.DataFrame(
        {
            ROW: mother[first],
            "delivered": dates(born),
            "booked": dates(booked),
            "booking_weeks": weeks.astype(np.int8),
            "mother_age": ages(population.families.born[who], born).astype(np.int8),
            "parity": births.parity[first].astype(np.int8),
            "mental_health_flag": told,
            "smoker_at_booking": smokes,
        }
    )
