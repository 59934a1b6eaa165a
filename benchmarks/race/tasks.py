"""The tables that everybody makes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A table with margins at every level: its dimensions and its statistic, count or sum."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    statistic: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Every dimension."""
        return (*self.rows, *self.columns)


TASKS = {
    "count, two dimensions": Task(rows=("a",), columns=("b",), statistic="count"),
    "sum, two dimensions": Task(rows=("a",), columns=("b",), statistic="sum"),
    "count, three dimensions": Task(rows=("a", "b"), columns=("c",), statistic="count"),
    "sum, three dimensions": Task(rows=("a", "b"), columns=("c",), statistic="sum"),
}
UNIT = "person_id"
VARIABLE = "amount"
