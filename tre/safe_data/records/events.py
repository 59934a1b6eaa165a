"""Events that come to people at a rate: visits, admissions, claims; by age, illness and effect."""

from dataclasses import dataclass

import numpy as np

from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.population import Population

_YEAR, _DECADES = 365.25, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often something happens to a person in a year.

    by_age: at ages 0 to 9, 10 to 19, ... 90 and older. since_referral: times so many from the
    first referral to SLaM on, by disorder. cancer, kidney, hiv: times so many once it is known.
    spread: how much people differ beside that, as the shape of a gamma distribution with mean 1.
    during: first and last day of a time, and times so many within it.
    """

    by_age: tuple[float, ...]
    since_referral: tuple[float, ...] | None = None
    cancer: float = 1.0
    kidney: float = 1.0
    hiv: float = 1.0
    spread: float = 1.0
    during: tuple[int, int, float] | None = None


def events(
    rng: np.random.Generator,
    population: Population,
    people: np.ndarray,
    rate: Rate,
    period: tuple[int, int],
) -> tuple[np.ndarray, np.ndarray]:
    """row (position in `people`) and day of each event, sorted; nobody has one after death.

    Drawn at each person's highest rate of the period and thinned to that of the day.
    """
    first = np.maximum(population.families.born[people].astype(np.int64), period[0])
    last = np.minimum(population.health.died[people].astype(np.int64) - 1, period[1])
    days = np.maximum(last - first + 1, 0)
    highest = _highest(population, people, rate, (first, last))
    own = rng.gamma(rate.spread, 1 / rate.spread, len(people))
    count = rng.poisson(own * highest * days / _YEAR)
    row = np.repeat(np.arange(len(people), dtype=np.int32), count)
    day = (first[row] + rng.random(len(row)) * days[row]).astype(np.int32)
    kept = rng.random(len(row)) * highest[row] < _on(population, people[row], rate, day)
    row, day = row[kept], day[kept]
    order = np.lexsort((day, row))
    return row[order], day[order]


def _decade(population: Population, people: np.ndarray, days: np.ndarray) -> np.ndarray:
    age = (days - population.families.born[people]) / _YEAR
    return np.clip((age // 10).astype(np.int64), 0, _DECADES - 1)


def _highest(
    population: Population,
    people: np.ndarray,
    rate: Rate,
    span: tuple[np.ndarray, np.ndarray],
) -> np.ndarray:
    """No rate of the person's days is above this: all that ever applies, where it raises."""
    by_age = np.array(rate.by_age)
    begins, ends = (_decade(population, people, days) for days in span)
    highest = by_age[begins]
    for step in range(1, _DECADES):
        highest = np.maximum(highest, by_age[np.clip(np.minimum(begins + step, ends), 0, None)])
    for _, multiplier in _multipliers(population, people, rate):
        highest = highest * np.maximum(multiplier, 1.0)
    return highest * max(1.0, rate.during[2] if rate.during else 1.0)


def _multipliers(population: Population, people: np.ndarray, rate: Rate):
    """Since when, and times how many: one pair of arrays for each thing that changes the rate."""
    health, lives = population.health, population.lives
    for since, times in (
        (health.cancer, rate.cancer),
        (health.kidney, rate.kidney),
        (health.hiv, rate.hiv),
    ):
        if times != 1.0:
            begins = since[people]
            yield begins, np.where(begins < NEVER, times, 1.0)
    if rate.since_referral is not None:
        begins = lives.referred[people]
        sizes = np.array(rate.since_referral)[lives.disorder[people]]
        yield begins, np.where(begins < NEVER, sizes, 1.0)


def _on(population: Population, person: np.ndarray, rate: Rate, days: np.ndarray) -> np.ndarray:
    """The rate of each person on a day of their own."""
    now = np.array(rate.by_age)[_decade(population, person, days)]
    for begins, times in _multipliers(population, person, rate):
        now = now * np.where(begins <= days, times, 1.0)
    if rate.during is not None:
        first, last, factor = rate.during
        now = now * np.where((days >= first) & (days <= last), factor, 1.0)
    return now
