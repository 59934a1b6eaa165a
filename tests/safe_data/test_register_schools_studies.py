"""What a study of absences and exclusions finds in the linked school records."""

import numpy as np
import polars as pl
import pytest

from tests.safe_data.estimates import logistic, within
from tests.safe_data.linked_world import KEY, LARGE
from tests.safe_data.studies import with_disorders
from tre.safe_data.effects import size

pytestmark = LARGE
ID = "education_id"
ILL = ("mood", "neurotic")
ASKED = ("I", "M", "R", "H", "C")
"""Authorised reasons, but for suspension, study leave and travel."""


@pytest.fixture(scope="module")
def people(large_world):
    """Pupils with their main disorder and the school year before their first referral."""
    pupils = with_disorders(large_world, large_world.brought("npd", "pupils"))
    referred = pl.col("first_referral").dt
    since = referred.year() - (referred.month() < 9).cast(pl.Int32) - 1
    return pupils.select(ID, "cause", since=since)


def by_year(frame, people):
    """Each row with the disorder that the pupil had in that school year; null for none."""
    begins = pl.col("school_year").str.slice(0, 4).cast(pl.Int32)
    had = pl.when(begins >= pl.col("since")).then(pl.col("cause"))
    return frame.join(people, on=ID).with_columns(had.alias("cause"))


def illness(frame):
    """Percentage points that the share of illness is higher with each disorder, and errors.

    frame: one row a pupil and school year: all (half-days asked about), ill, cause. Least squares
    through the origin, with errors that allow rows to differ.
    """
    had = [(frame["cause"] == cause).fill_null(value=False).to_numpy() for cause in ILL]
    every = frame["all"].to_numpy().astype(float)
    design = np.column_stack([np.ones(len(frame)), *had]) * every[:, None]
    bread = np.linalg.inv(design.T @ design)
    found = bread @ design.T @ frame["ill"].to_numpy()
    scores = design * (frame["ill"].to_numpy() - design @ found)[:, None]
    errors = np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread))
    return 100 * found[1:], 100 * errors[1:]


@pytest.fixture(scope="module")
def away(large_world):
    """Half-days asked about and those ill, one row a pupil and school year."""
    asked = large_world.brought("npd", "absence_reasons").with_columns(
        pl.col("reason").cast(pl.String)
    )
    ill = pl.col("sessions").filter(pl.col("reason") == "I").sum()
    return (
        asked.filter(pl.col("reason").is_in(ASKED))
        .with_columns(pl.col("sessions").cast(pl.Int64))
        .group_by(ID, "school_year")
        .agg(ill=ill, all=pl.col("sessions").sum())
        .sort(ID, "school_year")
    )


def test_pupils_with_mood_and_anxiety_disorders_are_away_ill_more_often(away, people):
    found, errors = illness(by_year(away, people))
    for cause, estimate, error in zip(ILL, found, errors, strict=True):
        assert within(estimate, error, size(cause, "illness among authorised absences")), cause
        assert error < 2, cause


def test_links_to_the_wrong_pupil_take_their_share_of_the_effect_away(away, people):
    """Of the patients 40 % are linked with a pupil who is mostly none.

    What is left of the effect is the share of the half-days, of those that are taken for a
    patient's, that are a patient's: 0.6, and more as the pupils wrongly named miss fewer.
    """
    true = by_year(away, people)
    rng, left, expected = np.random.default_rng(3), [], []
    for _ in range(12):
        wrong = by_year(away, confused(people, rng))
        left.append(illness(wrong)[0] / illness(true)[0])
        named = [wrong.filter(pl.col("cause") == cause) for cause in ILL]
        right = [one.join(true, on=[ID, "school_year", "cause"], how="semi") for one in named]
        expected.append(
            [a["all"].sum() / b["all"].sum() for a, b in zip(right, named, strict=True)]
        )
    assert np.mean(left, axis=0) == pytest.approx(np.mean(expected, axis=0), abs=0.04)
    assert np.mean(left) < 0.8


def confused(people, rng):
    """40 % of the patients are taken for other pupils."""
    rows = np.arange(len(people))
    wrong = np.flatnonzero(
        people["cause"].is_not_null().to_numpy() & (rng.random(len(people)) < 0.4)
    )
    others = rng.choice(np.flatnonzero(people["cause"].is_null()), len(wrong), replace=False)
    rows[wrong], rows[others] = others, wrong
    return people.select(ID, people["cause"].gather(rows), people["since"].gather(rows))


def test_disruption_is_the_reason_more_often_with_neurodevelopmental_disorders(large_world, people):
    excluded = by_year(large_world.brought("npd", "exclusions"), people)
    with_it = (excluded["cause"] == "neurodevelopmental").fill_null(value=False)
    design = np.column_stack([np.ones(len(excluded)), with_it])
    found, errors = logistic(design, (excluded["reason"] == "DB").to_numpy())
    truth = np.log(size("neurodevelopmental", "excluded for persistent disruption"))
    assert within(found[1], errors[1], truth)
    assert errors[1] < truth / 3
    assert len(excluded.filter(pl.col(KEY).is_null())) > 1_000  # of controls as well
