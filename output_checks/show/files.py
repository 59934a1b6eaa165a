"""Files of a table: written whole or not at all."""

import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
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
"""Kinds of files by the end of their name. All but .json hold only what may leave."""


def file_bytes(drawing: Drawing, name: str, on: date | None = None) -> bytes:
    """A table as the file that this name asks for; on: the date to be written in it.

    Raises OutputCheckError for an unknown kind, UnusableTableError for what does not fit in it.
    """
    kind = Path(name).suffix.lower()
    if kind not in KINDS:
        raise OutputCheckError(unknown("kind of file", kind or name, KINDS))
    return KINDS[kind](drawing, on)


def write_table(
    drawing: Drawing, path: Path, notes: Path | None = None, on: date | None = None
) -> None:
    """Write a table, and its notes as a text beside it where that is asked for.

    Both are made before either is written. Raises OutputCheckError where they cannot be.
    """
    contents = {path: file_bytes(drawing, path.name, on)}
    if notes is not None:
        contents[notes] = notes_text(drawing.for_release(), on).encode()
    for place, content in contents.items():
        write_whole(place, content)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file completely or leave what was there.

    Raises OutputCheckError where it cannot be written.
    """
    try:
        _replace(path, content)
    except OSError as error:
        raise OutputCheckError(f"{path} cannot be written: {error.strerror}") from error


def _replace(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        try:
            file.write(content)
            file.close()
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise
