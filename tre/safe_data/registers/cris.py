"""CRIS, the register of SLaM: who was referred, for what, and how they were written down."""

from pathlib import Path

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.files import write_table
from tre.safe_data.identifiers import CRIS_FILE, write_identifiers
from tre.safe_data.linkages import linkages
from tre.safe_data.population.calendar import LAST_DAY, ages
from tre.safe_data.population.disorders import DISORDERS
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.names import GROUPS
from tre.safe_data.population.places import PLACES
from tre.safe_data.population.population import Population
from tre.safe_data.records.errors import CRIS_ERRORS, Recorded, misrecord
from tre.safe_data.records.twins import twin_names
from tre.safe_data.registers.truth import RegisterTruth, keys

KEY = "cris_pseudonym"
CHILD_SERVICE, ADULT_SERVICE = "child", "adult"
_TEAMS = ("Croydon", "Lambeth", "Lewisham", "Southwark", "National and specialist")
_SOURCES = ("General practitioner", "School", "Social care", "Emergency department", "Family")
_SOURCE_SHARES = (0.48, 0.22, 0.12, 0.08, 0.10)
_PRACTICE_ELSEWHERE, _ETHNICITY_UNKNOWN = 0.06, 0.03
_PLACE_NAMES = np.array([place.name for place in PLACES])
_AGAIN, _ACCEPTED, _DAYS_TO_DIAGNOSIS, _MONTHS_IN_CARE = 0.6, 0.78, 70, 9
_OUT_OF_ONE, _OUT_OF = 0.0015, {"cris": 0.004, "all": 0.010, "npd": 0.006, "hes": 0.004}
"""Share of patients who objected, by what they objected to (another linkage than those named:
the first): assumed."""


def opt_out_shares() -> dict[str, float]:
    """The share of patients who objected, by what they objected to."""
    return {**dict.fromkeys((one.id for one in linkages()), _OUT_OF_ONE), **_OUT_OF}


def write_cris(population: Population, folder: Path) -> RegisterTruth:
    """Write CRIS as SLaM holds it: identifiers apart from patients, referrals, diagnoses."""
    rng = stream(population.seed, "CRIS")
    people = np.flatnonzero(population.lives.referred < NEVER)
    pseudonyms = keys(rng, "C", len(people))
    referrals = _referrals(rng, population, people)
    last_contact = referrals.group_by("row").agg(pl.col("day").max()).sort("row")["day"].to_numpy()
    write_identifiers(
        _identifiers(rng, population, people, pseudonyms, last_contact), folder / CRIS_FILE
    )
    write_table(_patients(rng, population, people, pseudonyms), folder / "cris_patients.parquet")
    named = _referral_table(rng, population, referrals, people, pseudonyms)
    write_table(named, folder / "cris_referrals.parquet")
    diagnoses = _diagnoses(rng, population, people, pseudonyms)
    write_table(diagnoses, folder / "cris_diagnoses.parquet")
    write_table(_opt_outs(rng, population, people, pseudonyms), folder / "cris_opt_outs.parquet")
    return RegisterTruth(people=people, records=pseudonyms)


def _identifiers(
    rng: np.random.Generator,
    population: Population,
    people: np.ndarray,
    pseudonyms: pl.Series,
    last_contact: np.ndarray,
) -> pl.DataFrame:
    """As last seen, unless the address is an old one: then as at the first referral, or before."""
    first_contact = population.lives.referred[people]
    old = rng.random(len(people)) < CRIS_ERRORS.old_address
    seen = np.where(old, first_contact - rng.integers(0, 4 * 365, len(people)), last_contact)
    where = population.addresses.on(people, seen)
    true = Recorded(
        first_name=twin_names(rng, population, people, CRIS_ERRORS.twin),
        last_name=population.last_name[people],
        born=population.families.born[people],
        postcode=population.directory.postcode[where],
        nhs_number=population.nhs_number[people],
    )
    others = population.last_name[rng.integers(0, population.people, len(people))]
    noted = misrecord(rng, CRIS_ERRORS, true, others, _proneness(population, people))
    held = noted.table()
    return held.select(pseudonyms.alias(KEY), *held.columns).sort(KEY)


def _proneness(population: Population, people: np.ndarray) -> np.ndarray:
    """How much likelier than on average these people are to be written down wrongly."""
    families, lives = population.families, population.lives
    age = ages(families.born[people], lives.referred[people])
    prone = np.ones(len(people))
    prone *= np.where(lives.imd_decile[people] <= 2, size("most deprived fifth", _ERROR), 1.0)
    prone *= np.where(families.group[people] > 0, size("minority ethnic group", _ERROR), 1.0)
    prone *= np.where((age == 16) | (age == 17), size("first referral at 16 or 17", _ERROR), 1.0)
    return prone / prone.mean()


_ERROR = "identifier error"


def _patients(
    rng: np.random.Generator, population: Population, people: np.ndarray, pseudonyms: pl.Series
) -> pl.DataFrame:
    """What describes a patient; the month of birth, and not the day, stands here."""
    families, lives, directory = population.families, population.lives, population.directory
    age = ages(families.born[people], lives.referred[people])
    now = population.addresses.on(people, np.minimum(population.health.died[people], LAST_DAY))
    place = directory.place[now]
    elsewhere = rng.random(len(people)) < _PRACTICE_ELSEWHERE
    practice = np.where(elsewhere, rng.integers(0, len(PLACES), len(people)), place)
    unknown = rng.random(len(people)) < _ETHNICITY_UNKNOWN
    group = np.where(unknown, "Not known", np.array(GROUPS)[families.group[people]])
    return pl.DataFrame(
        {
            KEY: pseudonyms,
            "sex": np.where(families.is_female[people], "Female", "Male"),
            "birth_month": pl.Series(families.born[people]).cast(pl.Date).dt.month_start(),
            "ethnic_group": group,
            "borough": _PLACE_NAMES[place],
            "gp_borough": _PLACE_NAMES[practice],
            "imd_decile": directory.imd_decile[now].astype(np.int16),
            "first_referral": pl.Series(lives.referred[people]).cast(pl.Date),
            "first_referral_age": age.astype(np.int16),
        }
    ).sort(KEY)


