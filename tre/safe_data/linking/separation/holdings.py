"""What every party's folder holds now: columns, rows, and what the columns are by their values."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import polars as pl

from tre.safe_data.linking.separation import free_text
from tre.safe_data.linking.separation.kinds import (
    BY_NAME,
    IDENTIFYING,
    Kind,
    Known,
    Members,
    holds_births,
    kind_by_name,
    kind_by_values,
)
from tre.safe_data.linking.separation.layout import CRIS, SUPPLIER, TRUTH
from tre.safe_data.linking.separation.leaves import as_days, leaves, may_be_days, tells
from tre.safe_data.linking.separation.plain_text import kinds_of_file, kinds_of_metadata

SMALL_ROWS, SLICE_ROWS = 60_000, 8_000
"""A file of at most so many rows is read whole; of a larger one three slices: its beginning, its
middle and its end. Schemas and numbers of rows are always read."""
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFile:
    """One file in a party's folder.

    path: relative to the folder of all parties. columns: in order; () where it is no table.
    rows: 0 or more. kinds: what columns are, those that are something, by name or by values.
    renamed: columns of which only the values told what they are. readable: False for a table
    that cannot be read. looked_at: rows read.
    """

    path: str
    columns: tuple[str, ...] = ()
    rows: int = 0
    kinds: dict[str, Kind]
    renamed: frozenset[str] = frozenset()
    readable: bool = True
    looked_at: int = 0

    @property
    def party(self) -> str:
        """The folder of the party that holds it."""
        return self.path.partition("/")[0]

    def of(self, *kinds: Kind) -> tuple[str, ...]:
        """The columns of these kinds, in the order of the file."""
        return tuple(column for column, kind in self.kinds.items() if kind in kinds)

    @property
    def identifying(self) -> tuple[str, ...]:
        """The columns that say who somebody is."""
        return self.of(*IDENTIFYING)


def files_of(parties: Path) -> tuple[str, ...]:
    """Everything but folders, relative and sorted; also what is hidden, half-written or no file."""
    found = (file for file in parties.rglob("*") if file.is_symlink() or not file.is_dir())
    return tuple(sorted(file.relative_to(parties).as_posix() for file in found))


def look(parties: Path, path: str, known: Known) -> HeldFile | None:
    """Look at one file; None where it has gone meanwhile."""
    file = parties / path
    if file.exists() and not file.is_file():  # a pipe would keep whoever opens it waiting
        return HeldFile(path=path, kinds={}, readable=False)
    try:
        if not _is_table(file):
            return _look_at_text(file, path, known)
        return _look_at_table(file, path, known)
    except FileNotFoundError:
        return None
    except (pl.exceptions.PolarsError, OSError):
        return HeldFile(path=path, kinds={}, readable=False)


def _is_table(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(4) == _PARQUET or file.suffix == ".parquet"


def _look_at_text(file: Path, path: str, known: Known) -> HeldFile:
    kinds = {} if path.startswith(f"{TRUTH}/") else kinds_of_file(file, known)
    return HeldFile(path=path, kinds=kinds or {}, readable=kinds is not None)


def _look_at_table(file: Path, path: str, known: Known) -> HeldFile:
    schema = pl.read_parquet_schema(file)
    rows = _rows(file)
    kinds = {
        column: kind
        for column in schema
        if (kind := kind_by_name(column, known.identifiers)) is not None
    }
    if path.startswith(f"{TRUTH}/"):
        return HeldFile(path=path, columns=tuple(schema), rows=rows, kinds=kinds)
    told = [c for c, t in schema.items() if c not in kinds and tells(t)]
    days = [c for c, t in schema.items() if c not in kinds and may_be_days(t)]
    sample = _sample(file, list(dict.fromkeys((*told, *days))), rows)
    by_value = {c: kind for c in told if (kind := _kind(sample[c], known)) is not None}
    by_value |= _births(sample, [c for c in days if c not in by_value], by_value, known)
    every = kinds | by_value
    return HeldFile(
        path=path,
        columns=tuple(schema),
        rows=rows,
        kinds={column: every[column] for column in schema if column in every}
        | kinds_of_metadata(file, known),
        renamed=frozenset(by_value),
        looked_at=len(sample),
    )


def _kind(values: pl.Series, known: Known) -> Kind | None:
    """What the values are as a whole, or that they are sentences which say who somebody is."""
    for plain in leaves(values):
        if whole := kind_by_values(plain, known):
            return whole
        if free_text.identifies(plain, known):
            return Kind.TEXT
    return None


def _births(
    sample: pl.DataFrame, days: list[str], by_value: dict[str, Kind], known: Known
) -> dict[str, Kind]:
    """Columns that are the patients' dates of birth, where a pseudonym stands beside."""
    beside = [column for column, kind in by_value.items() if kind is Kind.PSEUDONYM]
    return {
        day: Kind.BIRTH
        for day in days
        if any(holds_births(sample[b], as_days(sample[day]), known.births) for b in beside)
    }


def _rows(file: Path) -> int:
    return pl.scan_parquet(file).select(pl.len()).collect().item()


