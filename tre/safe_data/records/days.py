"""Days of events as columns of dates, within the lives of those whom they happened to."""

import numpy as np
import polars as pl

from tre.safe_data.population.calendar import LAST_DAY
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.population import Population


def dates(days: np.ndarray) -> pl.Series:
    """Days since 1970 as dates; NEVER becomes null."""
    whole = pl.Series(np.asarray(days, dtype=np.int32))
    return whole.set(whole == NEVER, None).cast(pl.Date)


def last_days(population: Population, people: np.ndarray) -> np.ndarray:
    """The last day on which something can be recorded of each: of death, or the last on record."""
    return np.minimum(population.health.died[people].astype(np.int64), LAST_DAY)


def between(rng: np.random.Generator, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """A day from `first` to `last`, both included, for each; `last` where it comes before."""
    span = np.maximum(last - first + 1, 1)
    return np.minimum(first + (rng.random(len(first)) * span).astype(np.int64), last)


def repeated(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For so many records a person: the position of the person, and which record it is, from 0."""
    who = np.repeat(np.arange(len(times)), times)
    starts = np.cumsum(times) - times
    return who, np.arange(len(who)) - starts[who]
