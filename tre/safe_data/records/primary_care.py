"""Primary care of Lambeth: who is registered, what they come for, and depression's treatment."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import FIRST_DAY, LAST_DAY, day
from tre.safe_data.population.disorders import DISORDERS
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.places import PLACES
from tre.safe_data.population.population import Population
from tre.safe_data.records import people
from tre.safe_data.records.days import between, dates, last_days, repeated
from tre.safe_data.records.events import Rate, events
from tre.safe_data.records.odds import with_odds
from tre.safe_data.records.register import ROW, Register

LAMBETH = next(number for number, place in enumerate(PLACES) if place.name == "Lambeth")
_REGISTERED, _FROM_OUTSIDE = 0.97, 0.012
"""Share of Lambeth's residents with a practice there, and of other people: assumed."""
PRACTICES = tuple(f"Practice {number:02d}" for number in range(1, 41))
CONSULTATIONS_FROM = (day(2015, 4, 1), LAST_DAY)
_CONSULTS_AT = (1.1, 0.6, 0.8, 1.0, 1.0, 1.2, 1.5, 1.9, 2.3, 2.3)
"""A year, by decade of age: a third of what NHS Digital counts, so that a large world is small."""
MODES = ("Face to face", "Telephone", "Online", "Home visit")
_MODES_BEFORE, _MODES_SINCE = (0.78, 0.17, 0.02, 0.03), (0.50, 0.40, 0.08, 0.02)
_ANTIDEPRESSANT = 0.07
_ADULT, _YEAR, _MONTH = 18 * 365.25, 365.25, 30
DRUGS = (
    ("Sertraline", 0.36), ("Citalopram", 0.20), ("Fluoxetine", 0.14), ("Mirtazapine", 0.16),
    ("Venlafaxine", 0.07), ("Escitalopram", 0.07),
)  # fmt: skip
"""British National Formulary, chapter 4.3, and shares: assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A diagnosis that practices keep a list of. share: of people at 75. from_age: in years.

    code, term: SNOMED CT.
    """

    code: str
    term: str
    share: float
    from_age: int


