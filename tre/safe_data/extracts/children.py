"""Child tables of a synthetic twin: each new person's rows, drawn to fit the person.

A new person borrows the rows of a real donor who is like them, under a new pseudonym; then counts
are drawn again around the donor's and made to agree with what `linked` says of the new person.
"""

from collections.abc import Callable

import numpy as np
import polars as pl

from tre.safe_data.catalogue import UNIT
from tre.safe_data.catalogue_tables import PATIENT
from tre.safe_data.population.calendar import school_year_name

NO_KS2 = (2019, 2020)
"""School years (by the year in which they begin) without key stage 2 tests."""
_ID, _DONOR = UNIT.name, "_donor"
_KEY_STAGES = {
    "KS2": ("ks2_score", "Scaled score", 10),
    "KS4": ("ks4_attainment8", "Attainment 8", 15),
}


def attainment(
    people: pl.DataFrame, real: pl.DataFrame, rows: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """The results that `linked` says each person has, in the summer that fits the year of birth.

    Where `linked` holds no results: a donor's, each moved by up to 3 points.
    """
    stages = [name for name, (column, _, _) in _KEY_STAGES.items() if column in people.columns]
    if not stages or "birth_year" not in people.columns:
        taken = borrowed(people, real, rows, rng, ("birth_year", "diagnosis_group"))
        if "score" in rows.columns:
            moved = pl.col("score") + pl.Series(rng.integers(-3, 4, len(taken)))
            taken = taken.with_columns(moved.clip(0, 120).alias("score"))
        return finished(taken, rows)
    return finished(pl.concat([_results(people, name, rng) for name in stages]), rows)


def _results(people: pl.DataFrame, key_stage: str, rng: np.random.Generator) -> pl.DataFrame:
    column, measure, years_after_birth = _KEY_STAGES[key_stage]
    sat = people.filter(pl.col(column).is_not_null())
    later = rng.random(len(sat)) < 1 / 3  # born September to December
    year = sat["birth_year"].to_numpy() + years_after_birth + later
    if key_stage == "KS2":
        year = np.where(year == NO_KS2[0], year - 1, np.where(year == NO_KS2[1], year + 1, year))
    names = [school_year_name(int(first)) for first in np.clip(year, 2007, 2024)]
    return sat.select(
        _ID,
        pl.lit(key_stage).alias("key_stage"),
        pl.Series("school_year", names, dtype=pl.String),
        pl.lit(measure).alias("measure"),
        pl.col(column).cast(pl.Float64).alias("score"),
    )


def absence(
    people: pl.DataFrame, real: pl.DataFrame, rows: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """School years of a donor born in the same year, with attendance drawn again."""
    taken = borrowed(people, real, rows, rng, ("birth_year", "diagnosis_group", "sex"))
    columns: list[pl.Series | pl.Expr] = []
    if {"sessions_missed", "sessions_possible"} <= set(rows.columns):
        missed = _missed(people, taken, rng)
        columns.append(pl.Series("sessions_missed", missed))
        if "sessions_unauthorised" in rows.columns:
            share = taken["sessions_unauthorised"] / (taken["sessions_missed"] + 1)
            drawn = rng.binomial(missed, np.clip(share.to_numpy(), 0, 1))
            columns.append(pl.Series("sessions_unauthorised", drawn))
    if "suspensions" in rows.columns:
        columns.append(pl.Series("suspensions", _suspensions(people, taken, rng)))
    taken = taken.with_columns(columns)
    return finished(_flags(people, _kept_away(taken)), rows)


def _kept_away(years: pl.DataFrame) -> pl.DataFrame:
    """Whoever is excluded misses half a day at least each time, and that with authority."""
    excluded = pl.col("suspensions")
    if not {"suspensions", "sessions_missed"} <= set(years.columns):
        return years
    years = years.with_columns(
        pl.max_horizontal("sessions_missed", excluded).alias("sessions_missed")
    )
    if "sessions_unauthorised" not in years.columns:
        return years
    most = pl.col("sessions_missed") - excluded
    return years.with_columns(
        pl.min_horizontal("sessions_unauthorised", most).alias("sessions_unauthorised")
    )


def _missed(people: pl.DataFrame, taken: pl.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Sessions missed, whose share of all sessions is about the person's own absence."""
    share = taken["sessions_missed"] / taken["sessions_possible"]
    if "absence_percent" in people.columns:
        own = taken.join(people.select(_ID, own="absence_percent"), on=_ID, how="left")
        of_donor = pl.col("sessions_missed").sum() / pl.col("sessions_possible").sum()
        donor = own.select((of_donor.over(_ID) * 100).alias("d"))["d"]
        target = own["own"].fill_null(donor)
        share = (share + 0.002) * target / (donor + 0.2)
    possible = taken["sessions_possible"].to_numpy()
    return rng.binomial(possible, np.clip(share.to_numpy(), 0.0005, 0.98))


def _suspensions(people: pl.DataFrame, taken: pl.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """The person's exclusions, spread over the school years; without them, the donor's redrawn."""
    if "exclusions" not in people.columns:
        return rng.poisson(taken["suspensions"].to_numpy())
    rows = taken.with_row_index("_row").select("_row", _ID)
    each = people.select(_ID, "exclusions").filter(pl.col("exclusions") > 0)
    events = each.select(pl.col(_ID).repeat_by("exclusions").explode())
    last_years = rows.group_by(_ID).agg(pl.col("_row")).join(events, on=_ID).sort(_ID)
    luck = pl.Series("_luck", rng.random(len(last_years)) ** 0.5)
    at = last_years.with_columns(luck).select(
        pl.col("_row").list.get((pl.col("_row").list.len() * pl.col("_luck")).cast(pl.Int64))
    )
    return np.bincount(at["_row"].to_numpy(), minlength=len(taken))


def _flags(people: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    """Free school meals and special needs in some year exactly where `linked` says so."""
    first = pl.int_range(pl.len()).over(_ID) == 0
    for column, summary, yes, no in (
        ("free_school_meals", "free_school_meals", True, False),
        ("sen_provision", "sen_support", "K", "N"),
    ):
        if column not in taken.columns or summary not in people.columns:
            continue
        own = taken.join(people.select(_ID, _own=summary), on=_ID, how="left")
        has = (pl.col(column) != no).any().over(_ID)
        taken = own.with_columns(
            pl.when(~pl.col("_own"))
            .then(pl.lit(no))
            .when(~has & first)
            .then(pl.lit(yes))
            .otherwise(pl.col(column))
            .alias(column)
        ).drop("_own")
    return taken


def referrals(
    people: pl.DataFrame, real: pl.DataFrame, rows: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """Referrals of a donor with the same diagnosis group, moved to the new patient's own age."""
    patients = people.filter(pl.col("group") == PATIENT) if "group" in people.columns else people
    taken = borrowed(patients, real, rows, rng, ("diagnosis_group", "first_referral_age"))
    if {"age_at_referral"} <= set(rows.columns) and "first_referral_age" in people.columns:
        own = taken.join(people.select(_ID, _own="first_referral_age"), on=_ID, how="left")
        age = pl.col("age_at_referral") - pl.col("age_at_referral").min().over(_ID)
        taken = own.with_columns((age + pl.col("_own")).alias("age_at_referral"))
        taken = taken.filter(pl.col("age_at_referral") <= 17)
        if {"birth_year"} <= set(people.columns) and "referral_year" in rows.columns:
            born = taken.join(people.select(_ID, _born="birth_year"), on=_ID, how="left")
            after = pl.Series(rng.integers(0, 2, len(born)))
            year = pl.col("_born") + pl.col("age_at_referral") + after
            taken = born.with_columns(year.clip(2007, 2025).alias("referral_year"))
    if "days_in_care" in rows.columns:
        factor = pl.Series(np.exp(rng.normal(0, 0.3, len(taken))))
        days = (pl.col("days_in_care") * factor).round(0).cast(pl.Int64)
        taken = taken.with_columns(days.alias("days_in_care"))
    return finished(taken, rows)


def borrowed(
    people: pl.DataFrame,
    real: pl.DataFrame,
    rows: pl.DataFrame,
    rng: np.random.Generator,
    likeness: tuple[str, ...],
) -> pl.DataFrame:
    """The rows of one donor for each person, who is as like them as can be found.

    likeness: columns that should agree, the least dispensable first. Only people with rows donate.
    """
    alike = [column for column in likeness if column in people.columns and column in real.columns]
    donors = real.join(rows.select(_ID).unique(), on=_ID, how="semi").sort(_ID)
    if donors.is_empty() or people.is_empty():
        return rows.clear()
    open_places, found = people.select(_ID, *alike).sort(_ID), []
    for used in range(len(alike), -1, -1):
        chosen = _donors(open_places, donors, alike[:used], rng)
        found.append(chosen)
        open_places = open_places.join(chosen, on=_ID, how="anti", maintain_order="left")
        if open_places.is_empty():
            break
    named = pl.concat(found)
    return named.join(rows.rename({_ID: _DONOR}), on=_DONOR).drop(_DONOR).sort(pl.all())


def _donors(
    people: pl.DataFrame, donors: pl.DataFrame, alike: list[str], rng: np.random.Generator
) -> pl.DataFrame:
    """A random donor for each person who has one that agrees in all these columns."""
    luck = people.with_columns(pl.Series("_luck", rng.random(len(people))))
    pool = donors.select(pl.col(_ID).alias(_DONOR), *alike)
    if alike:
        pools = pool.group_by(alike).agg(pl.col(_DONOR).sort())
        luck = luck.join(pools, on=alike, how="inner", nulls_equal=True)
    else:
        luck = luck.join(pool.select(pl.col(_DONOR).sort().implode()), how="cross")
    at = (pl.col(_DONOR).list.len() * pl.col("_luck")).cast(pl.Int64)
    return luck.select(_ID, pl.col(_DONOR).list.get(at)).sort(_ID)


def finished(drawn: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The columns and types of the real table, in an order that says nothing."""
    return drawn.select(pl.col(c).cast(kind) for c, kind in rows.schema.items()).sort(pl.all())


CHILD_TABLES: dict[str, Callable[..., pl.DataFrame]] = {
    "attainment": attainment,
    "absence": absence,
    "referrals": referrals,
}


def agreed(people: pl.DataFrame, twins: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """`linked` with absence and exclusions as the drawn school years add up to.

    Where they say nothing of exclusions, as many as were drawn.
    """
    years = twins.get("absence")
    if years is None or "suspensions" not in years.columns:
        people = _counted(people, twins.get("exclusions"))
    if years is None:
        return people
    sums: dict[str, pl.Expr] = {}
    if {"sessions_missed", "sessions_possible"} <= set(years.columns):
        share = pl.col("sessions_missed").sum() / pl.col("sessions_possible").sum()
        sums["absence_percent"] = (share * 100).round(2)
    if "suspensions" in years.columns:
        sums["exclusions"] = pl.col("suspensions").sum()
    sums = {name: sum_ for name, sum_ in sums.items() if name in people.columns}
    if not sums:
        return people
    added = years.group_by(_ID).agg(**sums)
    return people.drop(*sums).join(added, on=_ID, how="left").select(people.columns).sort(_ID)


def _counted(people: pl.DataFrame, drawn: pl.DataFrame | None) -> pl.DataFrame:
    if drawn is None or "exclusions" not in people.columns:
        return people
    count = drawn.group_by(_ID).agg(pl.len().cast(people.schema["exclusions"]).alias("exclusions"))
    counted = people.drop("exclusions").join(count, on=_ID, how="left")
    return counted.with_columns(pl.col("exclusions").fill_null(0)).select(people.columns).sort(_ID)
