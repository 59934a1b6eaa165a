"""Fertility treatment: cycles, and the births that follow, of the women whose children they are."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import ages, day
from tre.safe_data.population.population import Population
from tre.safe_data.records import people
from tre.safe_data.records.days import dates, last_days, repeated
from tre.safe_data.records.odds import has_main, with_odds
from tre.safe_data.records.register import ROW, Register

TREATMENTS = ("IVF", "ICSI", "Donor insemination")
OUTCOMES = ("Live birth", "Pregnancy without a live birth", "No pregnancy", "Stopped early")
REASONS = ("Male factor", "Tubal disease", "Ovulatory disorder", "Endometriosis", "Unexplained")
_BEGAN = day(1991, 8, 1)
"""The Human Fertilisation and Embryology Authority has kept its register since August 1991."""
_YEAR, _MOOD = 365.25, 1
_BIRTHS, _BIRTHS_FROM_30, _WITHOUT = 0.02, 0.07, 0.11
"""Share of births, and of women without children, with treatment: two to three times life's."""
_AGE, _YOUNGEST, _OLDEST = (34.5, 4.5), 21.0, 45.0
_STOPS, _MOST_CYCLES = 0.40, 12
_CONCEIVED, _GAP = (252, 280), (110, 320)
_AFTER_A_BIRTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cycles:
    """One value a cycle. woman: row of the population. day: when it began.

    birth: the day of the birth that followed, 0 for none. babies: born then.
    """

    woman: np.ndarray
    day: np.ndarray
    birth: np.ndarray
    babies: np.ndarray


def simulate(population: Population) -> Register:
    """Women treated since 1991; treatment is made two to three times commoner than in life."""
    rng = stream(population.seed, "hfea")
    cycles = _together(_of_mothers(rng, population), _of_childless(rng, population))
    women, row = np.unique(cycles.woman, return_inverse=True)
    seen = np.zeros(len(women), dtype=np.int64)
    np.maximum.at(seen, row, np.maximum(cycles.day, cycles.birth))
    table = _cycle_table(rng, population, women, cycles, row)
    return Register(
        people=women,
        seen=seen,
        tables={
            "hfea_people": people.describe(population, women, seen, rng),
            "fertility_cycles": table,
            "fertility_births": _birth_table(cycles, row),
        },
    )


def _of_mothers(rng: np.random.Generator, population: Population) -> _Cycles:
    """The cycle from which a real child of each woman comes, and the ones without a birth before.

    No cycle falls within a pregnancy, or into the months after an earlier birth.
    """
    families = population.families
    child = np.flatnonzero(families.mother >= 0)
    key = np.c_[families.mother[child], families.born[child]]
    births, babies = np.unique(key, axis=0, return_counts=True)  # by mother, then by day
    woman, born = births[:, 0].astype(np.int64), births[:, 1].astype(np.int64)
    earlier = np.where(np.r_[False, woman[1:] == woman[:-1]], np.r_[0, born[:-1]], 0)
    age = (born - families.born[woman]) / _YEAR
    share = np.where(age >= 30, _BIRTHS_FROM_30, _BIRTHS)
    chosen = (rng.random(len(woman)) < share) & (born - _CONCEIVED[1] >= _BEGAN) & (age >= 20)
    woman, born, babies, earlier = (each[chosen] for each in (woman, born, babies, earlier))
    who, back = repeated(1 + np.minimum(rng.geometric(0.55, len(woman)) - 1, 4))
    begins = born - rng.integers(*_CONCEIVED, len(born))
    gap = np.where(back == 0, 0, rng.integers(*_GAP, len(who)))
    days = begins[who] - _running(gap, back)
    adult = families.born[woman[who]] + 20 * _YEAR
    free = (days > earlier[who] + _AFTER_A_BIRTH) & (days >= _BEGAN) & (days >= adult)
    kept = free | (back == 0)
    return _Cycles(
        woman=woman[who][kept],
        day=days[kept],
        birth=np.where(back == 0, born[who], 0)[kept],
        babies=np.where(back == 0, babies[who], 0)[kept],
    )


