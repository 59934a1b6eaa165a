"""People drawn as text: as a table of counts, as values by group, or as records."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from output_checks import Data


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """text: as it was drawn, without indent. data: the people, counted by their id."""

    text: str
    data: Data


def counts(text: str) -> Drawn:
    """People by two categories; the corner names them: `group/sex  F  M`, then `a  10  20`."""
    (corner, *columns), *rows = _lines(text)
    names = corner.split("/")
    people = [
        (row[0], column)[: len(names)]
        for row in rows
        for column, count in zip(columns, row[1:], strict=True)
        for _ in range(int(count))
    ]
    return _drawn(text, names, people)


def values(text: str) -> Drawn:
    """One value a person, by group: `a  80 20 1*8`, where ? is a missing one."""
    rows = _lines(text)
    people = [
        (row[0], value)
        for row in rows
        for token in row[1:]
        for value in [_value(token.partition("*")[0])] * int(token.partition("*")[2] or 1)
    ]
    return _drawn(text, ["group", "x"], people)


def records(text: str) -> Drawn:
    """Records below their column names; *8 at the end of a line: eight people like this one.

    With a column `id` the lines are records of those people, and *8 are eight records of one.
    """
    header, *rows = _lines(text)
    found = [
        tuple(_value(token) for token in row[: len(header)])
        for row in rows
        for _ in range(int(row[-1].removeprefix("*")) if len(row) > len(header) else 1)
    ]
    return _drawn(text, header, found)


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


def _value(token: str) -> Any:
    words = {"?": None, "true": True, "false": False}
    if token in words:
        return words[token]
    return float(token) if token.replace(".", "").removeprefix("-").isdigit() else token


def _drawn(text: str, names: list[str], people: list[tuple[Any, ...]]) -> Drawn:
    columns = {name: [one[at] for one in people] for at, name in enumerate(names)}
    if "id" not in columns:
        columns = {"id": [f"p{number}" for number in range(len(people))], **columns}
    frame = pl.DataFrame(columns, strict=False)
    return Drawn(text="\n".join(_dedented(text)), data=Data.read(frame, unit="id", name="drawn"))


def _dedented(text: str) -> Iterator[str]:
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    indent = min(len(line) - len(line.lstrip()) for line in lines)
    return (line[indent:] for line in lines)
