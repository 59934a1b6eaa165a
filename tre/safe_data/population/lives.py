"""Lives: what happened to people that a register may later know of."""

from dataclasses import dataclass

import numpy as np

from tre.safe_data.chance import stream
from tre.safe_data.population.addresses import Addresses, Directory
from tre.safe_data.population.calendar import (
    FIRST_DAY,
    FIRST_SCHOOL_YEAR,
    LAST_DAY,
    LAST_SCHOOL_YEAR,
    ages,
    birth_cohort,
)
from tre.safe_data.population.disorders import (
    DISORDERS,
    adult_disorder,
    adult_referral_age,
    child_referral_age,
    main_disorder,
)
from tre.safe_data.population.families import Families

_PRIVATE_BASE, _PRIVATE_A_DECILE, _NEVER_IN_A_STATE_SCHOOL = 0.01, 0.009, 0.055
_NEURODEVELOPMENTAL = next(
    i for i, disorder in enumerate(DISORDERS) if disorder.cause == "neurodevelopmental"
)
NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """One value a person.

    imd_decile: of the home in which the person grew up. is_poor: eligible for free school meals
    at school. has_needs, has_plan: special educational needs, and those with a plan.
    referred: day of first referral to SLaM, NEVER for none. disorder: position in DISORDERS of
    the most severe one. second: another, -1 for none. ability: standard score
    that both key stages share.
    is_pupil: at a state school in some school year on record.
    """

    imd_decile: np.ndarray
    is_poor: np.ndarray
    has_needs: np.ndarray
    has_plan: np.ndarray
    referred: np.ndarray
    disorder: np.ndarray
    second: np.ndarray
    ability: np.ndarray
    is_pupil: np.ndarray

    def is_child_patient(self, born: np.ndarray) -> np.ndarray:
        """Who was first referred before the eighteenth birthday."""
        return (self.referred < NEVER) & (ages(born, np.minimum(self.referred, LAST_DAY)) < 18)


def make_lives(seed: int, families: Families, addresses: Addresses, directory: Directory) -> Lives:
    """Give every person a life; brothers and sisters share means, schools and postcode."""
    rng = stream(seed, "lives")
    people = len(families.born)
    everyone = np.arange(people)
    childhood = np.clip(families.born + 9 * 365, FIRST_DAY, LAST_DAY)
    decile = directory.imd_decile[addresses.on(everyone, childhood)]
    of_family = rng.random((int(families.family.max()) + 1, 2))[families.family]
    is_poor = of_family[:, 0] < np.array([0.40 - 0.035 * d for d in range(1, 11)])[decile - 1]
    disorder, referred = _referrals(rng, families, is_poor)
    is_referred = referred < NEVER
    second = np.where(
        is_referred & (rng.random(people) < 0.25), main_disorder(rng, families.is_female), -1
    )
    neurodevelopmental = is_referred & (disorder == _NEURODEVELOPMENTAL)
    needs = np.where(families.is_female, 0.11, 0.19) + np.where(is_poor, 0.07, 0.0)
    has_needs = rng.random(people) < np.where(neurodevelopmental, 0.62, needs)
    return Lives(
        imd_decile=decile,
        is_poor=is_poor,
        has_needs=has_needs,
        has_plan=has_needs & (rng.random(people) < np.where(neurodevelopmental, 0.4, 0.18)),
        referred=referred.astype(np.int32),
        disorder=np.where(second >= 0, np.minimum(disorder, second), disorder).astype(np.int8),
        second=np.where(
            (second == disorder) | (second < 0), -1, np.maximum(disorder, second)
        ).astype(np.int8),
        ability=rng.normal(0, 1, people),
        is_pupil=_pupils(rng, families, decile, of_family[:, 1], is_poor),
    )


def _referrals(
    rng: np.random.Generator, families: Families, is_poor: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The main disorder, and the day of the first referral; only days on record count."""
    people = len(families.born)
    disorder = main_disorder(rng, families.is_female)
    age = child_referral_age(rng, disorder, is_poor, families.group > 0)
    later, adults = adult_referral_age(rng, people), adult_disorder(rng, people)
    disorder = np.where(np.isnan(age), adults, disorder).astype(np.int8)
    age = np.where(np.isnan(age), later, age)
    known = np.where(np.isnan(age), 200.0, age)
    day = families.born + (known * 365.25).astype(np.int64)
    return disorder, np.where((day >= FIRST_DAY) & (day <= LAST_DAY), day, NEVER)


def _pupils(
    rng: np.random.Generator,
    families: Families,
    decile: np.ndarray,
    luck_of_family: np.ndarray,
    is_poor: np.ndarray,
) -> np.ndarray:
    """Who is at a state school in a year on record: not private, taught at home, or abroad."""
    cohort = birth_cohort(families.born)
    of_age = (cohort + 11 >= FIRST_SCHOOL_YEAR) & (cohort <= LAST_SCHOOL_YEAR)
    private = (luck_of_family < _PRIVATE_BASE + _PRIVATE_A_DECILE * decile) & ~is_poor
    away = rng.random(len(cohort)) < _NEVER_IN_A_STATE_SCHOOL
    return of_age & ~private & ~away
