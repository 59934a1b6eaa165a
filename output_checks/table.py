"""A table that knows what is behind its cells, what may be wrong with it, and how to protect it."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from output_checks.declaration import Declaration
from output_checks.errors import ProtectionError
from output_checks.finding import Report
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.protect import protect_grid
from output_checks.rules import judge
from output_checks.show.console import console_table
from output_checks.show.html import html_table
from output_checks.show.text import csv_text
from output_checks.words import Provenance

_EVIDENCE = [
    "units",
    "units_with_value",
    "records",
    "records_with_value",
    "largest",
    "second_largest",
    "total_absolute",
    "negative",
    "positive",
    "all_equal",
    "structural_zero",
    "withheld",
    "withheld_as",
    "lower",
    "upper",
    "people_lower",
    "people_upper",
    "exact",
]


@dataclass(frozen=True, kw_only=True)
class Table:
    """One output: cells, their evidence, and the policy it is judged by.

    declaration: how to make it again. plain: the cells before any protection. grid: the cells
    as they are now.
    """

    declaration: Declaration
    policy: Policy
    plain: Grid
    grid: Grid

    @property
    def cells(self) -> pl.DataFrame:
        """One row a cell: its dimensions (as text; "Missing", "Total"), `value`, its evidence.

        `value` is null where withheld and where a mean has nobody behind it. What the evidence
        columns mean is written at `Grid`. Evidence never leaves a safe setting.
        """
        return self.grid.frame

    def released(self) -> pl.DataFrame:
        """Exactly what may leave: the dimensions (as text) and `value`, null where withheld."""
        return self.grid.frame.select(*[one.name for one in self.grid.dimensions], "value")

    def intervals(self) -> pl.DataFrame:
        """What a reader can work out of each withheld cell: its dimensions, `lower`, `upper`.

        Null where nothing limits it. Against a reader who knows all that is published, and for
        means and sums also the people behind the published cells.
        """
        names = [one.name for one in self.grid.dimensions]
        return self.grid.frame.filter(pl.col("withheld")).select(*names, "lower", "upper")

    def protect(self, method: str, **options: Any) -> "Table":
        """Protect the table: "suppress", "round" or "noise"; the result is checked again.

        suppress: reviews=False (withhold what needs a review too), base (round what is left).
        round: base, controlled=True (still adds up). noise: epsilon, accountant.
        Doing the same again changes nothing. Raises ProtectionError for an unknown method or
        option, for a second and different protection, and where it cannot make the table safe;
        BudgetSpentError where the privacy budget is spent.
        """
        if self.grid.protection is None:
            protected = protect_grid(self.plain, self.policy, method, options)
            return self._with(protected)
        before = self.grid.protection
        same = all(before.options.get(name) == value for name, value in options.items())
        if before.method == method and method != "noise" and same:
            return self
        raise ProtectionError(
            f"the table is protected already (by {before.method}); start from the table as it was "
            "before that"
        )

    def report(self, policy: Policy | str | None = None) -> Report:
        """Judge the table by its policy, or by another one.

        A table of this package is always computed from the data, so its provenance is
        "recomputed"; a service believes that only of a table that it made itself.
        """
        if policy is None:
            return self._own_report
        return self._report(Policy.of(policy))

    def to_csv(self) -> str:
        """What may leave as CSV: the dimensions and `value`, empty where withheld."""
        return csv_text(self.released())

    @cached_property
    def _own_report(self) -> Report:
        return self._report(self.policy)

    def _report(self, policy: Policy) -> Report:
        protection = self.grid.protection
        return Report(
            findings=judge(self.grid, policy),
            provenance=Provenance.RECOMPUTED,
            policy=policy,
            table=self.grid.rows(["value"]),
            evidence=self.grid.rows(_EVIDENCE),
            proof=self._proof(),
            protection=protection.to_dict() if protection else {},
            note=" ".join(protection.notes) if protection else "",
        )

    def _proof(self) -> tuple[dict[str, Any], ...]:
        withheld = self.grid.frame["withheld"].to_list()
        rows = self.grid.rows(["lower", "upper"])
        return tuple(row for row, hidden in zip(rows, withheld, strict=True) if hidden)

    def _with(self, protected: Grid) -> "Table":
        done = protected.protection
        assert done is not None  # every method says what it did
        named = {"method": done.method, **done.options}
        declaration = replace(self.declaration, protection=json.loads(json.dumps(named)))
        return replace(self, grid=protected, declaration=declaration)

    def _repr_html_(self) -> str:
        return html_table(self.grid, self.report(), self.declaration)

    def __rich__(self) -> Any:
        return console_table(self.grid, self.report(), self.declaration)

    def __repr__(self) -> str:
        report = self.report()
        return (
            f"<Table of {self.grid.size} cells: {report.verdict}, "
            f"{len(report.findings)} findings, policy {report.policy.name}>"
        )
