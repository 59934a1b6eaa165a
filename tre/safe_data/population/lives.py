"""Lives: what happened to people that a register may later know of."""

from dataclasses import dataclass

import numpy as np

from tre.safe_data.chance import stream
from tre.safe_data.effects import size
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
from tre.safe_data.population.names import GROUPS

_PRIVATE_BASE, _PRIVATE_A_DECILE, _NEVER_IN_A_STATE_SCHOOL = 0.01, 0.009, 0.055
_PATIENT_NEVER = 0.108
"""The same of a patient of child services first referred before the age of 7: with the private
schools, those who come from abroad or are taught in hospital. Calibrated so that, as in Downs 2019,
82.5 % of patients are linked, and by age at referral as many as there."""
_NEURODEVELOPMENTAL = next(
    i for i, disorder in enumerate(DISORDERS) if disorder.cause == "neurodevelopmental"
)
NEVER = np.iinfo(np.int32).max
_ASIAN = GROUPS.index("Asian")
_BANDS = (
    (7, 11, "first referral at 7 to 11"),
    (12, 15, "first referral at 12 to 15"),
    (16, 17, "first referral at 16 or 17"),
)
_COVERED = {
    cause: size(cause, "linked with the NPD") ** 1.35
    for cause in (*(band[2] for band in _BANDS), "Asian")
}
"""Odds of a school record. Raised, since private schools and errors of spelling, which the linked
lack too, depend on these less: what a study of the linked finds is then as published."""


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
        is_pupil=_pupils(rng, families, (decile, is_poor, of_family[:, 1]), referred),
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
    means: tuple[np.ndarray, np.ndarray, np.ndarray],
    referred: np.ndarray,
) -> np.ndarray:
    """Who is at a state school in a year on record: not private, taught at home, or abroad.

    means: deprivation decile, eligible for free meals, luck of the family.
    """
    decile, is_poor, luck_of_family = means
    cohort = birth_cohort(families.born)
    of_age = (cohort + 11 >= FIRST_SCHOOL_YEAR) & (cohort <= LAST_SCHOOL_YEAR)
    private = (luck_of_family < _PRIVATE_BASE + _PRIVATE_A_DECILE * decile) & ~is_poor
    away = rng.random(len(cohort)) < _never_in_a_state_school(families, referred)
    return of_age & ~private & ~away


def _never_in_a_state_school(families: Families, referred: np.ndarray) -> np.ndarray:
    """How likely that is; for child patients by age at first referral and ethnic group."""
    age = ages(families.born, np.minimum(referred, LAST_DAY))
    odds = np.full(len(age), _PATIENT_NEVER / (1 - _PATIENT_NEVER))
    for first, last, cause in _BANDS:
        odds[(age >= first) & (age <= last)] /= _COVERED[cause]
    odds = odds / np.where(families.group == _ASIAN, _COVERED["Asian"], 1.0)
    child = (referred < NEVER) & (age < 18)
    return np.where(child, odds / (1 + odds), _NEVER_IN_A_STATE_SCHOOL)
