"""What studies of linked data have in common: who has which disorder, and rates of events."""

from datetime import date

import numpy as np
import polars as pl

from tests.safe_data.linked_world import KEY
from tre.safe_data.effects import size

LAST_DAY = date(2025, 8, 31)
CAUSES = {
    "psychosis": ("F2",),
    "mood": ("F3",),
    "neurotic": ("F4",),
    "neurodevelopmental": ("F8", "F9"),
    "other disorder": ("F1", "F5", "F6", "F7", "Z6", "X7"),
}
"""By the first two characters of the main diagnosis in CRIS."""


def with_disorders(large_world, frame):
    """Each row's main disorder and first referral, null for controls."""
    chapters = {start: cause for cause, starts in CAUSES.items() for start in starts}
    patients = large_world.patients().select(
        KEY,
        "first_referral",
        pl.col("main").str.slice(0, 2).replace_strict(chapters).alias("cause"),
    )
    return frame.join(patients, on=KEY, how="left")


def sent(large_world, linkage_id):
    """The patients whose identifiers were sent, with what describes them in CRIS."""
    large_world.linked(linkage_id)
    letter = large_world.table(f"slam/sent/{linkage_id}")
    return with_disorders(
        large_world, large_world.patients().drop("first_referral", "main")
    ).join(letter, on=KEY, how="semi")  # fmt: skip


def disorders(frame, causes=tuple(CAUSES)):
    """One column a disorder, nothing for those who have none of these."""
    return np.column_stack([(frame["cause"] == cause).fill_null(value=False) for cause in causes])


def bands(birth_year, width=10):
    """One column a band of years of birth but the first."""
    band = np.asarray(birth_year) // width
    return band[:, None] == np.unique(band)[None, 1:]


def design(frame, *columns):
    """A constant, female, bands of the year of birth, and these columns first of all."""
    female = (frame["sex"] == "Female").to_numpy()
    constant = np.ones(len(frame))
    table = np.column_stack([constant, *columns, female, bands(frame["birth_year"].to_numpy())])
    return table.astype(float)


def rate_ratios(table, events, years):
    """Poisson regression with errors that allow people to differ: coefficients and errors."""
    found = np.zeros(table.shape[1])
    found[0] = np.log(events.sum() / years.sum())
    for _ in range(40):
        mean = years * np.exp(table @ found)
        bread = np.linalg.inv((table * mean[:, None]).T @ table)
        found = found + bread @ (table.T @ (events - mean))
    scores = table * (events - years * np.exp(table @ found))[:, None]
    return found, np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread))


def followed(frame, first, last=LAST_DAY):
    """`since` and `years`: from a day, or the first referral if that is later, to another."""
    since = pl.max_horizontal(pl.col("first_referral").fill_null(first), pl.lit(first))
    return frame.with_columns(since=since).with_columns(
        years=(pl.lit(last) - pl.col("since")).dt.total_days() / 365.25
    ).filter(pl.col("years") > 0)  # fmt: skip


def counted(people, events, day, key="research_id"):
    """`events`: how many each of these people has from `since` on."""
    after = events.join(people.select(key, "since"), on=key).filter(pl.col(day) >= pl.col("since"))
    return people.join(
        after.group_by(key).agg(events=pl.len()), on=key, how="left", maintain_order="left"
    ).with_columns(pl.col("events").fill_null(0))


def ratio(cause, other, outcome):
    """The logarithm of one planted effect over another."""
    return np.log(size(cause, outcome) / size(other, outcome))
