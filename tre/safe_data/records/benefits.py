"""What the DWP holds: benefits, assessments of the capability to work, programmes, sanctions.

Claims are made commoner than in life, so that a world of 20,000 people has enough of each kind.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import FIRST_DAY, LAST_DAY, day
from tre.safe_data.population.disorders import DISORDERS
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.population import Population
from tre.safe_data.records import people
from tre.safe_data.records.days import dates, last_days, repeated
from tre.safe_data.records.events import Rate, events
from tre.safe_data.records.register import ROW, Register

_YEAR, _WORKING = 365.25, (18, 66)
ESA, JSA, INJURY = "ESA", "JSA", "Permanent Injury Benefit"
CREDIT, INDEPENDENCE = "Universal Credit", "Personal Independence Payment"
BENEFITS = (ESA, JSA, INJURY, CREDIT, INDEPENDENCE)
_WINDOW = 180
"""Days after being found fit for work in which a first referral is likelier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Benefit:
    """by_age: claims a year by decade. days: mean length. first: the day on which it began.

    effect: the outcome in EFFECTS whose sizes apply from the first referral on, None for none.
    """

    name: str
    by_age: tuple[float, ...]
    days: float
    first: int
    last: int = LAST_DAY
    effect: str | None = None


# Beginnings: ESA 27 October 2008, Personal Independence Payment 8 April 2013, Universal Credit in
# south London from 2016 on, which new claims of JSA and of ESA by income gave way to (DWP).
_KINDS = (
    _Benefit(
        name=ESA, by_age=(0, 0.010, 0.014, 0.018, 0.025, 0.032, 0.020, 0, 0, 0), days=900,
        first=day(2008, 10, 27), effect="ESA claim",
    ),
    _Benefit(
        name=JSA, by_age=(0, 0.05, 0.035, 0.025, 0.02, 0.02, 0.01, 0, 0, 0), days=150,
        first=FIRST_DAY, last=day(2018, 12, 12),
    ),
    _Benefit(
        name=INJURY, by_age=(0, 0.0005, 0.001, 0.0015, 0.002, 0.002, 0.001, 0, 0, 0), days=4000,
        first=FIRST_DAY,
    ),
    _Benefit(
        name=CREDIT, by_age=(0, 0.05, 0.05, 0.035, 0.03, 0.025, 0.012, 0, 0, 0), days=500,
        first=day(2016, 1, 27),
    ),
    _Benefit(
        name=INDEPENDENCE, by_age=(0, 0.003, 0.003, 0.004, 0.006, 0.009, 0.010, 0, 0, 0), days=1500,
        first=day(2013, 4, 8), effect="ESA claim",
    ),
)  # fmt: skip
SUPPORT, RELATED, FIT = "Support group", "Work-related activity group", "Fit for work"
OUTCOMES = (SUPPORT, RELATED, FIT)
_OUTCOME_SHARES = (0.42, 0.20, 0.38)
"""DWP, ESA: outcomes of Work Capability Assessments, 2008 to 2020, rounded."""
PROGRAMMES = ("Flexible New Deal", "Work Programme", "Work Choice", "Work and Health Programme")
_PROGRAMME_FIRST = (day(2009, 10, 5), day(2011, 6, 1), day(2011, 6, 1), day(2017, 11, 1))
_ON_PROGRAMME, _INTO_JOB, _SANCTIONED = 0.35, 0.24, 0.16
REASONS = (
    "Missed an interview", "Not actively seeking work", "Left a job", "Refused a programme",
)  # fmt: skip
_SANCTION_WEEKS = (4, 13, 26)


def simulate(population: Population) -> Register:
    """Everybody who claimed a benefit as an adult of working age."""
    rng = stream(population.seed, "DWP")
    claims = pl.concat([_claims(rng, population, kind) for kind in _KINDS]).sort(ROW, "started")
    person = claims[ROW].unique().sort().to_numpy()
    position = np.full(population.people, -1, dtype=np.int32)
    position[person] = np.arange(len(person), dtype=np.int32)
    claims = claims.with_columns(pl.Series(ROW, position[claims[ROW].to_numpy()]))
    seen = claims.group_by(ROW).agg(pl.col("started").max()).sort(ROW)["started"].to_numpy()
    return Register(
        people=person,
        seen=seen,
        tables={
            "dwp_people": people.describe(population, person, seen, rng),
            "benefits": claims.select(
                ROW,
                "benefit",
                pl.col("started").cast(pl.Date),
                dates(claims["ended"].to_numpy()).alias("ended"),
            ),
            "work_capability_assessments": _assessments(rng, population, person, claims),
            "work_programmes": _programmes(rng, claims),
            "sanctions": _sanctions(rng, claims),
        },
    )


