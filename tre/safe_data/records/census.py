"""The Census of 27 March 2011: who answered it, and what they answered.

Who is missing was not in the country yet, or did not answer. How likely that is follows the
published shares of SLaM patients who were linked (Cybulski 2024), so that a study of linked
people is biased as a real one is.
"""

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import FIRST_DAY, ages, day
from tre.safe_data.population.disorders import DISORDERS
from tre.safe_data.population.families import CHILD
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.names import GROUPS
from tre.safe_data.population.population import Population
from tre.safe_data.records import people
from tre.safe_data.records.days import last_days
from tre.safe_data.records.odds import with_odds
from tre.safe_data.records.register import ROW, Register

CENSUS_DAY = day(2011, 3, 27)
_YOUNG, _LINKED = (25, 34), "linked with Census 2011"
ANSWERED = 0.735
"""Share who answer of those least likely to be missing: White British, least deprived, not young.
Calibrated so that 50.4 % of the patients born by then are linked."""
_FOUND = 0.985
"""Times as many of those with a record are matched, since their names go wrong more often."""
_GROUPS = {
    "White Other": 0.72,
    "Black African": size("Black African", _LINKED) / _FOUND,
    "Black Caribbean": 0.86,
    "Asian": 0.78,
    "Mixed": 0.86,
    "Other": 0.70,
}
"""Times so likely to be found as White British people: published for Black African, assumed for
the others, in the direction of the paper."""
TENURES = ("Owned", "Social rented", "Private rented")
BIRTHPLACES = ("United Kingdom", "Europe", "Africa", "Asia", "Americas and the Caribbean", "Other")
CITIZENSHIPS = ("British", "Other European", "Other")
HEALTH = ("Very good", "Good", "Fair", "Bad", "Very bad")
ACTIVITY = (
    "Employed", "Unemployed", "Student", "Retired", "Looking after home", "Long-term sick",
    "Not of age",
)  # fmt: skip
_FROM = {
    "White British": (0.96, 0.02, 0.005, 0.005, 0.005, 0.005),
    "White Other": (0.22, 0.66, 0.02, 0.02, 0.04, 0.04),
    "Black African": (0.36, 0.03, 0.60, 0.0, 0.0, 0.01),
    "Black Caribbean": (0.62, 0.01, 0.01, 0.0, 0.35, 0.01),
    "Asian": (0.46, 0.02, 0.05, 0.46, 0.0, 0.01),
    "Mixed": (0.80, 0.06, 0.05, 0.03, 0.05, 0.01),
    "Other": (0.25, 0.15, 0.10, 0.20, 0.25, 0.05),
}
"""Country of birth of adults: shaped after ONS, Census 2011, DC2205EW, rounded."""
_SICK, _UNEMPLOYED, _YEAR = 0.05, 0.08, 365.25
_GROWN = 16


def simulate(population: Population) -> Register:
    """Everybody who answered, with their answers."""
    rng = stream(population.seed, "Census 2011")
    everybody = np.flatnonzero(
        (population.families.born <= CENSUS_DAY) & (population.health.died > CENSUS_DAY)
    )
    found = rng.random(len(everybody)) < answers(population, everybody)
    asked = everybody[found]
    seen = np.full(len(asked), CENSUS_DAY, dtype=np.int32)
    return Register(
        people=asked,
        seen=seen,
        tables={
            "census2011_people": people.describe(population, asked, seen, rng),
            "census_answers": social(population, asked),
            "census_households": _households(rng, population, asked),
        },
    )


