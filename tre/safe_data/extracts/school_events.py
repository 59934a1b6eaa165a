"""Exclusions and reasons of absence of a synthetic twin, drawn to fit its school years.

Where the twin has school years, each has as many exclusions and half-days missed as it says: what
they were is learnt from the real records of that school year. Where it has none, a person borrows
the records of a donor.
"""

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from tre.safe_data.catalogue import UNIT
from tre.safe_data.chance import part_of
from tre.safe_data.extracts.children import borrowed, finished
from tre.safe_data.extracts.repairs import SMALLEST
from tre.safe_data.records.days import repeated
from tre.safe_data.records.exclusions import LONGEST, fitted
from tre.safe_data.records.school_codes import UNAUTHORISED, codes

Frames = Mapping[str, pl.DataFrame]
_ID = UNIT.name
_SUSPENDED = "E"
_YEAR = "school_year"


def exclusions(
    people: pl.DataFrame,
    real: pl.DataFrame,
    frames: Frames,
    twins: Frames,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """As many in each school year as it counts; each like a real one of the nearest school year."""
    rows, years = frames["exclusions"], twins.get("absence")
    if years is None or not {_YEAR, "suspensions"} <= set(years.columns) or rows.is_empty():
        return _borrowed_exclusions(people, real, rows, rng)
    of_year, _ = repeated(years["suspensions"].to_numpy())
    events = years[of_year].select(_ID, _YEAR)
    drawn = _alike(events, rows, rng)
    if "sessions" in rows.columns and "sessions_missed" in years.columns:
        lost = fitted(drawn["sessions"].to_numpy(), of_year, _room(years))
        drawn = drawn.with_columns(pl.Series("sessions", lost))
    return finished(drawn, rows)


def _borrowed_exclusions(
    people: pl.DataFrame, real: pl.DataFrame, rows: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """Those of a donor, for as many people as have any."""
    if "exclusions" in people.columns:
        some = people.filter(pl.col("exclusions") > 0)
    else:
        share = rows[_ID].n_unique() / max(len(real), 1)
        some = people.filter(pl.Series(rng.random(len(people)) < share))
    taken = borrowed(some, real, rows, rng, ("exclusions", "birth_year", "diagnosis_group"))
    if "sessions" in rows.columns:
        moved = pl.col("sessions") + pl.Series(rng.integers(-1, 2, len(taken)), dtype=pl.Int64)
        taken = taken.with_columns(moved.clip(1, LONGEST).alias("sessions"))
    return finished(taken, rows)


def _alike(events: pl.DataFrame, rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """For each event a random row of the nearest school year, its day moved into the event's."""
    luck = rng.random(len(events))
    if _YEAR not in rows.columns:
        at = (luck * len(rows)).astype(np.int64)
        return events.hstack(rows[at].drop(_ID))
    began = pl.col(_YEAR).str.slice(0, 4).cast(pl.Int32)
    pools = rows.with_row_index("_at").group_by(began.alias("_pool")).agg("_at").sort("_pool")
    told = (
        events.with_row_index("_row")
        .with_columns(began.alias("_began"), pl.Series("_luck", luck))
        .sort("_began")
        .join_asof(pools, left_on="_began", right_on="_pool", strategy="nearest", coalesce=False)
        .sort("_row")
    )
    place = (pl.col("_at").list.len() * pl.col("_luck")).cast(pl.Int64)
    picked = told.select(pl.col("_at").list.get(place))["_at"].to_numpy()
    drawn = events.hstack(rows[picked].drop(_ID, _YEAR))
    if "started" not in rows.columns:
        return drawn
    later = told.select((pl.col("_began") - pl.col("_pool")).cast(pl.String) + "y").to_series()
    return drawn.with_columns(pl.col("started").dt.offset_by(pl.lit(later)))


def _room(years: pl.DataFrame) -> np.ndarray:
    """Half-days of each school year that exclusions can have been a part of."""
    room = years["sessions_missed"].cast(pl.Int64)
    if "sessions_unauthorised" in years.columns:
        room = room - years["sessions_unauthorised"]
    least = years["suspensions"] if "suspensions" in years.columns else 0
    return np.maximum(room.to_numpy(), least)


def absence_reasons(
    people: pl.DataFrame,
    real: pl.DataFrame,
    frames: Frames,
    twins: Frames,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The half-days missed in each school year, by the reasons that the real ones of it had."""
    rows, years = frames["absence_reasons"], twins.get("absence")
    known = {_YEAR, "sessions_missed"}
    if years is None or not known <= set(years.columns) or not _says_why(rows):
        return _borrowed_reasons(people, real, rows, rng)
    suspended = _suspended(years, twins.get("exclusions"))
    without = np.zeros(len(years), dtype=np.int64)
    if "sessions_unauthorised" in years.columns:
        without = years["sessions_unauthorised"].to_numpy().astype(np.int64)
    missed = years["sessions_missed"].to_numpy().astype(np.int64)
    lost = np.zeros_like(missed) if suspended is None else suspended
    unauthorised = pl.col("reason").is_in(codes(UNAUTHORISED))
    kept = rows if suspended is None else rows.filter(pl.col("reason") != _SUSPENDED)
    parts = [_rows(years, _SUSPENDED, lost)]
    pools = [(kept, missed - lost)]
    if "sessions_unauthorised" in years.columns:
        pools = [
            (kept.filter(~unauthorised), missed - lost - without),
            (kept.filter(unauthorised), without),
        ]
    for pool, total in pools:
        counts, named = _counts(years, pool if len(pool) else rows, frames["absence"])
        parts += _shared(years, counts, named, total, rng)
    return finished(pl.concat(parts), rows)


def _says_why(rows: pl.DataFrame) -> bool:
    return {_YEAR, "reason", "sessions"} <= set(rows.columns) and not rows.is_empty()


def _borrowed_reasons(
    people: pl.DataFrame, real: pl.DataFrame, rows: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """Those of a donor born in the same year, with the half-days drawn again."""
    taken = borrowed(people, real, rows, rng, ("birth_year", "diagnosis_group", "sex"))
    if "sessions" in rows.columns:
        again = 1 + rng.poisson(np.maximum(taken["sessions"].to_numpy() - 1, 0))
        taken = taken.with_columns(pl.Series("sessions", again, dtype=pl.Int64))
    return finished(taken, rows)


def _suspended(years: pl.DataFrame, drawn: pl.DataFrame | None) -> np.ndarray | None:
    """Half-days that the twin's exclusions lost in each school year; None where nothing says."""
    if drawn is None or not {_YEAR, "sessions"} <= set(drawn.columns):
        return None
    if "suspensions" not in years.columns:
        return None
    sums = drawn.group_by(_ID, _YEAR).agg(pl.col("sessions").sum())
    both = years.select(_ID, _YEAR).join(sums, on=[_ID, _YEAR], how="left", maintain_order="left")
    return both["sessions"].fill_null(0).to_numpy().astype(np.int64)


def _counts(
    years: pl.DataFrame, pool: pl.DataFrame, real_years: pl.DataFrame
) -> tuple[np.ndarray, list[str]]:
    """How often the real ones had each reason, in each of these years; and the reasons.

    Learnt of a school year and year group, or of all where these have fewer than SMALLEST people.
    """
    keys = [_YEAR]
    if {_YEAR, "year_group"} <= set(real_years.columns):
        groups = real_years.select(_ID, _YEAR, "year_group")
        pool, keys = pool.join(groups, on=[_ID, _YEAR]), [_YEAR, "year_group"]
    named = sorted(pool["reason"].unique())
    sums = [pl.col("sessions").filter(pl.col("reason") == one).sum().alias(one) for one in named]
    enough = pool.group_by(keys).agg(pl.col(_ID).n_unique().alias("_people"), *sums)
    enough = enough.filter(pl.col("_people") >= SMALLEST).drop("_people")
    told = years.select(keys).join(enough, on=keys, how="left", maintain_order="left")
    everybody = pool.select(sums).row(0, named=True)
    told = told.with_columns(pl.col(one).fill_null(everybody[one]) for one in named)
    return told.select(named).to_numpy().astype(np.int64), named


def _shared(
    years: pl.DataFrame,
    counts: np.ndarray,
    named: list[str],
    total: np.ndarray,
    rng: np.random.Generator,
) -> list[pl.DataFrame]:
    """Each total shared out over the reasons, in turn, as often as they are counted."""
    parts, left = [], total
    rest = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1]
    for place, reason in enumerate(named):
        often, of = counts[:, place], np.maximum(rest[:, place], 1)
        share = np.clip(often / of, 1e-6, 1 - 1e-6)
        some = part_of(rng, np.where(often > 0, left, 0), share)
        sessions = np.where((often == rest[:, place]) & (often > 0), left, some)
        parts.append(_rows(years, reason, sessions))
        left = left - sessions
    return parts


def _rows(years: pl.DataFrame, reason: str, sessions: np.ndarray) -> pl.DataFrame:
    at = np.flatnonzero(sessions)
    said = pl.Series("reason", [reason], dtype=pl.String).new_from_index(0, len(at))
    return years[at].select(_ID, _YEAR, said, pl.Series("sessions", sessions[at], dtype=pl.Int64))


SCHOOL_EVENTS: dict[str, Callable[..., pl.DataFrame]] = {
    "exclusions": exclusions,
    "absence_reasons": absence_reasons,
}
"""In the order in which they are drawn."""
