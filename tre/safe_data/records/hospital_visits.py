"""Visits to hospital without a stay: outpatient appointments and A&E attendances."""

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import day
from tre.safe_data.population.population import Population
from tre.safe_data.records import hospital_codes as codes
from tre.safe_data.records.events import Rate, events
from tre.safe_data.records.hospital import HES_YEARS, listed, providers, since_referral
from tre.safe_data.records.register import ROW

FIRST_LOCKDOWN = (day(2020, 3, 23), day(2020, 6, 30))
_OUTPATIENT_AT = (0.35, 0.25, 0.35, 0.50, 0.50, 0.65, 0.85, 1.05, 1.10, 0.80)
_A_AND_E_AT = (0.42, 0.24, 0.34, 0.28, 0.24, 0.24, 0.25, 0.30, 0.45, 0.55)
"""A year at ages 0 to 9, 10 to 19, ... 90 and older: assumed, shaped after the HES reports."""
_MISSED, _CANCELLED, _FIRST_APPOINTMENT = 0.08, 0.06, 0.34


def appointments(
    population: Population,
    people: np.ndarray,
    stream_name: str,
    period: tuple[int, int] = HES_YEARS,
) -> pl.DataFrame:
    """Outpatient appointments: row, appointment, specialty, attended, is_first, provider."""
    rng = stream(population.seed, f"{stream_name}: outpatients")
    rate = Rate(by_age=_OUTPATIENT_AT, cancer=2.5, kidney=2.0, hiv=2.5, spread=1.5)
    row, days = events(rng, population, people, rate, period)
    person = people[row]
    found = choose(rng, tuple(share for _, share in codes.OUTPATIENT), len(row))
    specialty = np.array([code for code, _ in codes.OUTPATIENT])[found]
    health = population.health
    for known, clinic in (
        (health.cancer, codes.OF_CANCER),
        (health.kidney, codes.OF_KIDNEY),
        (health.hiv, codes.OF_HIV),
    ):
        of_illness = (known[person] < days) & (rng.random(len(row)) < 0.4)
        specialty[of_illness] = clinic
    return pl.DataFrame(
        {
            ROW: row.astype(np.int32),
            "appointment": pl.Series(days.astype(np.int32)).cast(pl.Date),
            "specialty": pl.Series(specialty).cast(listed(codes.SPECIALTIES)),
            "attended": _attended(rng, population, person, days),
            "is_first": rng.random(len(row)) < _FIRST_APPOINTMENT,
        }
    ).with_columns(providers(rng, population, person, days))


def _attended(
    rng: np.random.Generator, population: Population, person: np.ndarray, days: np.ndarray
) -> pl.Series:
    """Whether the patient came; who is in the care of SLaM misses more, by the planted effect."""
    lives = population.lives
    effect = np.array([*since_referral("missed outpatient appointment"), 1.0])
    disorder = np.where(lives.referred[person] <= days, lives.disorder[person], -1)
    odds = _MISSED / (1 - _MISSED) * effect[disorder]
    missed = rng.random(len(person)) < odds / (1 + odds)
    cancelled = rng.random(len(person)) < _CANCELLED
    seen = np.where(cancelled, codes.CANCELLED_BY_PATIENT, codes.SEEN)
    kind = pl.Enum(sorted(codes.ATTENDANCE))
    return pl.Series(np.where(missed, codes.NOT_ATTENDED, seen)).cast(kind)


def attendances(
    population: Population,
    people: np.ndarray,
    stream_name: str,
    stays: pl.DataFrame,
    period: tuple[int, int] = HES_YEARS,
) -> pl.DataFrame:
    """A&E attendances: row, arrived, by_ambulance, diagnosis, disposal, provider.

    stays: what `admissions` gave for the same people: whoever was admitted through A&E was there
    on that day, and is discharged from there as admitted.
    """
    rng = stream(population.seed, f"{stream_name}: A&E")
    rate = Rate(
        by_age=_A_AND_E_AT, since_referral=since_referral("A&E attendance"), spread=1.2,
        during=(*FIRST_LOCKDOWN, size("first lockdown", "A&E attendance")),
    )  # fmt: skip
    row, days = events(rng, population, people, rate, period)
    through = stays.filter(pl.col("admission_method") == codes.EMERGENCY_A_AND_E)
    own = _arrivals(rng, row, days, 0.22, (codes.HOME, codes.LEFT)).with_columns(
        providers(rng, population, people[row], days)
    )
    admitted = _arrivals(
        rng, through[ROW].to_numpy(), through["admitted"].to_physical().to_numpy(), 0.6,
        (codes.ADMITTED, codes.ADMITTED),
    ).with_columns(through["provider"])  # fmt: skip
    return pl.concat([own, admitted]).sort(ROW, "arrived", "diagnosis")


def _arrivals(
    rng: np.random.Generator,
    row: np.ndarray,
    days: np.ndarray,
    by_ambulance: float,
    disposals: tuple[str, str],
) -> pl.DataFrame:
    diagnoses = tuple(code for code, _ in codes.A_AND_E_DIAGNOSES)
    found = choose(rng, tuple(share for _, share in codes.A_AND_E_DIAGNOSES), len(row))
    left = (rng.random(len(row)) < 0.05).astype(np.int8)
    return pl.DataFrame(
        {
            ROW: row.astype(np.int32),
            "arrived": pl.Series(days.astype(np.int32)).cast(pl.Date),
            "by_ambulance": rng.random(len(row)) < by_ambulance,
            "diagnosis": pl.Series(diagnoses, dtype=listed(diagnoses)).gather(found),
            "disposal": pl.Series(np.array(disposals)[left]).cast(pl.Enum(codes.DISPOSALS)),
        }
    )
