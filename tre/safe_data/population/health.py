"""Health: deaths and the long illnesses that several registers know of, the same in all of them.

Everybody lives to the first day on record at least (or is born later), to their first referral and
to the birth of their last child; from then on the hazard is Gompertz's, times what the planted
effects say. Rates are assumed, near those of England; chronic kidney disease and HIV are made two
to three times as common as in life, so that a small world has enough of them to study.
"""

from dataclasses import dataclass

import numpy as np

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import FIRST_DAY, LAST_DAY
from tre.safe_data.population.disorders import DISORDERS
from tre.safe_data.population.families import Families
from tre.safe_data.population.lives import NEVER, Lives

_YEAR = 365.25
_GOMPERTZ_A, _GOMPERTZ_B = 3.0e-5, 0.095
"""Hazard of death a year at age a: A exp(B a); 0.0005 at 30, 0.023 at 70, 0.1 at 85."""
_DEATH, _CANCER_DEATH = "death", "death after cancer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A kind of cancer. share: of all cancers of (men, women). stages: shares of stages 1 to 4."""

    code: str
    name: str
    share: tuple[float, float]
    stages: tuple[float, float, float, float]


# Shares and stages: shaped after NHS Digital, Cancer registration statistics, England, rounded.
SITES = (
    Site(code="C50.9", name="Breast", share=(0.002, 0.31), stages=(0.43, 0.38, 0.12, 0.07)),
    Site(code="C61", name="Prostate", share=(0.28, 0.0), stages=(0.35, 0.21, 0.24, 0.20)),
    Site(code="C34.9", name="Lung", share=(0.14, 0.13), stages=(0.20, 0.09, 0.21, 0.50)),
    Site(code="C18.9", name="Colon", share=(0.13, 0.11), stages=(0.17, 0.27, 0.30, 0.26)),
    Site(code="C43.9", name="Skin melanoma", share=(0.05, 0.05), stages=(0.70, 0.19, 0.08, 0.03)),
    Site(code="C67.9", name="Bladder", share=(0.045, 0.016), stages=(0.45, 0.30, 0.08, 0.17)),
    Site(code="C56", name="Ovary", share=(0.0, 0.045), stages=(0.33, 0.08, 0.36, 0.23)),
    Site(code="C85.9", name="Lymphoma", share=(0.05, 0.04), stages=(0.20, 0.20, 0.25, 0.35)),
    Site(code="C25.9", name="Pancreas", share=(0.03, 0.03), stages=(0.09, 0.20, 0.18, 0.53)),
    Site(code="C80.9", name="Other", share=(0.273, 0.269), stages=(0.30, 0.22, 0.20, 0.28)),
)
_CANCER_BY_85, _CANCER_AGE = 0.38, (65.0, 13.0)
_DEATH_BY_STAGE = (0.012, 0.035, 0.13, 0.60)
"""Hazard of death from cancer a year, by stage 1 to 4."""
_KIDNEY_BY_85, _KIDNEY_AGE = 0.20, (62.0, 15.0)
_HIV, _HIV_AGE = 0.025, (34.0, 9.0)

