"""The renal unit's patients: kidney function year by year, dialysis, transplants."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import FIRST_DAY, LAST_DAY, ages, day
from tre.safe_data.population.health import is_severe
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.population import Population
from tre.safe_data.records import people
from tre.safe_data.records.days import between, dates, last_days, repeated
from tre.safe_data.records.register import ROW, Register

DIAGNOSES = (
    "Diabetic kidney disease", "Hypertensive kidney disease", "Glomerulonephritis",
    "Polycystic kidney disease", "Lithium nephropathy", "Other or not known",
)  # fmt: skip
_DIAGNOSIS_SHARES = (0.28, 0.18, 0.16, 0.07, 0.01, 0.30)
_LITHIUM_SHARES = (0.26, 0.15, 0.12, 0.06, 0.12, 0.29)
"""Shaped after the UK Renal Registry annual report (primary renal disease); lithium assumed."""
MODALITIES = ("Haemodialysis in a centre", "Haemodialysis at home", "Peritoneal dialysis")
ENDS = ("Transplant", "Death")
DONORS = ("Deceased donor", "Living donor")
STAGES = ("G1", "G2", "G3", "G4", "G5")
_STAGE_STARTS = (90.0, 60.0, 30.0, 15.0)
"""KDIGO 2012: lower limits of eGFR, ml/min/1.73 m2, of stages G1 to G4."""
_SEEN = (0.0, 0.35, 0.80, 1.0, 1.0)
"""Share of people with a stage (that it reaches) who see a renal unit: above life's."""
_HERE = (0.40, 0.95, 0.85, 0.95, 0.30)
"""Share of those, by PLACES, whose unit is King's: assumed, by how near it is; above life's."""
_FINAL = ((90.0, 100.0), (62.0, 85.0), (32.0, 55.0), (16.5, 28.0), (7.0, 13.0))
_DECLINE, _SPREAD, _SLOWEST, _NOISE = 2.6, 1.1, 0.0, 1.5
_DIALYSED, _TRANSPLANTED, _OLDEST_TRANSPLANT = 0.92, 0.35, 72
_OLDEST_RECORD, _YEAR = day(1992), 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class _Courses:
    """One value a patient. decline: of eGFR a year. final: eGFR on the day `ends`.

    first: day of the first visit. ends: the day of the last test possible. dialysis, transplant:
    when they began, NEVER for none. last: of death, or the last on record.
    """

    patients: np.ndarray
    first: np.ndarray
    ends: np.ndarray
    decline: np.ndarray
    final: np.ndarray
    dialysis: np.ndarray
    transplant: np.ndarray
    last: np.ndarray


def simulate(population: Population) -> Register:
    """People whose kidney disease is seen at King's; who is seen is made commoner than in life."""
    rng = stream(population.seed, "renalware")
    patients = _patients(rng, population)
    courses = _courses(rng, population, patients)
    tests = _tests(rng, courses)
    return Register(
        people=patients,
        seen=courses.last,
        tables={
            "renalware_people": people.describe(population, patients, courses.last, rng),
            "renal_diagnoses": _diagnoses(rng, population, courses),
            "renal_tests": tests,
            "renal_dialysis": _dialysis(rng, courses),
            "renal_transplants": _transplants(rng, courses),
        },
    )


def _patients(rng: np.random.Generator, population: Population) -> np.ndarray:
    health = population.health
    known = np.flatnonzero(health.kidney < NEVER)
    days = np.clip(health.kidney[known], FIRST_DAY, LAST_DAY)
    place = population.directory.place[population.addresses.on(known, days)]
    share = np.array(_SEEN)[health.kidney_stage[known] - 1] * np.array(_HERE)[place]
    return known[rng.random(len(known)) < share]


