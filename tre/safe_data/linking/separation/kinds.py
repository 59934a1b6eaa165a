"""What a column holds, by its name and by its values: a renamed column of names is still names."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import polars as pl


class Kind(StrEnum):
    """What a column is, as far as separation is concerned."""

    NAME = "names"
    NHS_NUMBER = "NHS numbers"
    POSTCODE = "postcodes"
    BIRTH = "dates of birth"
    PUPIL_NUMBER = "pupil numbers"
    OTHER = "identifiers"
    TEXT = "free text that names people"
    CLINICAL = "codes of mental disorders"
    PSEUDONYM = "CRIS pseudonyms"
    KEY = "a register's own keys"
    RESEARCH = "research pseudonyms"


IDENTIFYING = frozenset(
    {
        Kind.NAME,
        Kind.NHS_NUMBER,
        Kind.POSTCODE,
        Kind.BIRTH,
        Kind.PUPIL_NUMBER,
        Kind.OTHER,
        Kind.TEXT,
    }
)
BY_NAME = {
    "first_name": Kind.NAME, "last_name": Kind.NAME, "forename": Kind.NAME, "surname": Kind.NAME,
    "middle_name": Kind.NAME, "full_name": Kind.NAME, "maiden_name": Kind.NAME,
    "previous_last_name": Kind.NAME, "nhs_number": Kind.NHS_NUMBER, "postcode": Kind.POSTCODE,
    "date_of_birth": Kind.BIRTH, "dob": Kind.BIRTH, "upn": Kind.PUPIL_NUMBER,
    "national_insurance_number": Kind.OTHER, "nino": Kind.OTHER, "address": Kind.OTHER,
    "email": Kind.OTHER, "telephone": Kind.OTHER, "hospital_number": Kind.OTHER,
}  # fmt: skip
DESCRIBES_TOO = frozenset({"sex", "gender", "ethnic_group"})
"""Columns that help to match and that research may also see: alone they name nobody."""

_ENOUGH, _FEW, _MANY = 0.5, 3, 20
_SOME, _LOOKED_AT = 0.2, 2_000
"""Share of days that are the patients' births and no chance, and how many rows are held against
them."""
_POSTCODE = r"^[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}$"
_NHS_NUMBER = r"^\d{3}[ -]?\d{3}[ -]?\d{4}$"
_PUPIL_NUMBER = r"^[A-HJ-NP-RT-Z]\d{12}$"
_DISORDER = r"^F\d{2}(\.\d{1,2})?$"
_PREFIX = r"^[A-Za-z]{1,12}[:#=/_ -]+"
"""What may be written before every value so that it looks like another thing."""
_WITHIN = (
    (Kind.NHS_NUMBER, r"(?:^|\D)(\d{3}[ -]?\d{3}[ -]?\d{4})(?:\D|$)"),
    (Kind.POSTCODE, r"(?:^|[^A-Z\d])([A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2})(?:[^A-Z\d]|$)"),
    (Kind.PUPIL_NUMBER, r"(?:^|[^A-Z\d])([A-HJ-NP-RT-Z]\d{12})(?:\D|$)"),
)
_RARE = 0.001
"""Of random numbers of ten digits at most so many are somebody's NHS number."""
_EVERY = 0.9


