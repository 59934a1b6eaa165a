"""What goes wrong when a person is written down: misspellings, nicknames, swaps, gaps."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tre.safe_data.population.calendar import days_of_month, from_parts, months, years
from tre.safe_data.records.spelling import heard, nicknames, typed


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRates:
    """How often each error happens to one record of a register, from 0 to 1.

    nickname: of the people whose name has one. half_name: of those with two surnames.
    old_address: the address has not been renewed since the person moved. twin: a twin's first
    name was written for the other's. nhs_digit: an NHS number with a wrong digit, which its check
    digit would show. New Year: the day is not known, so 1 January was written.
    """

    first_typed: float
    first_heard: float
    nickname: float
    first_missing: float
    last_typed: float
    last_heard: float
    last_changed: float
    half_name: float
    names_swapped: float
    day_and_month_swapped: float
    date_digit: float
    new_year: float
    old_address: float
    postcode_missing: float
    postcode_typed: float
    twin: float
    nhs_missing: float = 0.0
    nhs_digit: float = 0.0


CRIS_ERRORS = ErrorRates(
    first_typed=0.04,
    first_heard=0.03,
    nickname=0.25,
    first_missing=0.005,
    last_typed=0.03,
    last_heard=0.02,
    last_changed=0.03,
    half_name=0.03,
    names_swapped=0.01,
    day_and_month_swapped=0.006,
    date_digit=0.012,
    new_year=0.004,
    old_address=0.25,
    postcode_missing=0.03,
    postcode_typed=0.02,
    twin=0.005,
    nhs_missing=0.04,
    nhs_digit=0.002,
)
"""Sizes: assumed, those of the prototype whose linkage quality the design notes record."""

NPD_ERRORS = ErrorRates(
    first_typed=0.008,
    first_heard=0.006,
    nickname=0.05,
    first_missing=0.0,
    last_typed=0.006,
    last_heard=0.004,
    last_changed=0.01,
    half_name=0.03,
    names_swapped=0.002,
    day_and_month_swapped=0.001,
    date_digit=0.002,
    new_year=0.0,
    old_address=0.05,
    postcode_missing=0.01,
    postcode_typed=0.005,
    twin=0.001,
)
"""Sizes: assumed; a school writes down what parents show it and asks again each year."""


NHS_ERRORS = ErrorRates(
    first_typed=0.015,
    first_heard=0.01,
    nickname=0.08,
    first_missing=0.001,
    last_typed=0.012,
    last_heard=0.008,
    last_changed=0.02,
    half_name=0.03,
    names_swapped=0.003,
    day_and_month_swapped=0.002,
    date_digit=0.003,
    new_year=0.001,
    old_address=0.15,
    postcode_missing=0.01,
    postcode_typed=0.008,
    twin=0.002,
    nhs_missing=0.02,
    nhs_digit=0.001,
)
"""Sizes: assumed, of a register of the NHS that asks the patient at every visit."""

CENSUS_ERRORS = ErrorRates(
    first_typed=0.015,
    first_heard=0.008,
    nickname=0.10,
    first_missing=0.002,
    last_typed=0.012,
    last_heard=0.006,
    last_changed=0.02,
    half_name=0.03,
    names_swapped=0.003,
    day_and_month_swapped=0.002,
    date_digit=0.004,
    new_year=0.001,
    old_address=0.02,
    postcode_missing=0.005,
    postcode_typed=0.004,
    twin=0.003,
)
"""Sizes: assumed; handwritten by one of the household and read by a machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Identifiers as a register holds them; None for what is missing. born: day of birth.

    nhs_number: whole numbers of 10 digits, 0 for what is missing.
    """

    first_name: np.ndarray
    last_name: np.ndarray
    born: np.ndarray
    postcode: np.ndarray
    nhs_number: np.ndarray

    def table(self) -> pl.DataFrame:
        """As a file holds them: nhs_number, first_name, last_name, date_of_birth, postcode."""
        nhs = pl.Series(self.nhs_number)
        return pl.DataFrame(
            {
                "nhs_number": nhs.cast(pl.String).set(nhs == 0, None),
                "first_name": pl.Series(self.first_name.tolist(), dtype=pl.String),
                "last_name": pl.Series(self.last_name.tolist(), dtype=pl.String),
                "date_of_birth": pl.Series(self.born).cast(pl.Date),
                "postcode": pl.Series(self.postcode.tolist(), dtype=pl.String),
            }
        )


def misrecord(
    rng: np.random.Generator,
    rates: ErrorRates,
    true: Recorded,
    other_last_name: np.ndarray,
    proneness: np.ndarray,
) -> Recorded:
    """Write these people down with a register's errors.

    other_last_name: what a person whose name changes is called after. proneness: how many times
    likelier than others a person is to be written down wrongly, 0 or more.
    """
    first, last = true.first_name.copy(), true.last_name.copy()
    people = len(first)

    def struck(rate: float) -> np.ndarray:
        return np.flatnonzero(rng.random(people) < rate * proneness)

    _each(first, struck(rates.nickname), rng, nicknames)
    _each(first, struck(rates.first_typed), rng, typed)
    _each(first, struck(rates.first_heard), rng, heard)
    changed = struck(rates.last_changed)
    last[changed] = other_last_name[changed]
    _each(last, struck(rates.half_name), rng, _half)
    _each(last, struck(rates.last_typed), rng, typed)
    _each(last, struck(rates.last_heard), rng, heard)
    swapped = struck(rates.names_swapped)
    first[swapped], last[swapped] = last[swapped], first[swapped]
    first[struck(rates.first_missing)] = None
    postcode = true.postcode.copy()
    _each(postcode, struck(rates.postcode_typed), rng, _slipped)
    postcode[struck(rates.postcode_missing)] = None
    born = _dates(rng, rates, true.born, proneness)
    nhs = true.nhs_number.copy()
    wrong = struck(rates.nhs_digit)
    nhs[wrong] += 10 ** rng.integers(0, 6, len(wrong))
    nhs[struck(rates.nhs_missing)] = 0
    return Recorded(first_name=first, last_name=last, born=born, postcode=postcode, nhs_number=nhs)


def _each(values: np.ndarray, rows: np.ndarray, rng: np.random.Generator, change) -> None:
    """Change the values in these rows, each with a random number of its own."""
    luck = rng.integers(0, 2**31, len(rows)).tolist()
    for row, number in zip(rows.tolist(), luck, strict=True):
        values[row] = change(values[row], number)


def _half(name: str, luck: int) -> str:
    return name.split("-")[luck % 2] if name.count("-") == 1 else name


def _slipped(postcode: str, luck: int) -> str:
    """One of the three inward characters is another one of the same kind."""
    place, change = luck % 3, luck // 3
    character = "0123456789"[change % 10] if place == 0 else "CIKMOV"[change % 6]
    start = len(postcode) - 3 + place
    return postcode[:start] + character + postcode[start + 1 :]


def _dates(
    rng: np.random.Generator, rates: ErrorRates, born: np.ndarray, proneness: np.ndarray
) -> np.ndarray:
    """Dates of birth with day and month swapped, one digit wrong, or 1 January."""
    luck = rng.random(len(born))
    year, month, of_month = years(born), months(born), days_of_month(born)
    swapped = np.where(of_month <= 12, from_parts(year, of_month, month), born)
    slip = rng.choice(np.array([-1, 1, -10, 10, -366, 366, -31, 31]), len(born))
    first_of_january = from_parts(year, np.ones_like(year), np.ones_like(year))
    edges = np.cumsum([rates.day_and_month_swapped, rates.date_digit, rates.new_year])
    cases = [luck < edge * proneness for edge in edges]
    return np.select(cases, [swapped, born + slip, first_of_january], born).astype(np.int32)
