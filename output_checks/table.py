"""A table that knows what is behind its cells, what may be wrong with it, and how to protect it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from output_checks.declaration import Declaration
from output_checks.errors import ProtectionError, unknown
from output_checks.finding import Report, Rows
from output_checks.findings import Findings
from output_checks.given import path_of, refuse_no_date, refuse_other, shown
from output_checks.grid import COLUMNS, Grid
from output_checks.policy import Policy
from output_checks.protect import METHODS, are_recorded, as_recorded, complete_options
from output_checks.protect.coarsen import coarsen
from output_checks.protect.private_categories import with_known_categories
from output_checks.protect.subject import Subject
from output_checks.rules import judge
from output_checks.show.console import console_table
from output_checks.show.cost import cost_of
from output_checks.show.drawing import Drawing
from output_checks.show.excel import excel_bytes
from output_checks.show.files import write_table, write_whole
from output_checks.show.html import html_table
from output_checks.show.report import report_page
from output_checks.show.text import csv_text
from output_checks.words import Provenance

if TYPE_CHECKING:
    from output_checks.data import Data

_EVIDENCE = [name for name in COLUMNS if name not in {"value", "margin", "interval_exact"}]
_PROOF = ["lower", "upper", "interval_exact"]
_COARSENING = ("along", "reviews")


@dataclass(frozen=True, kw_only=True)
class Table:
    """One output: cells, their evidence, and the policy it is judged by.

    declaration: how to make it again. plains: the cells before any protection, a grid for each
    statistic. grids: the cells as they are now; what is withheld is withheld in all of them.
    source: the data that it was made of.
    """

    declaration: Declaration
    policy: Policy
    plains: tuple[Grid, ...]
    grids: tuple[Grid, ...]
    source: "Data"

    @property
    def grid(self) -> Grid:
        """The cells of its first (mostly its only) statistic."""
        return self.grids[0]

    @property
    def plain(self) -> Grid:
        """The cells of its first statistic before any protection."""
        return self.plains[0]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The names of its dimensions, rows before columns."""
        return self.declaration.dimensions

    @property
    def cells(self) -> pl.DataFrame:
        """One row a cell: its dimensions (as text; "Missing", "Total"), `value`, its evidence.

        `value` is null where withheld and where a mean has nobody behind it; a table of several
        statistics has one column for each instead. What the evidence columns mean is written at
        `Grid`. Evidence never leaves a safe setting.
        """
        if len(self.grids) == 1:
            return self.grid.frame.clone()
        shown = {"value", "exact", *self.dimensions, *self.declaration.statistics}
        evidence = self.grid.frame.drop(shown, strict=False)
        return pl.concat([self.released(), evidence], how="horizontal")

    def released(self) -> pl.DataFrame:
        """Exactly what would leave: the dimensions (as text) and `value`, null where withheld.

        A table of several statistics has a column for each, by its name.
        """
        names = self.declaration.statistics
        if len(self.grids) == 1:
            return self.grid.frame.select(*self.dimensions, "value")
        values = [
            grid.frame["value"].alias(name) for grid, name in zip(self.grids, names, strict=True)
        ]
        return self.grid.frame.select(*self.dimensions).with_columns(values)

    def intervals(self) -> pl.DataFrame:
        """What a reader can work out of each withheld cell.

        Its dimensions, `lower`, `upper` (null where nothing limits it) and `exact`; with several
        statistics also which one (`statistic`).
        Against a reader who knows all that is published, and for other statistics than counts
        also the people behind the published cells. exact: false where the search in whole numbers
        was given up; the truth may then be wider and is never narrower.
        """
        found = [
            grid.frame.filter(pl.col("withheld")).select(
                *self.dimensions,
                *([pl.lit(grid.statistic).alias("statistic")] if len(self.grids) > 1 else []),
                "lower",
                "upper",
                exact="interval_exact",
            )
            for grid in self.grids
        ]
        return pl.concat(found)

    def protect(self, method: str, **options: Any) -> "Table":
        """Protect the table; the result is checked again.

        suppress: reviews=False (withhold what needs a review too), also (further cells, each as the
        JSON of its labels), base (round the counts that are left), amounts (round other figures
        too: a base of sums, or "auto"), digits=3.
        round: base, controlled=True (counts still add up), amounts="auto", digits=3.
        midpoint: base=6. cell-key: record_key (a column; None: made from the unit), secret,
        ptable, threshold. noise: epsilon, accountant (a PrivacyBudget), categories, bounds,
        cells_per_person. coarsen: along, reviews; see `coarsen`.
        Doing the same again changes nothing. Raises ProtectionError for an unknown method or
        option, for a second and different protection, and where it cannot make the table safe;
        BudgetSpentError where the privacy budget is spent.
        """
        if not isinstance(method, str):
            raise ProtectionError(unknown("protection", shown(method), (*METHODS, "coarsen")))
        if method == "coarsen":
            return self._coarsened(options)
        before = self.grid.protection
        if before is None:
            complete = complete_options(self.policy, method, options)
            known = self
            if method == "noise":
                known = with_known_categories(self, complete["categories"])
            subject = Subject(
                grids=known.plains,
                policy=self.policy,
                declaration=self.declaration,
                source=self.source,
            )
            protected = METHODS[method].apply(subject, complete)
            return replace(self._with(protected), plains=subject.grids)
        if before.method == method and method != "noise":
            asked = as_recorded(method, options)
            if are_recorded(before.options, asked):
                return self
        raise ProtectionError(
            f"the table is protected already (by {before.method}); start from the table as it was "
            "before that"
        )

    def coarsen(
        self, along: Mapping[str, str | Mapping[str, str]] | None = None, *, reviews: bool = False
    ) -> "Table":
        """Merge categories until the rules hold, so that most is kept; a table like any other.

        along: {dimension: "order" (neighbours), "rare" (the rarest together), "hierarchy" (the
        table's own) or {label: its group}}; None takes what suits each. reviews: until nothing is
        left for a person to look at either. `suggest_merges` shows the other ways.
        Raises ProtectionError where no merging makes it safe, and for a protected table.
        """
        words = "{dimension: a way of merging, or {label: its group}}"
        refuse_other("along", along, (Mapping, type(None)), words, ProtectionError)
        refuse_other("reviews", reviews, bool, "true or false", ProtectionError)
        return coarsen(self, along, reviews=reviews)

    def report(self, policy: Policy | str | None = None) -> Report:
        """Judge the table by its policy, or by another one.

        A table of this package is always computed from the data, so its provenance is
        "recomputed"; a service believes that only of a table that it made itself.
        """
        if policy is None:
            return self._own_report
        return self._report(Policy.of(policy))

    def to_csv(self) -> str:
        """What would leave, as CSV: the dimensions and `value`, empty where withheld."""
        return csv_text(self.released())

    def to_excel(self, path: str | Path, *, on: date | None = None) -> None:
        """Write what would leave as a workbook: the table, its rows, and notes on what it shows.

        on: the date for the notes; without it the same table gives the same bytes.
        Raises UnusableTableError for more than a sheet holds, OutputCheckError where it cannot
        be written.
        """
        refuse_no_date("on", on)
        write_whole(path_of("path", path), excel_bytes(self._drawing(), on))

    def to_report(self, path: str | Path | None = None, *, on: date | None = None) -> str:
        """Give a page for a checker, and write it where a path says so.

        One file with findings, evidence and proof, so it never leaves a safe setting.
        """
        refuse_no_date("on", on)
        file = None if path is None else path_of("path", path)
        page = report_page(replace(self._drawing(), utility=cost_of(self)), on)
        if file is not None:
            write_whole(file, page.encode())
        return page

    def write(
        self, path: str | Path, *, notes: str | Path | None = None, on: date | None = None
    ) -> None:
        """Write what would leave: .csv, .xlsx, .html; or .json, the report with its evidence.

        notes: where to write, as a text, what the table shows and how it is protected.
        Raises OutputCheckError for another kind of file, and where it cannot be written.
        """
        refuse_no_date("on", on)
        beside = None if notes is None else path_of("notes", notes)
        write_table(self._drawing(), path_of("path", path), beside, on)

    def _coarsened(self, options: Mapping[str, Any]) -> "Table":
        for name in options:
            if name not in _COARSENING:
                raise ProtectionError(unknown("option of coarsen", name, _COARSENING))
        return self.coarsen(**options)

    def _drawing(self) -> Drawing:
        return Drawing(grids=self.grids, report=self.report(), declaration=self.declaration)

    @cached_property
    def _own_report(self) -> Report:
        return self._report(self.policy)

    def _report(self, policy: Policy) -> Report:
        protection, kept = self.grid.protection, self._kept()
        return Report(
            findings=self._findings(policy),
            provenance=Provenance.RECOMPUTED,
            policy=policy,
            table=Rows(partial(_released_rows, kept)),
            evidence=Rows(partial(_rows_of_each, kept.grids, _EVIDENCE)),
            proof=Rows(partial(_proof, kept.grids)),
            protection=protection.to_dict() if protection else {},
            note=" ".join(protection.notes) if protection else "",
        )

    def _kept(self) -> "Table":
        """The table as it is judged: whoever changes a frame in place changes no report."""
        grids = tuple(replace(grid, frame=grid.frame.clone()) for grid in self.grids)
        return replace(self, grids=grids)

    def _findings(self, policy: Policy) -> Findings:
        if len(self.grids) == 1:
            return judge(self.grid, policy)
        return Findings.joined(judge(grid, policy).about(grid.statistic) for grid in self.grids)

    def _with(self, protected: tuple[Grid, ...]) -> "Table":
        done = protected[0].protection
        assert done is not None  # every method says what it did
        named = {"method": done.method, **done.options}
        declaration = replace(self.declaration, protection=json.loads(json.dumps(named)))
        return replace(self, grids=protected, declaration=declaration)

    def _repr_html_(self) -> str:
        return html_table(self._drawing())

    def __rich__(self) -> Any:
        return console_table(self._drawing())

    def __repr__(self) -> str:
        report = self.report()
        return (
            f"<Table of {self.grid.size} cells: {report.verdict}, "
            f"{len(report.findings)} findings, policy {report.policy.name}>"
        )


def _released_rows(table: Table) -> tuple[dict[str, Any], ...]:
    """The cells as they would be released, labels as in the data."""
    if len(table.grids) == 1:
        return table.grid.rows(["value"])
    values = table.released().drop(table.dimensions).to_dicts()
    places = table.grid.places(range(table.grid.size))
    return tuple(place | row for place, row in zip(places, values, strict=True))


def _proof(grids: tuple[Grid, ...]) -> Iterator[dict[str, Any]]:
    """Intervals of the withheld cells."""
    for row in _rows_of_each(grids, [*_PROOF, "withheld"]):
        exact = row.pop("interval_exact")
        if row.pop("withheld"):
            yield {**row, "exact": exact}


def _rows_of_each(grids: tuple[Grid, ...], columns: list[str]) -> Iterator[dict[str, Any]]:
    """Rows of every statistic's cells; named by it where there are several."""
    for grid in grids:
        for row in grid.rows(columns):
            yield {"statistic": grid.statistic} | row if len(grids) > 1 else row
