"""Suspensions and permanent exclusions, one by one: when, for how long, and for what."""

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import day, school_year_names
from tre.safe_data.population.disorders import DISORDERS
from tre.safe_data.population.population import Population
from tre.safe_data.records.days import dates, repeated
from tre.safe_data.records.register import ROW
from tre.safe_data.records.school_codes import CATEGORIES, REASONS, codes
from tre.safe_data.records.school_years import SchoolYears

LONGEST = 10
"""Half-days lost of one exclusion: from the sixth day on the pupil is taught elsewhere (DfE,
Suspension and permanent exclusion guidance)."""
_PERMANENT = 0.03
"""Of the pupils excluded in a school year, those for whom the last time is for good: assumed, as
DfE, Suspensions and permanent exclusions in England, has it for exclusions."""
_LENGTHS = (1, 2, 3, 4, 6, 8, LONGEST)
_LENGTH_SHARES = (0.05, 0.40, 0.05, 0.24, 0.13, 0.04, 0.09)
_DISRUPTION, _ODDS = "DB", 0.35 / 0.65
_OTHER_REASONS = {
    "PP": 0.26, "PA": 0.09, "VP": 0.06, "VA": 0.25, "BU": 0.015, "RA": 0.02, "LG": 0.008,
    "DS": 0.003, "SM": 0.01, "DA": 0.06, "DM": 0.03, "TH": 0.02, "OW": 0.05, "MT": 0.03,
    "PH": 0.02, "OT": 0.22,
}  # fmt: skip
"""How often each is the reason where persistent disruption is not, relative to the others: assumed,
in the order that DfE, Suspensions and permanent exclusions in England, has."""
_TERMS = np.concatenate([np.arange(4, 110), np.arange(127, 209), np.arange(234, 321)])
"""Days of the three terms, counted from 1 September; about the same in every school year."""
_CLOSED = {2019: 201}
"""Schools closed on 20 March 2020."""
_CATEGORY, _REASON = np.array(codes(CATEGORIES)), np.array(codes(REASONS))


def make_exclusions(
    population: Population, people: np.ndarray, school_years: SchoolYears
) -> tuple[pl.DataFrame, np.ndarray]:
    """One row an exclusion, and the half-days lost by them in each row of the school years.

    As many exclusions as the school year counts; together they lose no more than the half-days
    that the pupil missed with authority.
    """
    rng = stream(population.seed, "exclusions")
    columns = school_years.columns
    count = columns["suspensions"].astype(np.int64)
    of_year, nth = repeated(count)
    year = school_years.school_year[of_year]
    for_good = (nth == count[of_year] - 1) & (rng.random(len(of_year)) < _PERMANENT)
    wanted = np.array(_LENGTHS)[choose(rng, _LENGTH_SHARES, len(of_year))]
    with_leave = columns["sessions_missed"] - columns["sessions_unauthorised"]
    lost = fitted(np.where(for_good, LONGEST, wanted), of_year, with_leave.astype(np.int64))
    share = (nth + rng.random(len(of_year))) / count[of_year]
    row = school_years.row[of_year]
    started = np.minimum(_days(year, share), population.health.died[people[row]] - 1)
    table = {
        ROW: row,
        "school_year": school_year_names(year),
        "started": dates(started),
        "category": _CATEGORY[np.where(for_good, 2, year >= CATEGORIES[1].since)],
        "reason": _REASON[_reasons(rng, year, school_years.disorder[of_year])],
        "sessions": lost.astype(np.int16),
    }
    return pl.DataFrame(table), np.bincount(of_year, lost, len(count)).astype(np.int64)


def fitted(wanted: np.ndarray, of_year: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Half-days lost by each exclusion: as wanted, the later ones of a year cut to its room.

    wanted: 1 or more. of_year: the position in `room` of each, in order. room: half-days that
    there are in each year, at least as many as exclusions.
    """
    spare = room - np.bincount(of_year, minlength=len(room))
    more = np.cumsum(wanted - 1)
    first = np.r_[True, of_year[1:] != of_year[:-1]] if len(of_year) else np.zeros(0, dtype=bool)
    before = (more - (wanted - 1))[first][np.cumsum(first) - 1]
    reached = np.minimum(more - before, spare[of_year])
    return 1 + np.diff(reached, prepend=0) * ~first + reached * first


def _days(year: np.ndarray, share: np.ndarray) -> np.ndarray:
    """A school day after this share of the school year, 0 to 1; never on a weekend."""
    opening = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    opening += day(2001, 9) - day(2001)  # 1 September, or 31 August of a leap year
    terms = np.full(len(year), len(_TERMS))
    for closed, last in _CLOSED.items():
        terms[year == closed] = np.searchsorted(_TERMS, last)
    day_of_term = opening + _TERMS[(share * terms).astype(np.int64)]
    weekday = (day_of_term + 3) % 7  # 1 January 1970 was a Thursday
    return day_of_term - np.maximum(weekday - 4, 0)


def _reasons(rng: np.random.Generator, year: np.ndarray, disorder: np.ndarray) -> np.ndarray:
    """The reason of each exclusion, as a position in REASONS."""
    effects = np.ones(len(DISORDERS) + 1)
    for place, one in enumerate(DISORDERS):
        if one.cause == "neurodevelopmental":
            effects[place] = size(one.cause, "excluded for persistent disruption")
    odds = _ODDS * effects[disorder]
    drawn = np.zeros(len(year), dtype=np.int64)
    for revised in (False, True):
        chosen = (year >= 2020) == revised
        at = 2020 if revised else 2019
        shares = tuple(
            _OTHER_REASONS.get(one.code, 0.0) * (one.since <= at < one.before) for one in REASONS
        )
        drawn[chosen] = choose(rng, shares, int(chosen.sum()))
    disrupted = rng.random(len(year)) < odds / (1 + odds)
    return np.where(disrupted, codes(REASONS).index(_DISRUPTION), drawn)
