"""The planted effects can be found again where nothing is lost to linkage."""

import numpy as np
import polars as pl
import pytest

from tre.safe_data.effects import EFFECTS, size
from tre.safe_data.population.disorders import DISORDERS
from tre.safe_data.population.population import make_population
from tre.safe_data.records.school_years import make_results, make_school_years


@pytest.fixture(scope="module")
def truth():
    population = make_population(23, 80_000)
    people = np.flatnonzero(population.lives.is_pupil)
    years = make_school_years(population, people)
    return population, people, years, make_results(population, people, years)


def causes(population, person):
    """One column a cause: the design matrix of a regression, with a constant."""
    lives, families = population.lives, population.families
    child = lives.is_child_patient(families.born)[person]
    disorders = [child & (lives.disorder[person] == d) for d in range(len(DISORDERS))]
    columns = [
        np.ones(len(person)),
        families.is_female[person],
        lives.is_poor[person],
        lives.has_needs[person],
        lives.imd_decile[person] - 5,
        *disorders,
    ]
    return np.column_stack(columns).astype(float)


NAMES = (
    "female",
    "free school meals",
    "special educational needs",
    "one decile less deprived",
    *(disorder.cause for disorder in DISORDERS),
)


def regression(design, outcome):
    """Ordinary least squares: coefficients and their standard errors."""
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ outcome
    residual = outcome - design @ coefficients
    variance = residual @ residual / (len(outcome) - design.shape[1])
    return coefficients[1:], np.sqrt(np.diag(inverse) * variance)[1:]


@pytest.mark.parametrize(
    ("key_stage", "outcome", "bias"),
    [("KS1", "ks1_points", 0.35), ("KS2", "ks2_score", 0.12), ("KS4", "ks4_attainment8", 0.35)],
)
def test_effects_on_attainment_are_found_again(truth, key_stage, outcome, bias):
    """Within four standard errors, and what cutting scores off at their limits takes away."""
    population, people, _, results = truth
    chosen = results.filter(pl.col("key_stage") == key_stage)
    if key_stage == "KS1":
        chosen = chosen.filter(pl.col("measure") == "Average point score")
    if key_stage == "KS4":
        chosen = chosen.filter(~pl.col("school_year").is_in(["2019/20", "2020/21"]))
    person = people[chosen["row"].to_numpy()]
    found, errors = regression(causes(population, person), chosen["score"].to_numpy())
    for name, coefficient, error in zip(NAMES, found, errors, strict=True):
        assert abs(coefficient - size(name, outcome)) < 4 * error + bias, name


def test_absence_rises_from_the_year_before_the_first_referral(truth):
    population, people, years, _ = truth
    lives = population.lives
    person = people[years.row]
    percent = 100 * years.columns["sessions_missed"] / years.columns["sessions_possible"]
    child = lives.is_child_patient(population.families.born)[person]
    from tre.safe_data.population.calendar import school_year_of  # noqa: PLC0415

    after = child & (years.school_year >= school_year_of(lives.referred[person]) - 1)
    mood = lives.disorder[person] == 1
    alike = ~lives.is_poor[person] & ~lives.has_needs[person] & (years.school_year < 2019)
    difference = percent[after & mood & alike].mean() - percent[~child & alike].mean()
    assert difference == pytest.approx(size("mood", "absence_percent"), abs=0.9)
    before = child & ~after & mood & alike
    assert percent[before].mean() == pytest.approx(percent[~child & alike].mean(), abs=0.6)


def test_every_effect_has_a_size_a_scale_and_a_source():
    scales = {"points", "percentage points", "rate ratio", "odds ratio"}
    assert {effect.scale for effect in EFFECTS} <= scales
    assert all(effect.source and effect.grounds and effect.when for effect in EFFECTS)
    pairs = [(effect.cause, effect.outcome) for effect in EFFECTS]
    assert len(pairs) == len(set(pairs))


def test_early_onset_psychosis_lowers_attainment_and_raises_absence():
    assert size("psychosis", "ks4_attainment8") < -5
    assert size("psychosis", "absence_percent") > 5


def test_poor_pupils_miss_more_without_leave(truth):
    population, people, years, _ = truth
    poor = population.lives.is_poor[people[years.row]]
    missed, without = years.columns["sessions_missed"], years.columns["sessions_unauthorised"]
    share = [without[who].sum() / missed[who].sum() * 100 for who in (poor, ~poor)]
    effect = size("free school meals", "unauthorised absence")
    assert share[0] - share[1] == pytest.approx(effect, abs=0.5)