def answers(population: Population, who: np.ndarray) -> np.ndarray:
    """How likely each of these residents is to have a census record."""
    families = population.families
    age = ages(families.born[who], np.full(len(who), CENSUS_DAY))
    groups = np.array([_GROUPS.get(group, 1.0) for group in GROUPS])
    # Deprivation as CRIS has it, of the last address: the published figure is by that.
    where = population.addresses.on(who, last_days(population, who))
    fifth = (population.directory.imd_decile[where].astype(np.int64) - 1) // 2
    poorest = size("most deprived fifth", _LINKED) ** ((4 - fifth) / 4)
    young = (age >= _YOUNG[0]) & (age <= _YOUNG[1])
    return (
        ANSWERED
        * groups[families.group[who]]
        * poorest
        * np.where(young, size("aged 25 to 34", _LINKED), 1.0)
    )


def prone(population: Population, who: np.ndarray) -> np.ndarray:
    """Whom the census wrote down wrongly more often than others: people born abroad."""
    times = np.where(population.families.group[who] > 0, 1.3, 1.0)
    return times / times.mean()


def social(population: Population, who: np.ndarray) -> pl.DataFrame:
    """What these people answer, or would have: one row each, `row` the position in `who`.

    Each has luck of their own, so that the answers do not depend on who else is asked.
    """
    rng = stream(population.seed, "Census 2011: answers")
    luck = rng.random((population.people, 6), dtype=np.float32)[who]
    age = ages(population.families.born[who], np.full(len(who), CENSUS_DAY))
    birthplace = _birthplace(population, who, luck[:, 0])
    native = birthplace == 0
    british = native | (luck[:, 1] < 0.45)
    passport = np.where(british, 0, np.where(birthplace == 1, 1, 2))
    years = np.maximum(age, 1)
    arrived = 2011 - np.minimum((luck[:, 2] ** 1.5 * years).astype(np.int64), age)
    return pl.DataFrame(
        {
            ROW: np.arange(len(who), dtype=np.int32),
            "age": age.astype(np.int16),
            "country_of_birth": _named(BIRTHPLACES, birthplace),
            "citizenship": _named(CITIZENSHIPS, passport),
            "year_of_arrival": pl.Series(arrived.astype(np.int16)).set(pl.Series(native), None),
            "moved_in_last_year": luck[:, 3] < np.where((age > 17) & (age < 35), 0.28, 0.10),
            "activity": _named(ACTIVITY, _activity(population, who, age, luck[:, 4])),
            "general_health": _named(HEALTH, _health(population, who, age, luck[:, 5])),
        }
    )


def _named(names: tuple[str, ...], positions: np.ndarray) -> pl.Series:
    return pl.Series(np.array(names)[positions]).cast(pl.Enum(names))


