"""One released output as the book keeps it: how it was made, and what left."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from output_checks.declaration import Declaration
from output_checks.errors import DeclarationError, UnreadableDataError, unknown
from output_checks.table import Table

Value = float | int | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A released output.

    name: of the output in its project. on: the day of its release. cells: the labels of every
    cell as they were written, in the order of the declaration's dimensions. values: for each
    statistic the number of every cell, None where it was withheld or there was none.
    """

    name: str
    project: str
    on: date
    declaration: Declaration
    cells: tuple[tuple[str, ...], ...]
    values: Mapping[str, tuple[Value, ...]]

    @property
    def title(self) -> str:
        """How findings call it: its name, its project and its day."""
        of_project = f" of {self.project}" if self.project else ""
        return f"{self.name}{of_project}, released on {self.on.isoformat()}"

    @classmethod
    def of(cls, table: Table, *, name: str, on: date, project: str = "") -> Self:
        """What a table releases, as it is now."""
        released = table.released()
        statistics = table.declaration.statistics
        columns = ["value"] if len(statistics) == 1 else list(statistics)
        return cls(
            name=name,
            project=project,
            on=on,
            declaration=table.declaration,
            cells=tuple(released.select(table.dimensions).rows()),
            values={
                statistic: tuple(released[column].to_list())
                for statistic, column in zip(statistics, columns, strict=True)
            },
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "name": self.name,
            "project": self.project,
            "on": self.on.isoformat(),
            "declaration": json.loads(self.declaration.to_json()),
            "cells": [list(cell) for cell in self.cells],
            "values": {name: list(values) for name, values in self.values.items()},
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Self:
        """Read an entry strictly.

        Raises UnreadableDataError for a key that is unknown, missing, or of the wrong kind.
        """
        for key in content:
            if key not in _KEYS:
                raise UnreadableDataError(unknown("key of a released output", key, _KEYS))
        for key in _KEYS:
            if key not in content:
                raise UnreadableDataError(f'a released output lacks "{key}"')
        try:
            return cls._read(content)
        except (DeclarationError, TypeError, ValueError, AttributeError) as error:
            message = f"a released output cannot be read: {error}"
            raise UnreadableDataError(message) from error

    @classmethod
    def _read(cls, content: Mapping[str, Any]) -> Self:
        entry = cls(
            name=_text(content["name"]),
            project=_text(content["project"]),
            on=date.fromisoformat(_text(content["on"])),
            declaration=Declaration.from_json(json.dumps(content["declaration"])),
            cells=tuple(tuple(_text(label) for label in cell) for cell in content["cells"]),
            values={
                _text(name): tuple(_value(one) for one in values)
                for name, values in content["values"].items()
            },
        )
        entry.refuse_inconsistent()
        return entry

    def refuse_inconsistent(self) -> None:
        """Raise ValueError where labels or values are not those of the declaration."""
        if not self.name:
            raise ValueError("its name is empty")
        if tuple(self.values) != self.declaration.statistics:
            raise ValueError("its values are not those of its statistics")
        if any(len(values) != len(self.cells) for values in self.values.values()):
            raise ValueError("it has not one value for each cell")
        if any(len(cell) != len(self.declaration.dimensions) for cell in self.cells):
            raise ValueError("a cell has not one label for each dimension")
        if len(set(self.cells)) < len(self.cells):
            raise ValueError("a cell is there twice")


_KEYS: Sequence[str] = ("name", "project", "on", "declaration", "cells", "values")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")  # noqa: TRY004 - one error for a damaged entry
    return value


def _value(value: object) -> Value:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is no number")  # noqa: TRY004
    return value
