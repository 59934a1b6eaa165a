"""How the session's smaller answers look: about, my requests, the budget, a private count."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Self

import polars as pl

from output_checks.csv_labels import unmarked_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose session this is, and what is in it.

    tables: (name, rows, description) each. unit: the column that says whose row it is.
    """

    title: str
    project: str
    person: str
    policy: str
    synthetic: bool
    version: str
    unit: str
    tables: tuple[tuple[str, int, str], ...]

    def _lines(self) -> list[tuple[str, str]]:
        data = "synthetic: invented people, made to look like the extract" if self.synthetic else ""
        return [
            ("Project", f"{self.title} ({self.project})"),
            ("Signed in as", self.person),
            ("Disclosure policy", self.policy),
            ("Extract", f"version {self.version}{', ' + data if data else ''}"),
            ("People are told apart by", self.unit),
            *(
                (f"Table '{name}'", f"{rows:,} rows. {description}".rstrip())
                for name, rows, description in self.tables
            ),
        ]

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {value}" for name, value in self._lines())

    def _repr_html_(self) -> str:
        return _rows_html([], self._lines())


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """My release requests, the newest first. Each row: request, title, state, verdict, turn."""

    rows: tuple[Mapping[str, Any], ...]
    desk: str

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def _cells(self) -> list[tuple[str, ...]]:
        return [tuple(str(row.get(name) or "") for name in _REQUEST_COLUMNS) for row in self.rows]

    def __repr__(self) -> str:
        if not self.rows:
            return "No requests yet. session.request_release(…) makes the first."
        return "\n".join("  ".join(cells) for cells in self._cells())

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<p>{escape(repr(self))}</p>"
        return _rows_html(_REQUEST_COLUMNS, self._cells())


_REQUEST_COLUMNS = ("request", "title", "state", "verdict", "turn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The project's privacy budget (epsilon): what private counts may still cost."""

    total: float
    spent: float

    @property
    def left(self) -> float:
        """What is still there to spend; never below 0."""
        return max(0.0, self.total - self.spent)

    def __repr__(self) -> str:
        return (
            f"Privacy budget of the project: ε = {self.total:g} in all, "
            f"{self.spent:g} spent, {self.left:g} left. It is shared by everybody on the project "
            "and does not come back."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedDeclaration:
    """The declaration that the service gave with a private count, kept word for word."""

    text: str
    dataset: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    statistic: str = "private count"
    of: None = None

    def to_json(self) -> str:
        """Write it as it came."""
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateCount:
    """A differentially private count, made outside the session and paid for.

    Pass it to session.request_release as it is: its bytes are known to the service.
    """

    csv: str
    declaration: ReceivedDeclaration
    epsilon: float
    budget: Budget

    @classmethod
    def of(cls, reply: Mapping[str, Any]) -> Self:
        """Read the service's reply."""
        return cls(
            csv=str(reply["csv"]),
            declaration=ReceivedDeclaration(
                text=str(reply["declaration"]),
                dataset=str(reply["dataset"]),
                rows=tuple(reply["rows"]),
                columns=tuple(reply["columns"]),
            ),
            epsilon=float(reply["epsilon"]),
            budget=Budget(total=float(reply["total"]), spent=float(reply["spent"])),
        )

    def released(self) -> pl.DataFrame:
        """Give the counts as a data frame."""
        return unmarked_texts(pl.read_csv(io.StringIO(self.csv)))

    def to_csv(self) -> str:
        """Give exactly the bytes that the service knows."""
        return self.csv

    def __repr__(self) -> str:
        return f"{self.released()}\n{self._cost()}"

    def _repr_html_(self) -> str:
        frame = self.released()
        rows = [tuple(str(value) for value in row) for row in frame.rows()]
        return f"{_rows_html(frame.columns, rows)}<p>{escape(self._cost())}</p>"

    def _cost(self) -> str:
        return (
            f"Each count carries noise that hides any one person (ε = {self.epsilon:g}). "
            f"The project has ε = {self.budget.left:g} left."
        )


def _rows_html(head: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    return f"<td style='text-align:left'>{escape(text)}</td>"
