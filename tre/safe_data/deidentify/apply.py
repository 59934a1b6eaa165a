"""Applying the treatments that a description names to a table."""

from collections.abc import Callable, Mapping

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.deidentify.ages import age_bands, top_coded
from tre.safe_data.deidentify.categories import rare_grouped
from tre.safe_data.deidentify.column import Column, Given
from tre.safe_data.deidentify.dates import shift_days, shifted, to_month, to_year
from tre.safe_data.deidentify.diagnoses import icd10_category, icd10_chapter
from tre.safe_data.deidentify.places import to_area, to_deprivation
from tre.safe_data.deidentify.scrubbing import scrub
from tre.safe_data.deidentify.treatment import Method, Treatment

Treatments = Mapping[str, Treatment | tuple[Treatment, ...]]
"""What is done to each column; several treatments are done one after the other."""

_NOTHING_GIVEN = Given()


def apply(
    frame: pl.DataFrame,
    unit: str,
    treatments: Treatments,
    key: bytes,
    given: Given = _NOTHING_GIVEN,
) -> pl.DataFrame:
    """The table with every variable treated as named; rows and columns keep their order.

    frame: several rows a person are allowed. unit: the column that says whose a row is.
    treatments: by column; a column without one is as recorded, unless it is a date. Several are
    done in turn: (TO_AREA, RARE_GROUPED).
    key: the project's, 16 bytes or more; it decides how dates are moved.
    Raises UnusableRequestError for a treatment of a column that is not there or of the unit, a row
    that is nobody's, a date without a treatment, or values that a treatment is not for.
    """
    _check(frame, unit, treatments)
    moves = _moves(frame[unit], treatments, key)
    treated = frame
    for name, named in treatments.items():
        for treatment in _steps(named):
            column = Column(
                values=treated[name],
                people=frame[unit],
                treatment=treatment,
                moves=moves,
                given=given,
            )
            treated = treated.with_columns(_METHODS[treatment.method](column).alias(name))
    return treated


def _steps(named: Treatment | tuple[Treatment, ...]) -> tuple[Treatment, ...]:
    return (named,) if isinstance(named, Treatment) else named


def _moves(people: pl.Series, treatments: Treatments, key: bytes) -> dict[int, pl.Series]:
    """By how many days each row's dates are moved, once for all dates of the table."""
    wanted = {
        treatment.days
        for named in treatments.values()
        for treatment in _steps(named)
        if treatment.method is Method.SHIFTED
    }
    return {days: shift_days(people, key, days) for days in sorted(wanted)}


def _check(frame: pl.DataFrame, unit: str, treatments: Treatments) -> None:
    missing = [name for name in (unit, *treatments) if name not in frame.columns]
    if missing:
        message = f"the table has no column {', '.join(missing)}"
        raise UnusableRequestError(message)
    if unit in treatments:
        message = f"{unit} says whose a row is; it is replaced by a pseudonym, not treated"
        raise UnusableRequestError(message)
    if nobodys := frame[unit].null_count():
        message = f"{nobodys} rows have no {unit}; every row must be somebody's"
        raise UnusableRequestError(message)
    bare = [
        name
        for name, kind in frame.schema.items()
        if kind in (pl.Date, pl.Datetime) and not treatments.get(name)
    ]
    if bare:
        message = f"{', '.join(bare)}: a date needs a treatment, or AS_IS where it may stay exact"
        raise UnusableRequestError(message)


def _as_is(column: Column) -> pl.Series:
    return column.values


def _withheld(column: Column) -> pl.Series:
    """Nothing, in as many rows: the table keeps its columns."""
    return column.values.clear(len(column.values))


def _scrubbed(column: Column) -> pl.Series:
    """Masked with what is known of each person; whose identifiers are not given has no text."""
    column.must_be("text", pl.String)
    known = column.given.known
    masked = [
        None if text is None or person not in known else scrub(text, known[person]).text
        for text, person in zip(column.values, column.people, strict=True)
    ]
    return pl.Series(column.values.name, masked, dtype=pl.String)


_METHODS: dict[Method, Callable[[Column], pl.Series]] = {
    Method.AS_IS: _as_is,
    Method.TO_MONTH: to_month,
    Method.TO_YEAR: to_year,
    Method.SHIFTED: shifted,
    Method.AGE_BANDS: age_bands,
    Method.TOP_CODED: top_coded,
    Method.TO_AREA: to_area,
    Method.TO_DEPRIVATION: to_deprivation,
    Method.RARE_GROUPED: rare_grouped,
    Method.ICD10_CATEGORY: icd10_category,
    Method.ICD10_CHAPTER: icd10_chapter,
    Method.SCRUBBED: _scrubbed,
    Method.WITHHELD: _withheld,
}
