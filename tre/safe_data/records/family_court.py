"""What Cafcass holds: mothers in private-law cases and in proceedings for a care order.

Cases are made commoner than in life (about 1 mother in 300 a year is in one of either kind), so
that a world of 20,000 people has enough.
"""

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import FIRST_DAY, LAST_DAY, day
from tre.safe_data.population.disorders import DISORDERS
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.population import Population
from tre.safe_data.records import people
from tre.safe_data.records.days import dates
from tre.safe_data.records.register import ROW, Register

PRIVATE, CARE = "Private law", "Care order application"
KINDS = (PRIVATE, CARE)
_PRIVATE, _CARE = 0.045, 0.020
PRIVATE_OUTCOMES = ("Child arrangements order", "No order", "Withdrawn")
CARE_OUTCOMES = ("Care order", "Placement order", "Special guardianship order", "No order")
OUTCOMES = tuple(dict.fromkeys((*PRIVATE_OUTCOMES, *CARE_OUTCOMES)))
_PRIVATE_SHARES, _CARE_SHARES = (0.68, 0.17, 0.15), (0.38, 0.22, 0.26, 0.14)
"""Ministry of Justice, Family Court Statistics Quarterly, disposals, rounded."""
LIMIT = day(2014, 4, 22)
"""From here on care cases are to end within 26 weeks: Children and Families Act 2014."""
_WEEKS, _SPREAD, _PRIVATE_WEEKS, _YEAR = 52.0, 12.0, 24.0, 365.25


def simulate(population: Population) -> Register:
    """Every mother who was in a case, with her cases."""
    rng = stream(population.seed, "Cafcass")
    youngest = _youngest(population)
    mothers = np.flatnonzero(youngest >= 0)
    cases = pl.concat(
        [_cases(rng, population, mothers, youngest[mothers], kind) for kind in KINDS]
    ).sort(ROW, "applied")
    person = cases[ROW].unique().sort().to_numpy()
    position = np.full(population.people, -1, dtype=np.int32)
    position[person] = np.arange(len(person), dtype=np.int32)
    cases = cases.with_columns(pl.Series(ROW, position[cases[ROW].to_numpy()]))
    seen = cases.group_by(ROW).agg(pl.col("applied").max()).sort(ROW)["applied"]
    seen = seen.to_physical().to_numpy()
    return Register(
        people=person,
        seen=seen,
        tables={
            "cafcass_people": people.describe(population, person, seen, rng),
            "proceedings": cases,
        },
    )


def _youngest(population: Population) -> np.ndarray:
    """The row of each mother's youngest child; -1 for people who are no mothers."""
    families = population.families
    children = np.flatnonzero(families.mother >= 0)
    order = children[np.argsort(families.born[children], kind="stable")]
    found = np.full(population.people, -1, dtype=np.int64)
    found[families.mother[order]] = order
    return found


def _cases(
    rng: np.random.Generator,
    population: Population,
    mothers: np.ndarray,
    youngest: np.ndarray,
    kind: str,
) -> pl.DataFrame:
    """row of the population and one case of this kind each, while the youngest is under 18."""
    born = population.families.born[youngest].astype(np.int64)
    times = _times(population, mothers)
    chosen = rng.random(len(mothers)) < (_CARE if kind == CARE else _PRIVATE) * times
    last = np.minimum(population.health.died[mothers].astype(np.int64) - 1, LAST_DAY)
    last = np.minimum(last, population.health.died[youngest].astype(np.int64) - 1)
    first = np.maximum(born, FIRST_DAY)
    last = np.minimum(last, born + int(17.5 * _YEAR))
    # Most care cases are about young children; half of all begin in the first quarter of the time.
    applied = first + ((last - first) * rng.random(len(mothers)) ** 2).astype(np.int64)
    kept = np.flatnonzero(chosen & (last > first))
    mother, applied = mothers[kept], applied[kept]
    weeks = _weeks(rng, population, mother, applied, kind)
    ends = applied + (weeks * 7).astype(np.int64)
    closed = ends <= np.minimum(population.health.died[mother].astype(np.int64), LAST_DAY)
    shares = _CARE_SHARES if kind == CARE else _PRIVATE_SHARES
    names = np.array(CARE_OUTCOMES if kind == CARE else PRIVATE_OUTCOMES)
    outcome = pl.Series(names[choose(rng, shares, len(kept))]).set(pl.Series(~closed), None)
    return pl.DataFrame(
        {
            ROW: mother,
            "kind": pl.Series([kind] * len(kept), dtype=pl.Enum(KINDS)),
            "applied": dates(applied),
            "closed": dates(np.where(closed, ends, NEVER)),
            "weeks": pl.Series(weeks.round(1)).set(pl.Series(~closed), None),
            "outcome": outcome.cast(pl.Enum(OUTCOMES)),
            "age_of_youngest": ((applied - born[kept]) / _YEAR).astype(np.int16),
        }
    )


def _times(population: Population, mothers: np.ndarray) -> np.ndarray:
    """How many times likelier than others each mother is to have a case."""
    lives = population.lives
    effects = np.array([size(one.cause, "care proceedings") for one in DISORDERS] + [1.0])
    disorder = np.where(lives.referred[mothers] < NEVER, lives.disorder[mothers], -1)
    decile = size("one decile less deprived", "care proceedings")
    return effects[disorder] * decile ** (lives.imd_decile[mothers] - 5.0)


def _weeks(
    rng: np.random.Generator,
    population: Population,
    mother: np.ndarray,
    applied: np.ndarray,
    kind: str,
) -> np.ndarray:
    """How long each case lasts, weeks."""
    luck = rng.normal(0, 1, len(mother))
    if kind == PRIVATE:
        return np.maximum(_PRIVATE_WEEKS + 10 * luck, 2.0)
    outcome, lives = "weeks of care-order proceedings", population.lives
    psychosis = next(number for number, one in enumerate(DISORDERS) if one.cause == "psychosis")
    ill = (lives.referred[mother] < NEVER) & (lives.disorder[mother] == psychosis)
    mean = _WEEKS + np.where(applied >= LIMIT, size("limit of 26 weeks", outcome), 0.0)
    mean += np.where(ill, size("psychosis", outcome), 0.0)
    return np.maximum(mean + _SPREAD * luck, 2.0)
