"""School years and results: attendance, exclusions, and what pupils reached, with the effects."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tre.safe_data.chance import stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import (
    FIRST_SCHOOL_YEAR,
    KS1_YEAR_GROUP,
    KS2_YEAR_GROUP,
    KS4_YEAR_GROUP,
    LAST_SCHOOL_YEAR,
    birth_cohort,
    school_year_names,
    school_year_of,
)
from tre.safe_data.population.disorders import DISORDERS
from tre.safe_data.population.population import Population
from tre.safe_data.records.register import ROW

_SESSIONS, _SESSIONS_IN = 380, {2019: 215, 2020: 290}
"""Half-days of a school year; fewer in 2019/20 and 2020/21, when schools were closed."""
_ABSENCE_PERCENT, _SUSPENSIONS_PRIMARY, _SUSPENSIONS_SECONDARY = 3.6, 0.008, 0.045
_UNAUTHORISED_PERCENT = 24.0
"""Of the half-days missed."""
_NO_KS2, _TEACHER_ASSESSED = (2019, 2020), (2019, 2020)
_KS2_MEAN, _KS2_SPREAD, _KS4_MEAN, _KS4_SPREAD = 104.6, 6.0, 49.0, 14.5
_NO_KS1, _LAST_KS1, _SCALED_KS1 = (2019, 2020), 2022, 2015
"""Key stage 1 was not assessed in the pandemic, nor by law after 2022/23; before 2015/16 it gave
levels, here as points. Source: DfE, Phonics screening check and key stage 1 assessments.
"""
_KS1_MEAN, _KS1_SPREAD = 15.9, 3.5
_SHARED = 0.8
"""Correlation of each score with ability, other causes held fixed."""
_NEVER_YEAR = 9_999


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolYears:
    """One row a pupil and school year: `row` is the pupil's position among the pupils.

    disorder: position in DISORDERS from the school year before the first referral on, else -1.
    """

    row: np.ndarray
    school_year: np.ndarray
    year_group: np.ndarray
    disorder: np.ndarray
    columns: dict[str, np.ndarray]

    def table(self) -> pl.DataFrame:
        """As a file holds it; `row` is the pupil's position."""
        return pl.DataFrame(
            {
                ROW: self.row,
                "school_year": school_year_names(self.school_year),
                "year_group": self.year_group.astype(np.int8),
                **self.columns,
            }
        )


def make_school_years(population: Population, people: np.ndarray) -> SchoolYears:
    """Every school year on record in which these people were in Reception to Year 11."""
    rng = stream(population.seed, "school years")
    lives, born = population.lives, population.families.born[people]
    cohort = birth_cohort(born)
    first = np.maximum(cohort, FIRST_SCHOOL_YEAR)
    last = np.minimum(cohort + 11, LAST_SCHOOL_YEAR)
    last = np.minimum(last, school_year_of(population.health.died[people] - 1))
    count = np.maximum(last - first + 1, 0)
    row = np.repeat(np.arange(len(people)), count)
    year = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    group = year - cohort[row]
    child = lives.is_child_patient(population.families.born)[people]
    onset = np.where(child, school_year_of(lives.referred[people]) - 1, _NEVER_YEAR)
    ill = np.where(year >= onset[row], lives.disorder[people][row], -1)
    needs_from = rng.integers(0, 6, len(people))
    columns = _attendance(rng, population, people[row], row, year, ill)
    columns["suspensions"] = _suspensions(rng, population, people[row], row, group, ill)
    _keep_away(columns)
    poor = lives.is_poor[people][row]
    columns["free_school_meals"] = rng.random(len(row)) < np.where(poor, 0.9, 0.002)
    needs = lives.has_needs[people][row] & (group >= needs_from[row])
    columns["sen_provision"] = np.where(needs, np.where(lives.has_plan[people][row], "E", "K"), "N")
    return SchoolYears(row=row, school_year=year, year_group=group, disorder=ill, columns=columns)


def _effects(outcome: str, *, neutral: float) -> np.ndarray:
    """The effect of each disorder in their order, and at the end that of none."""
    return np.array([size(disorder.cause, outcome) for disorder in DISORDERS] + [neutral])


def _attendance(
    rng: np.random.Generator,
    population: Population,
    person: np.ndarray,
    row: np.ndarray,
    year: np.ndarray,
    ill: np.ndarray,
) -> dict[str, np.ndarray]:
    """Half-days possible, missed, and missed without leave."""
    lives, outcome = population.lives, "absence_percent"
    percent = _ABSENCE_PERCENT + _effects(outcome, neutral=0.0)[ill]
    percent += np.where(lives.is_poor[person], size("free school meals", outcome), 0)
    percent += np.where(lives.has_needs[person], size("special educational needs", outcome), 0)
    percent += size("one decile less deprived", outcome) * (lives.imd_decile[person] - 5)
    percent += np.where(year >= 2020, size("since the pandemic", outcome), 0)
    of_pupil = rng.gamma(3.0, 1 / 3.0, int(row.max()) + 1)
    luck = np.minimum(of_pupil[row] * rng.gamma(6.0, 1 / 6.0, len(row)), 5)
    possible = np.full(len(row), _SESSIONS)
    for short, sessions in _SESSIONS_IN.items():
        possible[year == short] = sessions
    missed = rng.binomial(possible, np.clip(percent * luck, 0.1, 90) / 100)
    poor = size("free school meals", "unauthorised absence")
    without = _UNAUTHORISED_PERCENT + np.where(lives.is_poor[person], poor, 0.0)
    without_leave = rng.binomial(missed, without / 100)
    return {
        "sessions_possible": possible.astype(np.int16),
        "sessions_missed": missed.astype(np.int16),
        "sessions_unauthorised": without_leave.astype(np.int16),
    }