def _sample(file: Path, columns: list[str], rows: int) -> pl.DataFrame:
    if not columns:
        return pl.DataFrame()
    table = pl.scan_parquet(file).select(columns)
    if rows <= SMALL_ROWS:
        return table.collect()
    starts = (0, (rows - SLICE_ROWS) // 2, rows - SLICE_ROWS)
    return pl.concat([table.slice(start, SLICE_ROWS).collect() for start in starts])


def known_values(
    parties: Path, registers: Iterable[str], pseudonym: str, identifiers: Iterable[str]
) -> Known:
    """Read what registers hold, as far as it is needed to recognise a column by its values.

    registers: files of identifiers, relative. pseudonym: the column that names a patient of CRIS.
    Names are taken whole from small registers and from slices of large ones.
    """
    files = [parties / path for path in registers]
    ours = [file for file in files if file.name.startswith(f"{CRIS}_")]
    cris = parties / SUPPLIER / f"{CRIS}_identifiers.parquet"
    return Known(
        pseudonyms=Members.of(_strings([(file, pseudonym) for file in ours])),
        keys=Members.of(
            _strings([(file, key) for file in files if file not in ours for key in _key(file)])
        ),
        research=Members.of(map(_keyed, _strings(_research(parties, pseudonym)))),
        names=Members.of(_names(files)),
        births=_known_births(cris, pseudonym),
        people=Members.of(_people(files)),
        numbers=Members.of(_numbers(files)),
        identifiers=frozenset(identifiers),
    )


def _schema(file: Path) -> Sequence[str]:
    """Column names; none of a file that cannot be read, which another rule reports."""
    try:
        return list(pl.read_parquet_schema(file))
    except (pl.exceptions.PolarsError, OSError):
        return []


def _key(file: Path) -> tuple[str, ...]:
    """The register's own key: the first column, unless it is an identifier."""
    return tuple(column for column in _schema(file)[:1] if column not in BY_NAME)


def _research(parties: Path, pseudonym: str) -> list[tuple[Path, str]]:
    """Where the holders' research pseudonyms stand: beside the CRIS pseudonym in their links."""
    links = sorted(parties.glob("*/links/*/*.parquet"))
    return [
        (file, column)
        for file in links
        for column, dtype in _types(file)
        if column != pseudonym and dtype == pl.String
    ]


def _keyed(values: pl.Series) -> pl.Series:
    """Keyed pseudonyms alone: a column of names in the links is none for standing there."""
    return values.filter(values.str.contains(r"^[0-9a-f]{32}$"))


def _types(file: Path) -> list[tuple[str, pl.DataType]]:
    try:
        return list(pl.read_parquet_schema(file).items())
    except (pl.exceptions.PolarsError, OSError):
        return []


def _strings(columns: Iterable[tuple[Path, str]]) -> Iterator[pl.Series]:
    """The values of these columns, as strings, one column at a time."""
    for file, column in columns:
        if column in _schema(file):
            yield pl.read_parquet(file, columns=[column])[column].cast(pl.String)


def _names(registers: Iterable[Path]) -> Iterator[pl.Series]:
    """Each part of a name by itself, in small letters."""
    for file in registers:
        columns = [c for c in _schema(file) if BY_NAME.get(c) is Kind.NAME]
        for values in _sample(file, columns, _rows(file)) if columns else ():
            parts = values.cast(pl.String).unique().str.to_lowercase().str.extract_all(r"[a-z']+")
            yield parts.explode(empty_as_null=True)


def _people(registers: Iterable[Path]) -> Iterator[pl.Series]:
    """First and last names together, in small letters."""
    for file in registers:
        columns = ["first_name", "last_name"]
        if set(columns) <= set(_schema(file)):
            named = _sample(file, columns, _rows(file))
            yield (named["first_name"] + " " + named["last_name"]).str.to_lowercase()


def _numbers(registers: Sequence[Path]) -> Iterator[pl.Series]:
    """NHS numbers, postcodes and pupil numbers without what separates their parts."""
    columns = [(file, c) for file in registers for c in ("nhs_number", "postcode", "upn")]
    for values in _strings(columns):
        yield values.unique().str.to_uppercase().str.replace_all(r"[ -]", "")


def _known_births(cris: Path, pseudonym: str) -> pl.DataFrame:
    wanted = [pseudonym, "date_of_birth"]
    if not set(wanted) <= set(_schema(cris)):
        return pl.DataFrame(schema={"pseudonym": pl.String, "born": pl.Date})
    return pl.read_parquet(cris, columns=wanted).select(
        pseudonym=pl.col(pseudonym).cast(pl.String), born="date_of_birth"
    )


def attributes_of(files: Iterable[HeldFile]) -> frozenset[str]:
    """Names of the columns that describe people: neither identifiers, nor keys or pseudonyms."""
    sets = (
        {c for c in file.columns if file.kinds.get(c) in {None, Kind.CLINICAL}} for file in files
    )
    return frozenset(reduce(set.union, sets, set()))
