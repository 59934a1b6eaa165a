"""Files that were not made here: read as far as a person could read them, and judged."""

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path, PurePath
from types import MappingProxyType

from output_checks.errors import UnreadableDataError
from output_checks.finding import Finding, Report
from output_checks.given import path_of, refuse_other, shown
from output_checks.policy import Policy
from output_checks.readers.contents import Contents, about_file
from output_checks.readers.judging import Question, judge_contents
from output_checks.readers.pictures import read_jpeg, read_png, read_svg
from output_checks.readers.regular import read_regular
from output_checks.readers.tables import read_csv, read_workbook
from output_checks.readers.texts import read_html, read_notebook, read_text
from output_checks.words import Provenance, Verdict

MOST_BYTES = 50_000_000
MOST_ROWS_SHOWN = 2_000

READERS: Mapping[str, Callable[[bytes, str], Contents]] = MappingProxyType(
    {
        ".csv": read_csv,
        ".tsv": read_csv,
        ".xlsx": read_workbook,
        ".ipynb": read_notebook,
        ".png": read_png,
        ".jpg": read_jpeg,
        ".jpeg": read_jpeg,
        ".svg": read_svg,
        ".txt": read_text,
        ".md": read_text,
        ".html": read_html,
        ".htm": read_html,
    }
)
"""Kinds of files that can be read by a person, by the end of their name."""


def check_file(
    path_or_bytes: str | Path | bytes,
    name: str | None = None,
    *,
    policy: str | Policy = "srs",
    unit_values: Collection[str] | None = None,
) -> Report:
    """Judge a file that nobody can build again; at best it goes to a person.

    name: what the file is called, where bytes are given. unit_values: the project's pseudonyms,
    none of which may be in it. A file of any other kind than those in READERS fails, and so does
    one whose content is not what its name says.
    Raises UnreadableDataError where there is no such file, PolicyError.
    """
    chosen = Policy.of(policy)
    refuse_other("name", name, (str, Path, type(None)), "a text", UnreadableDataError)
    people = () if unit_values is None else unit_values
    if isinstance(people, str | bytes | Mapping) or not isinstance(people, Iterable):
        words = "a list of the project's pseudonyms"
        raise UnreadableDataError(f"unit_values must be {words}, not {shown(unit_values)}")
    content, called = _content(path_or_bytes, name)
    contents = _read(content, called)
    question = Question(policy=chosen, people=frozenset(map(str, people)))
    findings = (*contents.findings, *judge_contents(contents, question))
    return Report(
        findings=(*findings, _asserted(called)),
        provenance=Provenance.ASSERTED,
        policy=chosen,
        table=_rows(contents),
        code=contents.code,
    )


def _content(source: str | Path | bytes, name: str | None) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        if not name:
            raise UnreadableDataError("bytes need a name that says what they are")
        return source, PurePath(name).name
    path = path_of("a file", source, UnreadableDataError)
    return read_regular(path), PurePath(name or path).name


def _read(content: bytes, name: str) -> Contents:
    reader = READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        message = f'"{name}" is of a kind that cannot be read by a person, so it cannot leave.'
        return Contents(findings=(about_file("unreadable", Verdict.FAIL, message),))
    if not content:
        return Contents(findings=(about_file("empty", Verdict.FAIL, f'"{name}" is empty.'),))
    if len(content) > MOST_BYTES:
        message = f'"{name}" has {len(content):,} bytes, more than a person can read.'
        return Contents(findings=(about_file("unreadable", Verdict.FAIL, message),))
    return reader(content, name)


def _asserted(name: str) -> Finding:
    return about_file(
        "provenance",
        Verdict.REVIEW,
        f'Only the researcher says what is in "{name}"; it was not built again from the data.',
        "Make it with Data.table where it is a table: then it is recomputed from the extract.",
    )


def _rows(contents: Contents) -> tuple[dict[str, str], ...]:
    if len(contents.sheets) != 1 or not contents.sheets[0].rows:
        return ()
    header, *rows = contents.sheets[0].rows[: MOST_ROWS_SHOWN + 1]
    return tuple(dict(zip(header, row, strict=False)) for row in rows)