def _running(gap: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Gaps added up within each group; a group begins where `number` is 0."""
    total = np.cumsum(gap)
    starts = number == 0
    return total - total[starts][np.cumsum(starts) - 1]


def _of_childless(rng: np.random.Generator, population: Population) -> _Cycles:
    """Cycles of women to whom no child is born; after each they go on, or stop."""
    families = population.families
    is_mother = np.zeros(population.people, dtype=bool)
    is_mother[families.mother[families.mother >= 0]] = True
    woman = np.flatnonzero(families.is_female & ~is_mother)
    woman = woman[rng.random(len(woman)) < _WITHOUT]
    years = np.clip(rng.normal(*_AGE, len(woman)), _YOUNGEST, _OLDEST)
    begins = families.born[woman] + (years * _YEAR).astype(np.int64)
    mood = has_main(population.lives, _MOOD, woman)
    stops = with_odds(_STOPS, np.where(mood, size("mood", "stopping fertility treatment"), 1.0))
    who, number = repeated(np.minimum(rng.geometric(stops), _MOST_CYCLES))
    gap = np.where(number == 0, 0, rng.integers(*_GAP, len(who)))
    days = begins[who] + _running(gap, number)
    kept = (days >= _BEGAN) & (begins[who] >= _BEGAN) & (days <= _last(population, woman)[who])
    none = np.zeros(int(kept.sum()), dtype=np.int64)
    return _Cycles(woman=woman[who][kept], day=days[kept], birth=none, babies=none)


def _last(population: Population, women: np.ndarray) -> np.ndarray:
    """The last day of a cycle: the day before a death, or the last day on record."""
    died = population.health.died[women].astype(np.int64)
    return np.minimum(last_days(population, women), died - 1)


def _together(first: _Cycles, second: _Cycles) -> _Cycles:
    woman = np.r_[first.woman, second.woman]
    days = np.r_[first.day, second.day]
    order = np.lexsort((days, woman))
    return _Cycles(
        woman=woman[order],
        day=days[order],
        birth=np.r_[first.birth, second.birth][order],
        babies=np.r_[first.babies, second.babies][order],
    )


def _cycle_table(
    rng: np.random.Generator,
    population: Population,
    women: np.ndarray,
    cycles: _Cycles,
    row: np.ndarray,
) -> pl.DataFrame:
    """One row a cycle, in order; a woman keeps her diagnosis from cycle to cycle."""
    count = len(row)
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    number = np.arange(count) - starts[row] + 1
    reason = choose(rng, (0.33, 0.13, 0.16, 0.08, 0.30), len(women))[row]
    male = reason == 0
    kind = np.where(
        male, choose(rng, (0.1, 0.8, 0.1), count), choose(rng, (0.68, 0.2, 0.12), count)
    )
    missed = 1 + choose(rng, (0.13, 0.74, 0.13), count)
    outcome = np.where(cycles.birth > 0, 0, missed)
    embryos = np.maximum(cycles.babies, 1 + choose(rng, (0.66, 0.34), count))
    embryos = np.where((kind == 2) | (outcome == 3), 0, embryos)
    return pl.DataFrame(
        {
            ROW: row,
            "cycle_date": dates(cycles.day),
            "cycle_number": number.astype(np.int8),
            "age_at_cycle": ages(population.families.born[women][row], cycles.day).astype(np.int8),
            "treatment": np.array(TREATMENTS)[kind],
            "reason": np.array(REASONS)[reason],
            "own_eggs": (rng.random(count) < 0.95) | (kind == 2),
            "embryos_transferred": embryos.astype(np.int8),
            "outcome": np.array(OUTCOMES)[outcome],
        }
    )


def _birth_table(cycles: _Cycles, row: np.ndarray) -> pl.DataFrame:
    followed = np.flatnonzero(cycles.birth > 0)
    return pl.DataFrame(
        {
            ROW: row[followed],
            "birth_date": dates(cycles.birth[followed]),
            "treated_on": dates(cycles.day[followed]),
            "babies_born": cycles.babies[followed].astype(np.int8),
        }
    )