def _birthplace(population: Population, who: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """A position in BIRTHPLACES; whoever was born after the records begin was born here."""
    families = population.families
    edges = np.array([np.cumsum(_FROM[group]) for group in GROUPS])[families.group[who]]
    grown = (luck[:, None] * edges[:, -1:] >= edges[:, :-1]).sum(axis=1)
    return np.where(families.born[who] >= FIRST_DAY, 0, grown)


def sickness(population: Population, who: np.ndarray) -> np.ndarray:
    """How likely each of these is, at working age, to be long-term sick or disabled."""
    lives, outcome = population.lives, "long-term sick in 2011"
    effects = np.array([size(one.cause, outcome) for one in DISORDERS] + [1.0])
    disorder = np.where(lives.referred[who] < NEVER, lives.disorder[who], -1)
    deprived = size("one decile less deprived", outcome) ** (lives.imd_decile[who] - 5.0)
    return with_odds(_SICK, effects[disorder] * deprived)


def _activity(
    population: Population, who: np.ndarray, age: np.ndarray, luck: np.ndarray
) -> np.ndarray:
    """A position in ACTIVITY, by age and the chance of being sick."""
    sick = sickness(population, who)
    left = (luck - sick) / (1 - sick)
    at_home = np.where(population.families.is_female[who], 0.13, 0.02)
    working = np.select(
        [luck < sick, left < _UNEMPLOYED, left < _UNEMPLOYED + at_home, (age < 23) & (left < 0.6)],
        [5, 1, 4, 2],
        0,
    )
    return np.select([age < 16, age >= 66], [6, 3], working)


def _health(
    population: Population, who: np.ndarray, age: np.ndarray, luck: np.ndarray
) -> np.ndarray:
    """A position in HEALTH: worse with age, and with an illness known on the day."""
    health = population.health
    ill = np.zeros(len(who))
    for known in (health.cancer, health.kidney, health.hiv, population.lives.referred):
        ill += known[who] <= CENSUS_DAY
    worse = luck**1.6 * (1.3 + age / 22.0 + 1.2 * ill)
    return np.clip(worse, 0, len(HEALTH) - 1).astype(np.int64)


def _households(
    rng: np.random.Generator, population: Population, asked: np.ndarray
) -> pl.DataFrame:
    """The household of each person: the people of one home on census day, and its tenure."""
    homes = population.addresses
    household = _home(population)
    size_of, dependent = _members(population, household)
    luck = rng.random(len(homes.since))[household[asked]]
    where = population.addresses.on(asked, np.full(len(asked), CENSUS_DAY))
    decile = population.directory.imd_decile[where].astype(np.float64)
    owned = 0.18 + 0.055 * decile
    tenure = np.where(luck < owned, 0, np.where(luck < owned + (1 - owned) * 0.55, 1, 2))
    rooms = 1 + np.minimum(choose(rng, (0.1, 0.25, 0.3, 0.2, 0.15), len(homes.since)), 4)
    return pl.DataFrame(
        {
            ROW: np.arange(len(asked), dtype=np.int32),
            "household_size": size_of[asked].astype(np.int16),
            "dependent_children": dependent[asked].astype(np.int16),
            "bedrooms": np.clip(rooms[household[asked]], 1, 5).astype(np.int16),
            "tenure": _named(TENURES, tenure),
            "has_car": rng.random(len(homes.since))[household[asked]] < 0.3 + 0.05 * decile,
        }
    )


def _home(population: Population) -> np.ndarray:
    """The household of everybody on census day: the one of their family, or their own."""
    homes = population.addresses
    own = (homes.own_household >= 0) & (homes.left_home <= CENSUS_DAY)
    return np.where(own, homes.own_household, homes.household)


def _members(population: Population, household: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many people and how many children under 16 are in each person's household.

    A child none of whose parents is alive and grown lives with one adult or two of whom the
    simulator knows nothing: parents of those who have families of their own today, or guardians.
    """
    living = (population.families.born <= CENSUS_DAY) & (population.health.died > CENSUS_DAY)
    age = ages(population.families.born, np.full(population.people, CENSUS_DAY))
    child, grown = living & (age < _GROWN), living & (age >= _GROWN)
    apart = child & ~_has_parent(population, grown)
    with_adults = _elsewhere(population, apart, household)
    adults = stream(population.seed, "Census 2011: guardians").integers(1, 3, population.people)
    size_of = np.bincount(with_adults[living], minlength=int(with_adults.max()) + 1)
    dependent = np.bincount(with_adults[child], minlength=len(size_of))
    more = np.zeros(len(size_of), dtype=np.int64)
    more[with_adults[apart]] = adults[apart]
    return (size_of + more)[with_adults], dependent[with_adults]


def _has_parent(population: Population, grown: np.ndarray) -> np.ndarray:
    """Who has a mother or father among these."""
    parents = (population.families.mother, population.families.father)
    return np.any([(parent >= 0) & grown[parent] for parent in parents], axis=0)


def _elsewhere(population: Population, apart: np.ndarray, household: np.ndarray) -> np.ndarray:
    """Households in which these have new ones: brothers and sisters together, others alone."""
    families = population.families
    alone = int(families.family.max()) + 1 + np.arange(population.people)
    group = np.where(families.role == CHILD, families.family, alone)[apart]
    moved = household.astype(np.int64)
    moved[apart] = len(population.addresses.since) + np.unique(group, return_inverse=True)[1]
    return moved
