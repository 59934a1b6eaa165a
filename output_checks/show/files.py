"""Files of a table: written whole or not at all."""

import json
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import date
from errno import EISDIR
from os import strerror
from pathlib import Path
from types import MappingProxyType

from output_checks.errors import OutputCheckError, unknown
from output_checks.show.drawing import Drawing
from output_checks.show.excel import excel_bytes
from output_checks.show.notes import notes_text
from output_checks.show.report import released_page
from output_checks.show.text import csv_text, released_frame


def _csv(drawing: Drawing, on: date | None) -> bytes:  # noqa: ARG001 - a CSV has no date
    return csv_text(released_frame(drawing.grids)).encode()


def _page(drawing: Drawing, on: date | None) -> bytes:
    return released_page(drawing, on).encode()


def _judged(drawing: Drawing, on: date | None) -> bytes:  # noqa: ARG001 - nor has the report
    return json.dumps(drawing.report.to_dict(), ensure_ascii=False, indent=2).encode()


KINDS: Mapping[str, Callable[[Drawing, date | None], bytes]] = MappingProxyType(
    {".csv": _csv, ".xlsx": excel_bytes, ".html": _page, ".json": _judged}
)
"""Kinds of files by the end of their name. All but .json hold only what would leave."""


def file_bytes(drawing: Drawing, name: str, on: date | None = None) -> bytes:
    """A table as the file that this name asks for; on: the date to be written in it.

    Raises OutputCheckError for an unknown kind, UnusableTableError for what does not fit in it.
    """
    kind = Path(name).suffix.lower()
    if kind not in KINDS:
        raise OutputCheckError(unknown("kind of file", kind or name, KINDS))
    return KINDS[kind](drawing, on)


def table_files(
    drawing: Drawing, path: Path, notes: Path | None = None, on: date | None = None
) -> dict[Path, bytes]:
    """A table's file, and its notes as a text beside it where that is asked for.

    Raises OutputCheckError where they cannot be made.
    """
    contents = {path: file_bytes(drawing, path.name, on)}
    if notes is not None:
        contents[notes] = notes_text(drawing.for_release(), on).encode()
    return contents


def write_table(
    drawing: Drawing, path: Path, notes: Path | None = None, on: date | None = None
) -> None:
    """Write a table, and its notes as a text beside it where that is asked for.

    Both are made before either is written. Raises OutputCheckError where they cannot be.
    """
    write_all(table_files(drawing, path, notes, on))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file completely or leave what was there.

    Raises OutputCheckError where it cannot be written.
    """
    write_all({path: content})


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Write several files completely, or leave what was there of each.

    Raises OutputCheckError where one of them cannot be written.
    """
    whole: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            with _said(path):
                whole[path] = _beside(path)
                whole[path].write_bytes(content)
                whole[path].chmod(0o644)
        for path, file in whole.items():
            with _said(path):
                file.replace(path)
    finally:
        for file in whole.values():
            file.unlink(missing_ok=True)


@contextmanager
def _said(path: Path) -> Generator[None]:
    """Say in a sentence which file cannot be written."""
    try:
        yield
    except OSError as error:
        raise OutputCheckError(f"{path} cannot be written: {error.strerror}") from error


def _beside(path: Path) -> Path:
    """An empty file in the same folder, so that it can take the other's place at once."""
    if path.is_dir():
        raise IsADirectoryError(EISDIR, strerror(EISDIR))
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        return Path(file.name)
