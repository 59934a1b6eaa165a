"""Data in a CSV file, read so that no two people and no two codes become one."""

import csv
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from output_checks.csv_lines import refuse_ragged
from output_checks.errors import UnreadableDataError

_MOST_HEADER = 1 << 20
_PACKED = (b"\x1f\x8b", b"x\x9c", b"(\xb5/\xfd")
"""How a file begins that polars unpacks: gzip, zlib, zstd."""


def scan_csv(path: Path, unit: str | None) -> pl.LazyFrame:
    """Read a CSV file whose header is parted by commas, or by semicolons or tabs.

    Types are decided on all rows; the unit is a text, and so are codes such as 01: 007 and 7
    stay two. Raises UnreadableDataError for what is no CSV in UTF-8, for a name that is there
    twice, and for lines that have not as many fields as the header.
    """
    try:
        separator = _separator(path)
        refuse_ragged(path, separator)
        names = pl.scan_csv(path, infer_schema=False, glob=False, separator=separator)
        columns = names.collect_schema().names()
        as_text = {unit: pl.String()} if unit in columns else {}
        frame = pl.scan_csv(
            path,
            infer_schema_length=None,
            schema_overrides=as_text,
            glob=False,
            separator=separator,
        )
        codes = _codes(names, frame)
    except (PolarsError, OSError) as error:
        raise UnreadableDataError(
            f"{path.name} cannot be read as CSV: {str(error).splitlines()[0]}"
        ) from error
    if not codes:
        return frame
    return pl.scan_csv(
        path,
        infer_schema_length=None,
        schema_overrides=as_text | dict.fromkeys(codes, pl.String()),
        glob=False,
        separator=separator,
    )


def _codes(names: pl.LazyFrame, frame: pl.LazyFrame) -> list[str]:
    """Columns of whole numbers of which some begin with a 0 that a number would lose."""
    whole = [name for name, dtype in frame.collect_schema().items() if dtype.is_integer()]
    has_zeros = names.select(pl.col(whole).str.contains(r"^\s*0\d").any()) if whole else None
    if has_zeros is None:
        return []
    found = has_zeros.collect(engine="streaming").row(0, named=True)
    return [name for name, has in found.items() if has]


def _separator(path: Path) -> str:
    """Raises UnreadableDataError for a header that is none."""
    with path.open("rb") as file:
        first = file.readline(_MOST_HEADER)
    if first.startswith(_PACKED):
        return ","
    try:
        header = first.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise UnreadableDataError(f"{path.name} is no text in UTF-8") from error
    if any(ord(one) < 32 and one != "\t" for one in header):
        raise UnreadableDataError(
            f"{path.name} is no CSV: its first line has letters that cannot be seen"
        )
    separator = next((one for one in (",", ";", "\t") if one in header), ",")
    _refuse_twice(path, next(csv.reader([header], delimiter=separator), []))
    return separator


def _refuse_twice(path: Path, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise UnreadableDataError(
                f'{path.name} has two columns called "{name}"; give one of them another name'
            )