def _referrals(
    rng: np.random.Generator, population: Population, people: np.ndarray
) -> pl.DataFrame:
    """row (of `people`), day, age: the first referral and any later ones on record."""
    first = population.lives.referred[people].astype(np.int64)
    again = rng.poisson(_AGAIN, len(people))
    row = np.repeat(np.arange(len(people)), again + 1)
    is_first = np.r_[True, row[1:] != row[:-1]]
    gap = np.where(is_first, 0, 60 + rng.gamma(1.2, 380, len(row))).astype(np.int64)
    total = np.cumsum(gap)
    day = first[row] + total - total[is_first][row]
    age = ages(population.families.born[people][row], np.minimum(day, LAST_DAY))
    last = np.minimum(population.health.died[people][row], LAST_DAY)
    return pl.DataFrame({"row": row, "day": day, "age": age}).filter(day <= last)


def _referral_table(
    rng: np.random.Generator,
    population: Population,
    referrals: pl.DataFrame,
    people: np.ndarray,
    pseudonyms: pl.Series,
) -> pl.DataFrame:
    """One row a referral; care ends with life, and has no length where it goes on."""
    count = len(referrals)
    row = referrals["row"].to_numpy()
    specialist = rng.random(count) < 0.12
    team = np.where(specialist, len(_TEAMS) - 1, population.families.place[people[row]])
    accepted = rng.random(count) < _ACCEPTED
    days = np.where(accepted, 14 + rng.gamma(1.4, _MONTHS_IN_CARE * 30 / 1.4, count), 0).astype(int)
    day = referrals["day"].to_numpy()
    days = np.minimum(days, population.health.died[people[row]] - day)
    ends = day + days
    return (
        pl.DataFrame(
            {
                KEY: pseudonyms.gather(row),
                "referred": referrals["day"].cast(pl.Date),
                "age_at_referral": referrals["age"].cast(pl.Int16),
                "service": np.where(referrals["age"].to_numpy() < 18, CHILD_SERVICE, ADULT_SERVICE),
                "team": np.array(_TEAMS)[team],
                "referral_source": np.array(_SOURCES)[choose(rng, _SOURCE_SHARES, count)],
                "accepted": accepted,
                "days_in_care": pl.Series(days, dtype=pl.Int32),
                "open": ends > LAST_DAY,
            }
        )
        .with_columns(pl.when(pl.col("open")).then(None).otherwise("days_in_care").name.keep())
        .with_columns(pl.col("days_in_care"))
        .drop("open")
        .sort(KEY, "referred", "team")
    )


def _diagnoses(
    rng: np.random.Generator, population: Population, people: np.ndarray, pseudonyms: pl.Series
) -> pl.DataFrame:
    """A code for the main disorder of every patient, and one for the second where there is one.

    A child's diagnosis is made before the eighteenth birthday, and none after the last day.
    """
    lives, born = population.lives, population.families.born
    adult_day = born[people].astype(np.int64) + 18 * 365 - 1
    last = np.minimum(population.health.died[people], LAST_DAY)
    latest = np.where(lives.is_child_patient(born)[people], np.minimum(adult_day, last), last)
    parts = []
    for number, disorder in enumerate((lives.disorder[people], lives.second[people]), start=1):
        has = np.flatnonzero(disorder >= 0)
        wait = rng.gamma(1.3, _DAYS_TO_DIAGNOSIS * number / 1.3, len(has)).astype(np.int64)
        referred = lives.referred[people][has].astype(np.int64)
        day = np.maximum(np.minimum(referred + wait, latest[has]), referred)
        codes = [DISORDERS[d].codes for d in disorder[has].tolist()]
        luck = rng.integers(0, 2**31, len(has)).tolist()
        parts.append(
            pl.DataFrame(
                {
                    KEY: pseudonyms.gather(has),
                    "diagnosed": pl.Series(day).cast(pl.Int32).cast(pl.Date),
                    "icd10": [c[n % len(c)] for c, n in zip(codes, luck, strict=True)],
                    "is_main": np.full(len(has), number == 1),
                    "age_at_diagnosis": ages(born[people][has], day).astype(np.int16),
                }
            )
        )
    return pl.concat(parts).sort(KEY, "diagnosed", "icd10")


def _opt_outs(
    rng: np.random.Generator, population: Population, people: np.ndarray, pseudonyms: pl.Series
) -> pl.DataFrame:
    """Who objected, to what (cris, all linkages, or one linkage by name), since when."""
    shares = opt_out_shares()
    drawn = choose(rng, (*shares.values(), 1 - sum(shares.values())), len(people))
    rows = np.flatnonzero(drawn < len(shares))
    referred = population.lives.referred[people][rows]
    since = referred + (rng.random(len(rows)) * (LAST_DAY - referred)).astype(np.int64)
    return pl.DataFrame(
        {
            KEY: pseudonyms.gather(rows),
            "scope": pl.Series([list(shares)[n] for n in drawn[rows]], dtype=pl.String),
            "since": pl.Series(since).cast(pl.Int32).cast(pl.Date),
        }
    ).sort(KEY)
