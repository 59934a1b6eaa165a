"""Tables as files: the same rows give the same bytes, and nothing half-written has its name."""

import hashlib
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from tre.decision import UnusableRequestError

_ROWS_A_GROUP = 250_000


def write_table(frame: pl.DataFrame, file: Path) -> str:
    """Write a Parquet file whose bytes depend on the rows alone; return its SHA-256.

    The row groups have a fixed size and the frame is made contiguous first, so that neither the
    number of threads nor the history of the frame is seen in the file.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    frame.rechunk().write_parquet(
        part, compression="zstd", compression_level=3, row_group_size=_ROWS_A_GROUP
    )
    part.replace(file)
    return sha256_of(file)


def read_table(file: Path, columns: tuple[str, ...], *, may_be_empty: bool = False) -> pl.DataFrame:
    """Read these columns of a register's file, in this order.

    may_be_empty: no rows is an answer (nobody objected), and not a broken file.
    Raises UnusableRequestError where the file is not there, cannot be read, has no rows though it
    should, or has not all of the columns.
    """
    if not file.is_file():
        message = f"there is no file {_short(file)}; build the world first"
        raise UnusableRequestError(message)
    try:
        present = pl.read_parquet_schema(file)
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"{_short(file)} cannot be read as Parquet; build the world again"
        raise UnusableRequestError(message) from error
    missing = [column for column in columns if column not in present]
    if missing:
        message = f"{_short(file)} lacks the column {', '.join(missing)}"
        raise UnusableRequestError(message)
    frame = pl.read_parquet(file, columns=list(columns)).select(columns)
    if frame.is_empty() and not may_be_empty:
        message = f"{_short(file)} has no rows"
        raise UnusableRequestError(message)
    return frame


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file's bytes, 64 hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def overwritten(file: Path) -> str:
    """Overwrite a file with zeros and remove it; the SHA-256 of what was there.

    Overwriting is a courtesy: on a copying file system only removal is certain.
    """
    digest = sha256_of(file)
    file.chmod(0o600)
    with file.open("r+b") as stream:
        stream.write(b"\0" * file.stat().st_size)
    file.unlink()
    return digest


def destroyed(folder: Path) -> dict[str, str]:
    """Destroy every file of a folder, and the folder: the SHA-256 of each, by name."""
    gone = {file.name: overwritten(file) for file in sorted(folder.iterdir()) if file.is_file()}
    shutil.rmtree(folder)
    return gone


def write_text(text: str, file: Path) -> None:
    """Write a small file at once: a reader sees the old one or the new one."""
    part = file.with_name(file.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


@contextmanager
def finished_folder(folder: Path) -> Generator[Path]:
    """Give a folder to fill, which takes its name only when everything in it is there.

    What an earlier, killed attempt left behind is cleared first. Where the folder exists, it is
    replaced as a whole. On an error the unfinished folder is removed.
    """
    part = folder.with_name(folder.name + ".part")
    old = folder.with_name(folder.name + ".old")
    for leftover in (part, old):
        shutil.rmtree(leftover, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    _settle(folder.parent)


def _settle(folder: Path) -> None:
    """Make the new name last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _short(file: Path) -> str:
    return "/".join(file.parts[-3:])