CAUSES = (
    ("I21.9", 0.16), ("I25.1", 0.09), ("I63.9", 0.08), ("J44.9", 0.08), ("J18.9", 0.09),
    ("G30.9", 0.08), ("F03", 0.09), ("K70.3", 0.03), ("E14.9", 0.03), ("I50.9", 0.06),
    ("A41.9", 0.03), ("N39.0", 0.02), ("K92.2", 0.02), ("R54", 0.03), ("U07.1", 0.06),
    ("V89.2", 0.01), ("X44", 0.02), ("X70", 0.02),
)  # fmt: skip
"""ICD-10 causes of death other than cancer, and their shares among those aged 50 and over."""
CAUSES_OF_THE_YOUNG = (
    ("X70", 0.24), ("X44", 0.16), ("V89.2", 0.14), ("I21.9", 0.10), ("K70.3", 0.09),
    ("G40.9", 0.06), ("J45.9", 0.04), ("A41.9", 0.04), ("Q24.9", 0.06), ("U07.1", 0.04),
    ("R99", 0.03),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One value a person; days since 1970, NEVER for what does not happen by the last day.

    died: day of death. cause: its ICD-10 code, "" for the living. cancer: day of diagnosis.
    site: position in SITES, stage: 1 to 4, where there is a cancer. kidney: day on which chronic
    kidney disease was known, kidney_stage: the stage it reaches, 1 to 5. hiv: day of diagnosis.
    """

    died: np.ndarray
    cause: np.ndarray
    cancer: np.ndarray
    site: np.ndarray
    stage: np.ndarray
    kidney: np.ndarray
    kidney_stage: np.ndarray
    hiv: np.ndarray

    def alive_on(self, people: np.ndarray, days: np.ndarray | int) -> np.ndarray:
        """Who of these people lives on a day of their own; also those not yet born."""
        return self.died[people] > days


def is_severe(lives: Lives) -> np.ndarray:
    """Who has a severe mental illness: psychosis, and a first referral by the last day."""
    return (lives.referred < NEVER) & (lives.disorder == 0)


def make_health(seed: int, families: Families, lives: Lives) -> Health:
    """Give everybody illnesses and, to some, a death."""
    rng = stream(seed, "health")
    people = len(families.born)
    born = families.born.astype(np.int64)
    alive_until = _alive_until(families, lives)
    cancer, site, stage = _cancers(rng, families, born)
    expected = _other_death(rng, families, lives, alive_until)
    of_cancer = _cancer_death(rng, lives, (cancer, stage), alive_until)
    died = np.minimum(expected, of_cancer)
    kidney, kidney_stage = _kidneys(rng, lives, born)
    hiv = _onset(rng, born, _HIV, _HIV_AGE, np.ones(people))
    cause = _causes(rng, born, died, np.where(of_cancer < expected, site, -1))
    return Health(
        died=_until(died, np.full(people, LAST_DAY)),
        cause=np.where(died <= LAST_DAY, cause, ""),
        cancer=_until(cancer, np.minimum(died - 1, LAST_DAY)),
        site=site,
        stage=stage,
        kidney=_until(kidney, np.minimum(died - 1, LAST_DAY)),
        kidney_stage=kidney_stage,
        hiv=_until(hiv, np.minimum(died - 1, LAST_DAY)),
    )


def _until(days: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Days up to the last; NEVER for those after it."""
    return np.where(days <= last, days, NEVER).astype(np.int32)


def _alive_until(families: Families, lives: Lives) -> np.ndarray:
    """The day to which each person is known to live."""
    until = np.maximum(families.born.astype(np.int64), FIRST_DAY)
    referred = np.where(lives.referred < NEVER, lives.referred, 0)
    until = np.maximum(until, referred)
    for parent in (families.mother, families.father):
        children = np.flatnonzero(parent >= 0)
        np.maximum.at(until, parent[children], families.born[children].astype(np.int64))
    return until


def _multiplier(families: Families, lives: Lives) -> np.ndarray:
    """How many times likelier than others' each person's death is, from the first referral on."""
    sizes = np.array([size(disorder.cause, _DEATH) for disorder in DISORDERS])
    of_disorder = np.where(lives.referred < NEVER, sizes[lives.disorder], 1.0)
    sex = np.where(families.is_female, 1.0, size("male", _DEATH))
    deprived = size("one decile less deprived", _DEATH) ** (lives.imd_decile - 5.0)
    return of_disorder * sex * deprived


def _other_death(
    rng: np.random.Generator, families: Families, lives: Lives, alive_until: np.ndarray
) -> np.ndarray:
    """The day of a death from anything but cancer: Gompertz, from the day known to be alive on."""
    born = families.born.astype(np.int64)
    start = (alive_until - born) / _YEAR
    hazard = rng.exponential(1.0, len(born)) / _multiplier(families, lives)
    # H(a) = A/B (exp(B a) - 1): solve H(death) = H(start) + hazard for the age at death.
    level = np.exp(_GOMPERTZ_B * start) + hazard * _GOMPERTZ_B / _GOMPERTZ_A
    age = np.log(level) / _GOMPERTZ_B
    return np.maximum(born + (age * _YEAR).astype(np.int64), alive_until + 1)


def _onset(
    rng: np.random.Generator,
    born: np.ndarray,
    share: float,
    age: tuple[float, float],
    times: np.ndarray,
) -> np.ndarray:
    """The day of an illness that a share of people gets, with odds so many times larger."""
    odds = share / (1 - share) * times
    has = rng.random(len(born)) < odds / (1 + odds)
    years = np.clip(rng.normal(*age, len(born)), 16, 100)
    return np.where(has, born + (years * _YEAR).astype(np.int64), np.int64(NEVER))


def _cancers(rng: np.random.Generator, families: Families, born: np.ndarray):
    """Day of diagnosis, site and stage."""
    day = _onset(rng, born, _CANCER_BY_85, _CANCER_AGE, np.ones(len(born)))
    site, stage = np.zeros(len(born), dtype=np.int8), np.zeros(len(born), dtype=np.int8)
    for female in (False, True):
        chosen = np.flatnonzero(families.is_female == female)
        shares = tuple(one.share[int(female)] for one in SITES)
        site[chosen] = choose(rng, shares, len(chosen))
    for position, one in enumerate(SITES):
        chosen = np.flatnonzero(site == position)
        stage[chosen] = choose(rng, one.stages, len(chosen)) + 1
    return day, site, stage


def _cancer_death(
    rng: np.random.Generator,
    lives: Lives,
    cancers: tuple[np.ndarray, np.ndarray],
    alive_until: np.ndarray,
) -> np.ndarray:
    """The day of a death from cancer; severe mental illness makes it likelier."""
    day, stage = cancers
    severe = is_severe(lives)
    rate = np.array(_DEATH_BY_STAGE)[np.maximum(stage, 1) - 1]
    rate = rate * np.where(severe, size("psychosis", _CANCER_DEATH), 1.0)
    waits = rng.exponential(1.0, len(day)) / rate
    begins = np.maximum(day, alive_until)
    death = begins + 1 + (waits * _YEAR).astype(np.int64)
    return np.where(day < NEVER, death, np.int64(NEVER))


def _kidneys(rng: np.random.Generator, lives: Lives, born: np.ndarray):
    """Day on which chronic kidney disease is known, and the stage that it reaches."""
    times = np.where(is_severe(lives), size("psychosis", "chronic kidney disease"), 1.0)
    day = _onset(rng, born, _KIDNEY_BY_85, _KIDNEY_AGE, times)
    stage = choose(rng, (0.05, 0.15, 0.55, 0.15, 0.10), len(born)) + 1
    return day, stage.astype(np.int8)


def _causes(
    rng: np.random.Generator, born: np.ndarray, died: np.ndarray, site: np.ndarray
) -> np.ndarray:
    """ICD-10 codes: of the cancer where that is the cause, else by age."""
    older = np.array([code for code, _ in CAUSES], dtype="U6")
    young = np.array([code for code, _ in CAUSES_OF_THE_YOUNG], dtype="U6")
    of_old = older[choose(rng, tuple(share for _, share in CAUSES), len(born))]
    of_young = young[choose(rng, tuple(s for _, s in CAUSES_OF_THE_YOUNG), len(born))]
    sites = np.array([one.code for one in SITES], dtype="U6")
    other = np.where(died - born < 50 * _YEAR, of_young, of_old)
    # Covid-19 (U07.1) is no cause before the pandemic.
    before = (other == "U07.1") & (died < 18_322)
    return np.where(site >= 0, sites[site], np.where(before, "J18.9", other))
