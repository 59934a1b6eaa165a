"""Data that are dressed as code: lists of values, rows of tables, encoded text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tre.safe_settings.ingress.kinds import encoded_sign
from tre.safe_settings.ingress.limits import (
    ALL_VALUES_TOO_MANY,
    DATES_TO_LOOK_AT,
    ENCODED_TO_LOOK_AT,
    ENCODED_TOO_MANY,
    ROWS_TO_LOOK_AT,
    ROWS_TOO_MANY,
    VALUES_TO_LOOK_AT,
    VALUES_TOO_MANY,
)
from tre.safe_settings.ingress.passage import Passage
from tre.safe_settings.ingress.rules import Finding, found

# Every alternative begins with another character or is one class repeated: read in one pass.
_TOKEN = re.compile(
    r"""(?P<value>"[^"\\\n]{0,200}"|'[^'\\\n]{0,200}'|-?\d[\w.+-]{0,200}
        |\b(?:None|null|NULL|NA|NaN|nan|[Tt]rue|TRUE|[Ff]alse|FALSE)\b)
      |(?P<between>[\s,;:|(){}\[\]=>+-]+|[A-Za-z_][\w.]{0,60}\s?[=:(]|\#[^\n]*|--[^\n]*)
      |(?P<other>[^\W\d]\w*|.)""",
    re.VERBOSE | re.DOTALL,
)
_DATE = re.compile(
    r"""["']?(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"""
    r"""(?:[ T][\d:.]+)?["']?"""
)
_FIELD = re.compile(r"[^()\[\]{}=<>]{1,60}")
_SEPARATORS = ("\t", "|", ";", ",")
_BLOB = re.compile(
    rf"[A-Za-z0-9+/_-]{{{ENCODED_TO_LOOK_AT},}}={{0,2}}|(?:\\x[0-9a-fA-F]{{2}}){{30,}}"
    rf"|[^\x00-\x7f\s]{{{ENCODED_TO_LOOK_AT},}}"
)
_BLOB_LINE = re.compile(r"[\s\"'+,()\\rb]{0,40}([A-Za-z0-9+/_-]{40,}={0,2})[\s\"'+,()\\]{0,40}")
_WORD = re.compile(r"[A-Za-z0-9+/]{24,}", re.ASCII)
_UUENCODED = re.compile(r"^begin [0-7]{3} ", re.MULTILINE)
_FEWEST_BLOB_LINES = 4


@dataclass(slots=True)
class _Run:
    start: int
    values: int = 0
    dates: int = 0


def check_values(passage: Passage) -> Iterator[Finding]:
    """Find literal values that follow one another, and dates among them."""
    for run in _runs(passage.text):
        line = passage.line_at(run.start)
        if run.values >= VALUES_TO_LOOK_AT:
            rule = "many_values" if run.values >= VALUES_TOO_MANY else "values"
            message = f"{run.values:,} literal values in a row"
            yield found(rule, message, line=line, cell=passage.cell)
        if run.dates >= DATES_TO_LOOK_AT:
            message = f"{run.dates:,} dates in a row"
            yield found("dates", message, line=line, cell=passage.cell)


def check_all(passages: tuple[Passage, ...]) -> Iterator[Finding]:
    """Find what only a whole file has too much of: values and encoded words that are spread."""
    values = sum(run.values for passage in passages for run in _runs(passage.text))
    if values >= ALL_VALUES_TOO_MANY:
        yield found("many_values", f"{values:,} literal values in all")
    words = [word for passage in passages for word in _WORD.findall(passage.text)]
    encoded = sum(len(word) for word in words if _looks_encoded(word))
    if encoded >= ENCODED_TOO_MANY:
        yield found("encoded", f"{encoded:,} characters of encoded words in all")


def _looks_encoded(word: str) -> bool:
    """Whether a long word has what names seldom have together: digits and both sizes of letters."""
    hexadecimal = set(word) <= set("0123456789abcdef")
    mixed = any(c.isdigit() for c in word) and any(c.isupper() for c in word)
    return hexadecimal or (mixed and any(c.islower() for c in word))


def _runs(text: str) -> Iterator[_Run]:
    run = None
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "value":
            run = run or _Run(token.start())
            run.values += 1
            run.dates += _DATE.fullmatch(token.group()) is not None
        elif kind == "other" and run is not None:
            yield run
            run = None
    if run is not None:
        yield run


def check_rows(passage: Passage) -> Iterator[Finding]:
    """Find lines that follow one another and have as many short fields each, as a table's rows."""
    start, shape, rows = 1, None, 0
    for number, line in [*passage.lines(), (0, "")]:
        seen = _shape(line)
        if seen is not None and seen == shape:
            rows += 1
            continue
        if rows >= ROWS_TO_LOOK_AT:
            rule = "many_rows" if rows >= ROWS_TOO_MANY else "rows"
            yield found(rule, f"{rows:,} rows of a table", line=start, cell=passage.cell)
        start, shape, rows = number, seen, 1 if seen else 0


def _shape(line: str) -> tuple[str, int] | None:
    """The separator and number of fields of what looks like a row; None for anything else."""
    bare = line.strip(" \t\r,;|()[]{}\"'#")
    for separator in _SEPARATORS:
        fields = bare.split(separator)
        if len(fields) > 1 and all(_FIELD.fullmatch(field) for field in fields):
            return separator, len(fields)
    return None


def check_encoded(passage: Passage) -> Iterator[Finding]:
    """Find text that an encoding made, on one line or broken into many."""
    for blob in _BLOB.finditer(passage.text):
        yield _encoded(blob.group(), passage.line_at(blob.start()), passage.cell)
    for start, text in _broken(passage):
        yield _encoded(text, start, passage.cell)
    for head in _UUENCODED.finditer(passage.text):
        line = passage.line_at(head.start())
        yield found("encoded_data", "a uuencoded file", line=line, cell=passage.cell)


def _broken(passage: Passage) -> Iterator[tuple[int, str]]:
    start, parts = 1, []
    for number, line in [*passage.lines(), (0, "")]:
        match = _BLOB_LINE.fullmatch(line)
        if match and len(match[1]) < ENCODED_TO_LOOK_AT:
            start = start if parts else number
            parts.append(match[1])
            continue
        if len(parts) >= _FEWEST_BLOB_LINES:
            yield start, "".join(parts)
        parts = []


def _encoded(text: str, line: int, cell: int | None) -> Finding:
    sign = encoded_sign(text)
    if sign:
        return found("encoded_data", f"encoded text that begins as {sign}", line=line, cell=cell)
    rule = "encoded_data" if len(text) >= ENCODED_TOO_MANY else "encoded"
    return found(rule, f"{len(text):,} characters of encoded text", line=line, cell=cell)
