"""Identifiers: the one module that reads and writes names, dates of birth and postcodes as files.

Only `tre.safe_data.registers` (which fills the simulated registers) and `tre.safe_data.linking`
may import it; a test and an import contract keep it so. What is built for researchers cannot.
"""

from pathlib import Path

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.files import overwritten, read_table, write_table

CRIS_FILE = "cris_identifiers.parquet"
CONTACTS_FILE = "cris_contacts_identifiers.parquet"
"""Whom SLaM can reach for a patient: first_name, last_name and telephone, one row a contact."""
NOTES_FILE = "cris_notes.parquet"
"""What clinicians wrote down, with whatever names they wrote."""
IDENTIFIERS = ("first_name", "last_name", "date_of_birth", "postcode")


def identifiers_file(register: str) -> str:
    """The name of the file in which a register's holder keeps the identifiers of its people."""
    return f"{register}_identifiers.parquet"


def write_identifiers(frame: pl.DataFrame, file: Path) -> str:
    """Write a register's identifiers, or a file that one party sends another; its SHA-256."""
    digest = write_table(frame, file)
    file.chmod(0o600)
    return digest


def read_contacts(file: Path, key: str) -> pl.DataFrame:
    """Read key, first_name, last_name and telephone: no names where it is the patient's own number.

    Raises UnusableRequestError for a missing file or column.
    """
    return read_table(file, (key, "first_name", "last_name", "telephone"), may_be_empty=True)


def read_identifiers(file: Path, key: str, columns: tuple[str, ...] = IDENTIFIERS) -> pl.DataFrame:
    """Read the key and these identifiers, in the order of the key.

    Raises UnusableRequestError for a missing file or column, an empty file, a key twice, or a
    date of birth that is no date.
    """
    return _checked(read_table(file, (key, *columns)).sort(key), file, key)


def _checked(frame: pl.DataFrame, file: Path, key: str) -> pl.DataFrame:
    if frame[key].null_count() or frame[key].n_unique() < len(frame):
        message = f"{file.name}: {key} must name every record once"
        raise UnusableRequestError(message)
    if frame.schema["date_of_birth"] != pl.Date:
        message = f"{file.name}: date_of_birth must be a date, not {frame.schema['date_of_birth']}"
        raise UnusableRequestError(message)
    return frame


def destroy(file: Path) -> str | None:
    """Overwrite a file of identifiers and remove it; the hash of what was destroyed.

    None where there was no such file. Overwriting is a courtesy: on a copying file system only
    removal is certain, and the simulator says so.
    """
    if not file.exists():
        return None
    return overwritten(file)