def _courses(rng: np.random.Generator, population: Population, patients: np.ndarray) -> _Courses:
    """Severe mental illness makes the decline steeper; dialysis comes after the first visit."""
    health, count = population.health, len(patients)
    last = last_days(population, patients)
    first = np.maximum(health.kidney[patients].astype(np.int64), _OLDEST_RECORD)
    failed = health.kidney_stage[patients] == 5
    begins = between(rng, first + (last - first) // 4, last)
    dialysed = failed & (begins < last) & (begins > first) & (rng.random(count) < _DIALYSED)
    replaced = between(rng, begins + (last - begins) // 6, last)
    age = ages(population.families.born[patients], replaced)
    grafted = dialysed & (replaced < last) & (age < _OLDEST_TRANSPLANT) & (replaced > begins)
    grafted &= rng.random(count) < _TRANSPLANTED
    severe = is_severe(population.lives)[patients]
    mean = _DECLINE + np.where(severe, size("psychosis", "egfr_decline_a_year"), 0.0)
    low, high = np.array(_FINAL)[health.kidney_stage[patients] - 1].T
    return _Courses(
        patients=patients,
        first=first,
        ends=np.where(dialysed, begins, last),
        decline=rng.normal(mean, _SPREAD),
        final=rng.uniform(low, high),
        dialysis=np.where(dialysed, begins, NEVER),
        transplant=np.where(grafted, replaced, NEVER),
        last=last,
    )


def _tests(rng: np.random.Generator, courses: _Courses) -> pl.DataFrame:
    """One eGFR a year from the first visit, the last one by the day on which dialysis begins."""
    years = (courses.ends - courses.first) / _YEAR
    # Twelve years before the end the straight line would leave what kidneys can do.
    who, back = repeated(1 + np.minimum(years, 12).astype(np.int64))
    tested = courses.ends[who] - (back * _YEAR).astype(np.int64)
    egfr = courses.final[who] + courses.decline[who] * back
    egfr = np.clip(egfr + rng.normal(0, _NOISE, len(who)), 3, 130).round(1)
    stage = len(_STAGE_STARTS) - np.searchsorted(np.array(_STAGE_STARTS)[::-1], egfr, "right")
    return pl.DataFrame(
        {
            ROW: who,
            "tested": dates(tested),
            "egfr": egfr,
            "stage": np.array(STAGES)[stage],
        }
    ).sort(ROW, "tested")


def _diagnoses(rng: np.random.Generator, population: Population, courses: _Courses) -> pl.DataFrame:
    count = len(courses.patients)
    severe = is_severe(population.lives)[courses.patients]
    others = choose(rng, _DIAGNOSIS_SHARES, count)
    cause = np.where(severe, choose(rng, _LITHIUM_SHARES, count), others)
    return pl.DataFrame(
        {
            ROW: np.arange(count),
            "first_seen": dates(courses.first),
            "primary_renal_diagnosis": np.array(DIAGNOSES)[cause],
            "kidney_failure": population.health.kidney_stage[courses.patients] == 5,
        }
    )


def _dialysis(rng: np.random.Generator, courses: _Courses) -> pl.DataFrame:
    rows = np.flatnonzero(courses.dialysis < NEVER)
    modality = choose(rng, (0.80, 0.05, 0.15), len(rows))
    grafted = courses.transplant[rows] < NEVER
    died = ~grafted & (courses.last[rows] < LAST_DAY)
    ended = np.select([grafted, died], [courses.transplant[rows], courses.last[rows]], NEVER)
    return pl.DataFrame(
        {
            ROW: rows,
            "started": dates(courses.dialysis[rows]),
            "ended": dates(ended),
            "modality": np.array(MODALITIES)[modality],
            "end_reason": pl.Series(np.where(grafted, *ENDS)).set(
                pl.Series(~grafted & ~died), None
            ),
        }
    )


def _transplants(rng: np.random.Generator, courses: _Courses) -> pl.DataFrame:
    rows = np.flatnonzero(courses.transplant < NEVER)
    return pl.DataFrame(
        {
            ROW: rows,
            "transplanted": dates(courses.transplant[rows]),
            "donor": np.array(DONORS)[choose(rng, (0.68, 0.32), len(rows))],
        }
    )
