"""Mental disorders of the simulated population, and when each first reached a service.

Rates are assumed: they give about one child in seven a referral before 18, and psychosis is made
commoner than in life so that a small world has some. Sex ratios follow the textbook direction.
"""

from dataclasses import dataclass

import numpy as np

from tre.safe_data.chance import choose
from tre.safe_data.effects import size

_REFERRAL = "child mental-health referral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disorder:
    """One group of disorders. onset: mean and standard deviation of age at first referral, years.

    male, female: how often it is the main disorder of a referred child, relative to the others.
    adult: the same for a person first referred as an adult. cause: its name in effects.EFFECTS.
    codes: ICD-10 codes (World Health Organization, 10th revision) as CRIS records them.
    """

    group: str
    cause: str
    male: float
    female: float
    adult: float
    onset: tuple[float, float]
    codes: tuple[str, ...]


DISORDERS = (
    Disorder(
        group="Psychosis (F20-F29)",
        cause="psychosis",
        male=0.028,
        female=0.011,
        adult=0.14,
        onset=(15.6, 1.4),
        codes=("F20.0", "F20.9", "F22.0", "F23.0", "F23.9", "F25.9", "F29"),
    ),
    Disorder(
        group="Mood (F30-F39)",
        cause="mood",
        male=0.14,
        female=0.30,
        adult=0.40,
        onset=(14.6, 1.9),
        codes=("F31.9", "F32.0", "F32.1", "F32.2", "F32.9", "F33.1", "F34.1"),
    ),
    Disorder(
        group="Neurotic (F40-F48)",
        cause="neurotic",
        male=0.20,
        female=0.34,
        adult=0.30,
        onset=(12.4, 3.0),
        codes=("F40.1", "F41.0", "F41.1", "F41.9", "F42.2", "F43.1", "F43.2", "F44.4"),
    ),
    Disorder(
        group="Neurodevelopmental (F80-F98)",
        cause="neurodevelopmental",
        male=0.42,
        female=0.17,
        adult=0.06,
        onset=(8.6, 3.0),
        codes=("F80.9", "F84.0", "F84.5", "F90.0", "F90.1", "F91.3", "F93.0", "F95.2", "F98.0"),
    ),
    Disorder(
        group="Other",
        cause="other disorder",
        male=0.20,
        female=0.17,
        adult=0.10,
        onset=(12.0, 3.4),
        codes=("F10.1", "F12.1", "F50.0", "F50.9", "F60.3", "F64.2", "F70", "Z63.7", "X78"),
    ),
)
_CHILD_REFERRALS, _ADULT_REFERRALS = 0.165, 0.30
_YEAR = 365.25


def main_disorder(rng: np.random.Generator, is_female: np.ndarray) -> np.ndarray:
    """The main disorder (position in DISORDERS) that each person has, were they referred."""
    found = np.empty(len(is_female), dtype=np.int8)
    for female in (True, False):
        chosen = is_female == female
        shares = tuple(d.female if female else d.male for d in DISORDERS)
        found[chosen] = choose(rng, shares, int(chosen.sum()))
    return found


def child_referral_age(
    rng: np.random.Generator, disorder: np.ndarray, poor: np.ndarray, minority: np.ndarray
) -> np.ndarray:
    """Age in years (with fractions, 2 to below 18) at first referral; not a number for never.

    poor: eligible for free school meals. minority: any group but White British.
    """
    odds = _CHILD_REFERRALS / (1 - _CHILD_REFERRALS)
    odds = odds * np.where(poor, size("free school meals", _REFERRAL), 1.0)
    odds = odds * np.where(minority, size("minority ethnic group", _REFERRAL), 1.0)
    referred = rng.random(len(disorder)) < odds / (1 + odds)
    mean = np.array([d.onset[0] for d in DISORDERS])[disorder]
    spread = np.array([d.onset[1] for d in DISORDERS])[disorder]
    age = np.clip(rng.normal(mean, spread), 2.0, 17.99)
    return np.where(referred, age, np.nan)


def adult_referral_age(rng: np.random.Generator, people: int) -> np.ndarray:
    """Age at a first referral to adult services (18 to 80); not a number for never."""
    referred = rng.random(people) < _ADULT_REFERRALS
    return np.where(referred, 18 + 62 * rng.beta(1.2, 2.2, people), np.nan)


def adult_disorder(rng: np.random.Generator, people: int) -> np.ndarray:
    """The main disorder of people first referred as adults."""
    return choose(rng, tuple(d.adult for d in DISORDERS), people).astype(np.int8)