def _suspensions(
    rng: np.random.Generator,
    population: Population,
    person: np.ndarray,
    row: np.ndarray,
    group: np.ndarray,
    ill: np.ndarray,
) -> np.ndarray:
    lives, outcome = population.lives, "exclusions"
    rate = np.where(group >= 7, _SUSPENSIONS_SECONDARY, _SUSPENSIONS_PRIMARY)
    rate = rate * _effects(outcome, neutral=1.0)[ill]
    rate *= np.where(population.families.is_female[person], size("female", outcome), 1)
    rate *= np.where(lives.is_poor[person], size("free school meals", outcome), 1)
    rate *= np.where(lives.has_needs[person], size("special educational needs", outcome), 1)
    of_pupil = rng.gamma(0.5, 2.0, int(row.max()) + 1)
    return np.minimum(rng.poisson(rate * of_pupil[row]), 30).astype(np.int16)


def _keep_away(columns: dict[str, np.ndarray]) -> None:
    """Whoever is excluded is away with authority for half a day at least, each time.

    Few rows change, and those by a half-day or two: what is planted keeps its size.
    """
    excluded = columns["suspensions"]
    missed = np.maximum(columns["sessions_missed"], excluded)
    columns["sessions_missed"] = missed
    columns["sessions_unauthorised"] = np.minimum(
        columns["sessions_unauthorised"], missed - excluded
    )


def make_results(
    population: Population, people: np.ndarray, school_years: SchoolYears
) -> pl.DataFrame:
    """Results at the ends of key stages 1, 2 and 4, one row a pupil (`row`) and key stage."""
    rng = stream(population.seed, "results")
    year, group = school_years.school_year, school_years.year_group
    ks2 = (group == KS2_YEAR_GROUP) & ~np.isin(year, _NO_KS2)
    ks4 = group == KS4_YEAR_GROUP
    parts = [
        _result(rng, population, people, school_years, ks2 & _sat(rng, len(year), 0.97)),
        _result(rng, population, people, school_years, ks4 & _sat(rng, len(year), 0.98)),
        _first_results(population, people, school_years),
    ]
    return pl.concat(parts)


def _sat(rng: np.random.Generator, rows: int, share: float) -> np.ndarray:
    return rng.random(rows) < share


def _result(
    rng: np.random.Generator,
    population: Population,
    people: np.ndarray,
    school_years: SchoolYears,
    chosen: np.ndarray,
) -> pl.DataFrame:
    """The scores of one key stage for the chosen school years."""
    row, year = school_years.row[chosen], school_years.school_year[chosen]
    is_ks4 = bool(chosen.any()) and int(school_years.year_group[chosen][0]) == KS4_YEAR_GROUP
    outcome = "ks4_attainment8" if is_ks4 else "ks2_score"
    mean, spread = (_KS4_MEAN, _KS4_SPREAD) if is_ks4 else (_KS2_MEAN, _KS2_SPREAD)
    person = people[row]
    own = rng.normal(0, 1, len(row))
    score = mean + spread * (
        _SHARED * population.lives.ability[person] + (1 - _SHARED**2) ** 0.5 * own
    )
    score += _causes(population, person, outcome)
    if is_ks4:
        teachers = np.isin(year, _TEACHER_ASSESSED)
        score += np.where(teachers, size("assessed by teachers, 2020 and 2021", outcome), 0)
    limits, step = ((0, 90), 2) if is_ks4 else ((80, 120), 1)
    return pl.DataFrame(
        {
            ROW: row,
            "key_stage": np.full(len(row), "KS4" if is_ks4 else "KS2"),
            "school_year": school_year_names(year),
            "measure": np.full(len(row), "Attainment 8" if is_ks4 else "Scaled score"),
            "score": np.round(np.clip(score, *limits) * step) / step,
        }
    )


def _first_results(
    population: Population, people: np.ndarray, school_years: SchoolYears
) -> pl.DataFrame:
    """Key stage 1, at the age of seven: average points to 2014/15, then scaled scores."""
    rng = stream(population.seed, "results of key stage 1")
    year, group = school_years.school_year, school_years.year_group
    assessed = (group == KS1_YEAR_GROUP) & (year <= _LAST_KS1) & ~np.isin(year, _NO_KS1)
    chosen = assessed & _sat(rng, len(year), 0.98)
    row, year = school_years.row[chosen], year[chosen]
    own = rng.normal(0, 1, len(row))
    ability = population.lives.ability[people[row]]
    points = _KS1_MEAN + _KS1_SPREAD * (_SHARED * ability + (1 - _SHARED**2) ** 0.5 * own)
    points += _causes(population, people[row], "ks1_points")
    scaled = year >= _SCALED_KS1
    score = np.where(
        scaled, np.clip(103 + 2 * (points - _KS1_MEAN), 85, 115), np.clip(points, 3, 21)
    )
    return pl.DataFrame(
        {
            ROW: row,
            "key_stage": np.full(len(row), "KS1"),
            "school_year": school_year_names(year),
            "measure": np.where(scaled, "Scaled score", "Average point score"),
            "score": np.round(score),
        }
    )


def _causes(population: Population, person: np.ndarray, outcome: str) -> np.ndarray:
    """What the planted causes add to a score, for each of these people."""
    lives, families = population.lives, population.families
    child = lives.is_child_patient(families.born)[person]
    score = _effects(outcome, neutral=0.0)[np.where(child, lives.disorder[person], -1)]
    score += np.where(families.is_female[person], size("female", outcome), 0)
    score += np.where(lives.is_poor[person], size("free school meals", outcome), 0)
    score += np.where(lives.has_needs[person], size("special educational needs", outcome), 0)
    return score + size("one decile less deprived", outcome) * (lives.imd_decile[person] - 5)