@dataclass(frozen=True, slots=True)
class Members:
    """Strings to look others up in: eight bytes each, however long they are.

    hashes: sorted, each once. Two strings of millions share a hash once in a million worlds.
    """

    hashes: np.ndarray

    @classmethod
    def of(cls, parts: Iterable[pl.Series]) -> "Members":
        """Keep these values, nulls left out, one part in memory at a time."""
        found = [part.drop_nulls().unique().hash().to_numpy() for part in parts]
        return cls(np.unique(np.concatenate(found)) if found else np.array([], dtype=np.uint64))

    def has(self, text: pl.Series) -> pl.Series:
        """Whether each of these strings is one of them; null is not."""
        asked = text.hash().to_numpy()
        if not self.hashes.size:
            return pl.repeat(value=False, n=len(text), eager=True)
        at = np.minimum(np.searchsorted(self.hashes, asked), self.hashes.size - 1)
        return pl.Series(self.hashes[at] == asked) & text.is_not_null()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the registers hold, to hold the values of a column against.

    pseudonyms: of CRIS. keys, research: of every other register, as strings. names: small
    letters, each part of a name by itself. births: pseudonym and born, one row a patient. people:
    first and last name in small letters. numbers: NHS numbers, postcodes and pupil numbers, in
    capitals and without what separates their parts.
    """

    pseudonyms: Members
    keys: Members
    research: Members
    names: Members
    births: pl.DataFrame
    identifiers: frozenset[str] = field(default_factory=frozenset)
    people: Members = field(default_factory=lambda: Members.of(()))
    numbers: Members = field(default_factory=lambda: Members.of(()))


def kind_by_name(column: str, identifiers: Iterable[str] = ()) -> Kind | None:
    """What the name of a column says, or None.

    identifiers: names that a description lists, beside those that are known anyway.
    """
    plain = column.lower()
    if plain in BY_NAME:
        return BY_NAME[plain]
    return Kind.OTHER if plain in identifiers and plain not in DESCRIBES_TOO else None


def kind_by_values(values: pl.Series, known: Known) -> Kind | None:
    """What at least half of the different values are, or a few are where few are too many, or None.

    values: a sample of the column, nulls allowed, of any type that is not nested. Dates say nothing
    by themselves: see `holds_births`. Chance agreement is small: one in 11 random numbers of ten
    digits has the check digit of an NHS number, so that half of them never have; and one in ten
    thousand is the number of somebody.
    """
    distinct = values.drop_nulls().unique()
    if distinct.dtype.is_numeric():
        whole = distinct.cast(pl.Int64, strict=False).drop_nulls()
        whole = whole.filter((whole >= 10**9) & (whole < 10**13))
        of_somebody = _somebodys(whole.cast(pl.String), known)
        return Kind.NHS_NUMBER if _share(has_check_digit(whole)) else of_somebody
    if not isinstance(distinct.dtype, (pl.String, pl.Categorical, pl.Enum)):
        return None
    text = distinct.cast(pl.String).str.strip_chars()
    text = text.filter(text != "")
    return (
        _as_a_whole(text, known)
        or _somebodys(text, known)
        or _as_a_whole(text.filter(text.str.contains(_PREFIX)).str.replace(_PREFIX, ""), known)
        or (Kind.NAME if _are_names(text, len(values), known) else None)
    )


def _as_a_whole(text: pl.Series, known: Known) -> Kind | None:
    if text.is_empty():
        return None
    if int(text.str.contains(_DISORDER).sum()) > _ENOUGH * len(text):
        return Kind.CLINICAL
    return next((kind for kind, test in _TESTS if _share(test(text, known))), None)


def _somebodys(text: pl.Series, known: Known) -> Kind | None:
    """Whether some values contain numbers or postcodes that are somebody's in a register."""
    if not known.numbers.hashes.size:
        return None
    capitals = text.filter(text.str.contains(r"\d\D?[A-Za-z]{2}|\d{4}")).str.to_uppercase()
    for kind, shape in _WITHIN:
        found = capitals.str.extract(shape).drop_nulls().str.replace_all(r"[ -]", "").unique()
        hits = int(known.numbers.has(found).sum())
        if hits >= _FEW and hits >= _RARE * len(found):
            return kind
    return None


def holds_births(pseudonyms: pl.Series, days: pl.Series, births: pl.DataFrame) -> bool:
    """Whether these days are the dates of birth of the patients beside whom they stand."""
    beside = pl.DataFrame({"pseudonym": pseudonyms, "day": days}).drop_nulls()
    beside = beside.gather_every(max(1, len(beside) // _LOOKED_AT))
    both = beside.join(births, on="pseudonym").drop_nulls()
    same = int((both["day"] == both["born"]).sum())
    return same >= _FEW and same > _SOME * len(both)


def _nhs_numbers(text: pl.Series, _: Known) -> pl.Series:
    shaped = text.str.contains(_NHS_NUMBER)
    digits = text.filter(shaped).str.replace_all(r"\D", "").cast(pl.Int64)
    valid = has_check_digit(digits)
    return pl.concat([valid, pl.repeat(value=False, n=len(text) - len(valid), eager=True)])


def has_check_digit(numbers: pl.Series) -> pl.Series:
    """Whether each is ten digits with the check digit of an NHS number (modulus 11)."""
    digits = [numbers // 10**place % 10 for place in range(10)]
    total = sum((digits[place] * (place + 1) for place in range(1, 10)), start=numbers * 0)
    long = (numbers >= 10**9) & (numbers < 10**10)
    return ((11 - total % 11) % 11 == digits[0]) & long


_TESTS = (
    (Kind.PSEUDONYM, lambda text, known: known.pseudonyms.has(text)),
    (Kind.KEY, lambda text, known: known.keys.has(text)),
    (Kind.RESEARCH, lambda text, known: known.research.has(text)),
    (Kind.NHS_NUMBER, _nhs_numbers),
    (Kind.POSTCODE, lambda text, _: text.str.to_uppercase().str.contains(_POSTCODE)),
    (Kind.PUPIL_NUMBER, lambda text, _: text.str.contains(_PUPIL_NUMBER)),
)


def _share(hits: pl.Series) -> bool:
    found = int(hits.sum())
    return found >= _FEW and found >= _ENOUGH * len(hits)


def _are_names(text: pl.Series, rows: int, known: Known) -> bool:
    """Whether the values are names of people in a register; a name may have several parts.

    A list of codes with few values is none, even where some of them are surnames too (England).
    """
    if len(text) < (_MANY if rows > 2 * _MANY else _FEW):
        return False
    parts = (
        pl.DataFrame({"value": text})
        .with_columns(part=pl.col("value").str.to_lowercase().str.extract_all(r"[a-z']+"))
        .explode("part", empty_as_null=True)
    )
    often = pl.len().over("part") > _EVERY * len(text)
    parts = parts.filter(~often) if len(text) >= _MANY else parts
    parts = parts.with_columns(named=known.names.has(parts["part"]))
    parts = parts.group_by("value").agg(pl.col("named").all())
    return len(parts) > 0 and int(parts["named"].sum()) >= _ENOUGH * len(text)