def _claims(rng: np.random.Generator, population: Population, kind: _Benefit) -> pl.DataFrame:
    """row of the population, benefit, started, ended (NEVER while it goes on), until."""
    everybody = np.arange(population.people, dtype=np.int32)
    effects = None
    if kind.effect is not None:
        effects = tuple(size(one.cause, kind.effect) for one in DISORDERS)
    rate = Rate(by_age=kind.by_age, since_referral=effects, spread=1.2)
    row, start = events(rng, population, everybody, rate, (kind.first, kind.last))
    age = (start - population.families.born[row]) / _YEAR
    adult = (age >= _WORKING[0] + 0.01) & (age < _WORKING[1])
    row, start = row[adult], start[adult]
    until = start + 7 + rng.gamma(0.9, kind.days / 0.9, len(row)).astype(np.int64)
    again = np.r_[row[1:] == row[:-1], False]
    until = np.where(again, np.minimum(until, np.r_[start[1:], 0]), until)
    last = last_days(population, row)
    died = population.health.died[row]
    ended = np.where(until <= last, until, np.where(died <= LAST_DAY, died, NEVER))
    return pl.DataFrame(
        {
            ROW: row,
            "benefit": pl.Series([kind.name] * len(row), dtype=pl.Enum(BENEFITS)),
            "started": start,
            "ended": ended.astype(np.int32),
            "until": np.minimum(until, last).astype(np.int32),
        }
    )


def _assessments(
    rng: np.random.Generator, population: Population, person: np.ndarray, claims: pl.DataFrame
) -> pl.DataFrame:
    """One about three months into each claim of ESA, then about every 18 months while it lasts.

    Being found fit for work makes a first referral likelier for a while. Since the day of the
    referral is known before, this adds decisions of that kind in the days before it: at a rate of
    so many times the usual one, which a study cannot tell apart from the effect.
    """
    esa = claims.filter(pl.col("benefit") == ESA)
    usual, more = (_decisions(rng, esa) for _ in range(2))
    referred = pl.Series(population.lives.referred[person[more[ROW].to_numpy()]])
    before = (referred.cast(pl.Int64) - more["day"]).is_between(1, _WINDOW)
    added = rng.random(len(more)) < size("found fit for work", "first referral") - 1
    more = more.filter(before & pl.Series(added) & (more["outcome"] == FIT))
    return (
        pl.concat([usual, more])
        .select(
            ROW,
            pl.col("day").cast(pl.Int32).cast(pl.Date).alias("assessed"),
            "outcome",
            "is_reassessment",
        )
        .sort(ROW, "assessed")
    )


def _decisions(rng: np.random.Generator, esa: pl.DataFrame) -> pl.DataFrame:
    """row, day, outcome, is_reassessment, all within the claim; an appeal keeps it going."""
    first = 61 + rng.integers(0, 60, len(esa))
    span = (esa["until"] - esa["started"]).to_numpy()
    claim, number = repeated(np.where(span > first, 1 + (span - first) // 540, 0))
    outcome = np.array(OUTCOMES)[choose(rng, _OUTCOME_SHARES, len(claim))]
    return pl.DataFrame(
        {
            ROW: esa[ROW].to_numpy()[claim],
            "day": esa["started"].to_numpy()[claim] + first[claim] + number * 540,
            "outcome": pl.Series(outcome).cast(pl.Enum(OUTCOMES)),
            "is_reassessment": number > 0,
        }
    )


def _programmes(rng: np.random.Generator, claims: pl.DataFrame) -> pl.DataFrame:
    """For some claims that last three months and more: the programme of that time."""
    chosen = claims.filter(
        pl.col("benefit").is_in([ESA, JSA, CREDIT])
        & (pl.col("until") - pl.col("started") > 90)
        & (pl.col("started") + 90 >= _PROGRAMME_FIRST[0])
        & pl.Series(rng.random(len(claims)) < _ON_PROGRAMME)
    )
    started = chosen["started"].to_numpy() + 90
    known = np.searchsorted(np.array(_PROGRAMME_FIRST), started, side="right") - 1
    choice = (known == 2) & (rng.random(len(chosen)) < 0.8)
    known = np.where(choice, 1, known)
    ended = np.minimum(started + rng.integers(30, 730, len(chosen)), chosen["until"].to_numpy())
    return pl.DataFrame(
        {
            ROW: chosen[ROW],
            "attended_from": dates(started),
            "attended_to": dates(ended),
            "programme": pl.Series(np.array(PROGRAMMES)[known]).cast(pl.Enum(PROGRAMMES)),
            "into_job": rng.random(len(chosen)) < _INTO_JOB,
        }
    )


def _sanctions(rng: np.random.Generator, claims: pl.DataFrame) -> pl.DataFrame:
    """For some claims that ask the claimant to look for work."""
    chosen = claims.filter(
        pl.col("benefit").is_in([JSA, CREDIT])
        & (pl.col("until") - pl.col("started") > 14)
        & pl.Series(rng.random(len(claims)) < _SANCTIONED)
    )
    span = (chosen["until"] - chosen["started"]).to_numpy()
    days = chosen["started"].to_numpy() + 7 + (rng.random(len(chosen)) * (span - 7)).astype(int)
    reason = np.array(REASONS)[choose(rng, (0.5, 0.2, 0.1, 0.2), len(chosen))]
    weeks = np.array(_SANCTION_WEEKS)[choose(rng, (0.78, 0.17, 0.05), len(chosen))]
    return pl.DataFrame(
        {
            ROW: chosen[ROW],
            "decided": dates(days),
            "reason": pl.Series(reason).cast(pl.Enum(REASONS)),
            "weeks": weeks.astype(np.int16),
        }
    )
