"""Absences by their reasons: how the half-days that a pupil missed are recorded in the register."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from tre.safe_data.chance import part_of, stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import KS4_YEAR_GROUP, school_year_names
from tre.safe_data.population.disorders import DISORDERS
from tre.safe_data.population.names import GROUPS
from tre.safe_data.population.population import Population
from tre.safe_data.records.register import ROW
from tre.safe_data.records.school_codes import ABSENCE, codes
from tre.safe_data.records.school_years import SchoolYears

_STUDY_LEAVE, _TRAVELLERS, _OF_TRAVELLERS = 0.2, 0.02, 0.3
"""Share of study leave in Year 11; pupils of traveller families, of the group White Other."""
_ILLNESS = 0.74
_THEN = (("M", 0.40), ("R", 0.10), ("H", 0.08))
"""Of what is then left, each in turn; the rest is other authorised absence."""
_UNAUTHORISED = (("G", 0.30), ("U", 0.09), ("N", 0.12))
"""The same of the half-days without leave. All shares are assumed, in the order that DfE, Pupil
absence in schools in England, has."""
_ON_ILLNESS = ("mood", "neurotic")
_LAST_HOLIDAY = 2023
"""No holiday is authorised as such since the codes of August 2024."""


def make_absence_reasons(
    population: Population, people: np.ndarray, school_years: SchoolYears, suspended: np.ndarray
) -> pl.DataFrame:
    """One row a pupil, school year and reason for which half-days were missed.

    suspended: half-days lost by exclusions in each row of the school years. In each of them the
    reasons together make what was missed, and those without leave what was not authorised.
    """
    rng = stream(population.seed, "absence reasons")
    missed = school_years.columns["sessions_missed"].astype(np.int64)
    without = school_years.columns["sessions_unauthorised"].astype(np.int64)
    parts = [
        _rows(school_years, reason, sessions)
        for made in (
            _authorised(rng, population, people, school_years, missed - without - suspended),
            _in_turn(rng, without, _UNAUTHORISED, "O"),
            iter([("E", suspended)]),
        )
        for reason, sessions in made
    ]
    rows = pl.concat(parts)
    year = school_year_names(school_years.school_year[rows["at"].to_numpy()])
    return rows.select(ROW, year.alias("school_year"), "reason", "sessions")


def _rows(school_years: SchoolYears, reason: str, sessions: np.ndarray) -> pl.DataFrame:
    """The school years in which this reason was given; `at` is their row."""
    at = np.flatnonzero(sessions)
    told = {
        "at": at,
        ROW: school_years.row[at],
        "reason": pl.repeat(reason, len(at), dtype=pl.Enum(codes(ABSENCE)), eager=True),
        "sessions": sessions[at].astype(np.int16),
    }
    return pl.DataFrame(told)


def _authorised(
    rng: np.random.Generator,
    population: Population,
    people: np.ndarray,
    school_years: SchoolYears,
    left: np.ndarray,
) -> Iterator[tuple[str, np.ndarray]]:
    """Half-days by each authorised reason but suspension, of these that are left."""
    travellers = population.families.group[people] == GROUPS.index("White Other")
    travellers &= rng.random(len(people)) < _TRAVELLERS
    for reason, where, share in (
        ("S", school_years.year_group == KS4_YEAR_GROUP, _STUDY_LEAVE),
        ("T", travellers[school_years.row], _OF_TRAVELLERS),
    ):
        sessions = part_of(rng, np.where(where, left, 0), share)
        yield reason, sessions
        left = left - sessions
    outcome = "illness among authorised absences"
    effects = [size(one.cause, outcome) if one.cause in _ON_ILLNESS else 0 for one in DISORDERS]
    ill = part_of(rng, left, _ILLNESS + np.array([*effects, 0])[school_years.disorder] / 100)
    yield "I", ill
    holidays = np.where(school_years.school_year <= _LAST_HOLIDAY, 1, 0)
    yield from _in_turn(rng, left - ill, _THEN, "C", {"H": holidays})


def _in_turn(
    rng: np.random.Generator,
    left: np.ndarray,
    shares: tuple[tuple[str, float], ...],
    rest: str,
    possible: dict[str, np.ndarray] | None = None,
) -> Iterator[tuple[str, np.ndarray]]:
    """Half-days by each reason: a share of what those before it left; the rest at the end."""
    for reason, share in shares:
        sessions = part_of(rng, left * (possible or {}).get(reason, 1), share)
        yield reason, sessions
        left = left - sessions
    yield rest, left