CONDITIONS = (
    Condition(code="38341003", term="Hypertensive disorder", share=0.50, from_age=30),
    Condition(code="44054006", term="Type 2 diabetes mellitus", share=0.18, from_age=30),
    Condition(code="195967001", term="Asthma", share=0.12, from_age=4),
    Condition(
        code="13645005", term="Chronic obstructive pulmonary disease", share=0.08, from_age=40
    ),
    Condition(code="53741008", term="Coronary arteriosclerosis", share=0.11, from_age=40),
    Condition(code="40930008", term="Hypothyroidism", share=0.06, from_age=25),
    Condition(code="414915002", term="Obese", share=0.25, from_age=18),
    Condition(code="84757009", term="Epilepsy", share=0.015, from_age=1),
)  # fmt: skip
DEPRESSION = ("35489007", "Depressive disorder")
PSYCHOSIS = ("69322001", "Psychotic disorder")
CANCER, KIDNEY = (
    ("363346000", "Malignant neoplastic disease"),
    ("709044004", "Chronic kidney disease"),
)
CODES = tuple(
    sorted({one.code for one in CONDITIONS} | {DEPRESSION[0], PSYCHOSIS[0], CANCER[0], KIDNEY[0]})
)
TERMS = tuple(
    sorted({one.term for one in CONDITIONS} | {DEPRESSION[1], PSYCHOSIS[1], CANCER[1], KIDNEY[1]})
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The people of the practices: rows of the population; first and last day with a practice."""

    people: np.ndarray
    registered: np.ndarray
    left: np.ndarray


def simulate(population: Population) -> Register:
    """Everybody registered in Lambeth on the last day, or until death."""
    rng = stream(population.seed, "Lambeth DataNet")
    listed = _registered(rng, population)
    practice = rng.integers(0, len(PRACTICES), int(population.families.family.max()) + 1)
    practice = practice[population.families.family[listed.people]]
    gone = population.health.died[listed.people] < NEVER
    registrations = pl.DataFrame(
        {
            ROW: np.arange(len(listed.people), dtype=np.int32),
            "registered": dates(listed.registered),
            "left": dates(np.where(gone, listed.left, NEVER)),
            "practice": pl.Series(np.array(PRACTICES)[practice]).cast(pl.Enum(PRACTICES)),
        }
    )
    return Register(
        people=listed.people,
        seen=listed.left,
        tables={
            "ldn_people": people.describe(population, listed.people, listed.left, rng),
            "registrations": registrations,
            "consultations": _consultations(rng, population, listed),
            "primary_care_diagnoses": _diagnoses(rng, population, listed),
            "prescriptions": _prescriptions(rng, population, listed),
        },
    )


def _registered(rng: np.random.Generator, population: Population) -> Listed:
    everybody = np.arange(population.people)
    last = last_days(population, everybody)
    place = population.directory.place[population.addresses.on(everybody, last)]
    share = np.where(place == LAMBETH, _REGISTERED, _FROM_OUTSIDE)
    chosen = np.flatnonzero(rng.random(population.people) < share)
    first = np.minimum(_moved_in(population, chosen, last[chosen]), last[chosen])
    return Listed(people=chosen, registered=first, left=last[chosen])


def _moved_in(population: Population, chosen: np.ndarray, on: np.ndarray) -> np.ndarray:
    """When each of these people came to the home of a day, or was born into it."""
    homes = population.addresses
    own = (homes.own_household[chosen] >= 0) & (homes.left_home[chosen] <= on)
    household = np.where(own, homes.own_household[chosen], homes.household[chosen])
    since = homes.since[household]
    latest = np.where(since <= on[:, None], since, 0).max(axis=1)
    latest = np.maximum(latest, np.where(own, homes.left_home[chosen], 0))
    return np.maximum(np.maximum(latest, population.families.born[chosen]), FIRST_DAY)


def _consultations(
    rng: np.random.Generator, population: Population, listed: Listed
) -> pl.DataFrame:
    effects = tuple(size(disorder.cause, "GP consultation") for disorder in DISORDERS)
    rate = Rate(
        by_age=_CONSULTS_AT, since_referral=effects, cancer=1.4, kidney=1.3, hiv=1.2, spread=2.0
    )
    row, days = events(rng, population, listed.people, rate, CONSULTATIONS_FROM)
    kept = days >= listed.registered[row]
    row, days = row[kept], days[kept]
    before, since = (choose(rng, shares, len(row)) for shares in (_MODES_BEFORE, _MODES_SINCE))
    mode = np.where(days < day(2020, 3, 16), before, since)
    return pl.DataFrame(
        {
            ROW: row,
            "consulted": dates(days),
            "mode": pl.Series(np.array(MODES)[mode]).cast(pl.Enum(MODES)),
            "with_doctor": rng.random(len(row)) < 0.6,
        }
    )


def _diagnoses(rng: np.random.Generator, population: Population, listed: Listed) -> pl.DataFrame:
    """Long-term conditions, each known once, from when it began or the person registered."""
    chosen, health, lives = listed.people, population.health, population.lives
    born = population.families.born[chosen].astype(np.int64)
    parts = []
    for one in CONDITIONS:
        age = (listed.left - born) / _YEAR
        grown = np.clip((age - one.from_age) / (75 - one.from_age), 0, 1.1)
        row = np.flatnonzero(rng.random(len(chosen)) < one.share * grown)
        onset = between(rng, (born + one.from_age * _YEAR)[row].astype(np.int64), listed.left[row])
        parts.append(_known(row, onset, listed, (one.code, one.term)))
    mood = lives.referred[chosen] < NEVER
    mood &= lives.disorder[chosen] == _position("mood")
    share = np.where(mood, 0.8, np.where(listed.left - born > _ADULT, 0.09, 0.01))
    row = np.flatnonzero(rng.random(len(chosen)) < share)
    onset = between(rng, np.maximum(born + 12 * 365, listed.registered)[row], listed.left[row])
    onset = np.where(mood[row], lives.referred[chosen][row], onset)
    parts.append(_known(row, onset, listed, DEPRESSION))
    psychosis = np.where(lives.disorder[chosen] == _position("psychosis"), 1.0, 0.0)
    for since, known, found in (
        (lives.referred[chosen], psychosis, PSYCHOSIS),
        (health.cancer[chosen], np.ones(len(chosen)), CANCER),
        (health.kidney[chosen], np.ones(len(chosen)), KIDNEY),
    ):
        row = np.flatnonzero((since < NEVER) & (rng.random(len(chosen)) < 0.93 * known))
        parts.append(_known(row, since[row], listed, found))
    return pl.concat(parts)


def _position(cause: str) -> int:
    return next(number for number, one in enumerate(DISORDERS) if one.cause == cause)


def _known(
    row: np.ndarray, onset: np.ndarray, listed: Listed, found: tuple[str, str]
) -> pl.DataFrame:
    """The diagnosis as the practice writes it down: not before the person registers."""
    when = np.minimum(np.maximum(onset, listed.registered[row]), listed.left[row])
    return pl.DataFrame(
        {
            ROW: row.astype(np.int32),
            "diagnosed": dates(when),
            "snomed": pl.Series([found[0]] * len(row), dtype=pl.Enum(CODES)),
            "term": pl.Series([found[1]] * len(row), dtype=pl.Enum(TERMS)),
        }
    )


def _prescriptions(
    rng: np.random.Generator, population: Population, listed: Listed
) -> pl.DataFrame:
    """Antidepressants: whether an adult ever has one follows the planted effects."""
    treated = np.flatnonzero(_is_treated(rng, population, listed))
    adult = population.families.born[listed.people[treated]] + _ADULT
    begins = np.maximum(listed.registered[treated], adult.astype(np.int64) + 1)
    first = between(rng, begins, listed.left[treated])
    issues = 1 + np.minimum(rng.geometric(0.14, len(treated)), 35)
    who, number = repeated(issues)
    days = first[who] + number * _MONTH
    kept = days <= listed.left[treated][who]
    names = tuple(name for name, _ in DRUGS)
    drug = choose(rng, tuple(share for _, share in DRUGS), len(treated))[who]
    return pl.DataFrame(
        {
            ROW: treated[who].astype(np.int32),
            "issued": dates(days),
            "drug": pl.Series(np.array(names)[drug]).cast(pl.Enum(names)),
            "days_supplied": np.full(len(who), 28, dtype=np.int16),
        }
    ).filter(pl.Series(kept))


def _is_treated(rng: np.random.Generator, population: Population, listed: Listed) -> np.ndarray:
    lives, chosen = population.lives, listed.people
    effects = np.array([size(one.cause, "antidepressant") for one in DISORDERS] + [1.0])
    disorder = np.where(lives.referred[chosen] < NEVER, lives.disorder[chosen], -1)
    times = effects[disorder] * np.where(
        population.families.is_female[chosen], size("female", "antidepressant"), 1.0
    )
    adult = listed.left - population.families.born[chosen] > _ADULT + _MONTH
    return adult & (rng.random(len(chosen)) < with_odds(_ANTIDEPRESSANT, times))
