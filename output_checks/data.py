"""Data that may be checked, and the column that says whose row each is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import polars as pl
from polars.exceptions import PolarsError

from output_checks.build import build_grids
from output_checks.csv_data import scan_csv
from output_checks.declaration import Declaration
from output_checks.errors import (
    DeclarationError,
    ProtectionError,
    UnknownColumnError,
    UnreadableDataError,
    unknown,
)
from output_checks.expressions import refuse_patterns
from output_checks.given import path_of, refuse_other, shown
from output_checks.grid import json_label
from output_checks.pandas_data import from_pandas
from output_checks.policy import Policy
from output_checks.protect import as_recorded
from output_checks.table import Table

Names = str | Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Rows about people (units); nothing is read before a table is asked for.

    unit: the column that tells people apart; None takes each row for one person, which every
    table then says in a finding. policy: what its tables are judged by unless they say otherwise.
    """

    frame: pl.LazyFrame
    unit: str | None
    name: str = ""
    policy: str | Policy = "srs"

    @classmethod
    def read(
        cls, source: Any, *, unit: str | None, name: str = "", policy: str | Policy = "srs"
    ) -> Self:
        """Read a polars or pandas frame, or a path to a Parquet or CSV file.

        A CSV is parted by commas, semicolons or tabs; codes such as 01 stay texts.
        Raises UnreadableDataError for anything else, for a damaged file, a line of a CSV file that
        has not the fields of its header, and for columns whose names are patterns (`^c$`, `*`);
        UnknownColumnError where the unit column is not there.
        """
        refuse_other("unit", unit, (str, type(None)), "a column's name or None", UnknownColumnError)
        refuse_other("name", name, str, "a text", UnreadableDataError)
        frame = _frame(source, unit)
        try:
            columns = frame.collect_schema().names()
        except (PolarsError, OSError) as error:
            raise UnreadableDataError(
                f"the data cannot be read: {str(error).splitlines()[0]}"
            ) from error
        refuse_patterns(columns, "the data", UnreadableDataError)
        if unit is not None and unit not in columns:
            raise UnknownColumnError("unit: " + unknown("column", unit, columns))
        return cls(frame=frame, unit=unit, name=name or _name_of(source), policy=policy)

    def table(  # noqa: PLR0913 - the question has as many parts
        self,
        rows: Names,
        columns: Names = (),
        *,
        statistic: Names = "count",
        of: str | None = None,
        per: str | None = None,
        weight: str | None = None,
        within: Names | None = None,
        times: float = 1,
        where: str | None = None,
        derive: Mapping[str, str] | None = None,
        margins: bool = True,
        hierarchies: Mapping[str, Mapping[str, str] | Sequence[str]] | None = None,
        merges: Mapping[str, Mapping[str, str]] | None = None,
        structural_zeros: Sequence[Mapping[str, Any]] = (),
        policy: str | Policy | None = None,
    ) -> Table:
        """Make a table with its evidence and judge it.

        rows, columns: dimensions. Labels are sorted, but ordered categories (Enum) stay in their
        order. Missing labels are a category "Missing"; margins are "Total", at every level.
        statistic: one or several of count (of people), sum, mean, median, p1 to p99, min, max,
        mode, std, var, proportion, rate and ratio, `of` a column. `per`: what a rate or ratio
        divides by. A proportion is of the people for whom `of` is true; without `of`, of the
        people in the same categories of `within` ([] for the whole table). times: multiplies
        proportions, rates and ratios (100 for per cent). weight: a column with one weight per
        person, for counts, sums, means, proportions, rates and ratios.
        where, derive: polars SQL expressions of a single row; a row for which `where` is null is
        left out. Whole numbers are computed in Int64 whatever their columns are stored in, and
        refused beyond it.
        hierarchies: {dimension: {label: its group}}, groups may be in groups; or {dimension:
        [coarser columns, finest first]}. merges: {dimension: {label: new label}}.
        structural_zeros: cells nobody can be in, as {dimension: label}.
        Raises a kind of OutputCheckError that says what would be right.
        """
        chosen = Policy.of(self.policy if policy is None else policy)
        names = _names(statistic)
        asked = {
            "dataset": self.name,
            "unit": self.unit,
            "rows": _names(rows),
            "columns": _names(columns),
            "statistic": names[0] if isinstance(names, list) and len(names) == 1 else names,
            "of": of,
            "per": per,
            "weight": weight,
            "within": _names(within),
            "times": times,
            "where": "" if where is None else where,
            "derive": _plain({} if derive is None else derive),
            "margins": margins,
            "hierarchies": {
                name: _plain(one) if isinstance(one, Mapping) else _names(one)
                for name, one in _items("hierarchies", hierarchies)
            },
            "merges": {name: _plain(one) for name, one in _items("merges", merges)},
            "structural_zeros": _zeros(structural_zeros),
            "policy": chosen.name,
        }
        return self.declared(Declaration.of_values(asked), policy=chosen)

    def declared(self, declaration: Declaration, policy: str | Policy | None = None) -> Table:
        """Make a declared table, unprotected.

        policy: the one to use where the declared name is not that of a policy of this package.
        Raises DeclarationError where the data have another unit than the declared one; of what name
        they are is not asked, which `rebuild` does.
        """
        refuse_other("declaration", declaration, Declaration, "a Declaration", DeclarationError)
        if declaration.unit != self.unit:
            raise DeclarationError(
                f"the declaration counts by {declaration.unit!r}, but the unit of the data is "
                f"{self.unit!r}"
            )
        chosen = Policy.of(declaration.policy if policy is None else policy)
        bare = replace(declaration, protection=None, policy=chosen.name)
        grids = build_grids(bare, self.frame)
        return Table(declaration=bare, policy=chosen, plains=grids, grids=grids, source=self)


def rebuild(
    declaration: Declaration, data: Data, policy: str | Policy | None = None, **kept: Any
) -> Table:
    """Make a declared table again from one's own copy of the data, protection included.

    policy: the one to use where the declared name is not that of a policy of this package.
    kept: options that a declaration only has a mark of, such as the `secret` of cell keys or a
    `ptable` from a file; they must be those that it was made with.
    Raises ProtectionError for noise, which cannot be drawn twice: its values are compared with
    those that the service drew. Raises DeclarationError where the data have another name or unit
    than the declared ones, as far as both have a name.
    """
    refuse_other("data", data, Data, "Data", UnreadableDataError)
    refuse_other("declaration", declaration, Declaration, "a Declaration", DeclarationError)
    if declaration.dataset and data.name and declaration.dataset != data.name:
        raise DeclarationError(
            f"the declaration is of data called {declaration.dataset!r}, and these are called "
            f"{data.name!r}; if they are the same, say so: "
            f"Data.read(…, name={declaration.dataset!r})"
        )
    table = data.declared(declaration, policy)
    if declaration.protection is None:
        return table
    options = dict(declaration.protection)
    method = str(options.pop("method"))
    if method == "noise":
        raise ProtectionError("noise cannot be drawn again: compare with the recorded result")
    for name, value in as_recorded(method, kept).items():
        if options.get(name) != value:
            raise ProtectionError(
                f"the declared protection was made with another {name} than the one given"
            )
    return table.protect(method, **(options | kept))


def private_count(  # noqa: PLR0913
    data: Data,
    rows: Names,
    columns: Names = (),
    *,
    where: str | None = None,
    epsilon: float,
    accountant: Any,
    categories: Mapping[str, Sequence[Any]] | str | None = None,
    cells_per_person: int | None = None,
    random_state: Any = None,
) -> Table:
    """Count people with differential privacy, by diffprivlib's geometric mechanism.

    accountant: a PrivacyBudget, or a diffprivlib BudgetAccountant made again from a stored list of
    spends with `BudgetAccountant(epsilon, delta, spent_budget=[…])`. The spend is entered into it.
    categories: {dimension: its labels}, named without looking at the data, or "public" where
    everybody may know which the data have; an Enum's, and true and false, need not be named.
    cells_per_person: for people in several cells, in how many of theirs each is counted; 1 where
    it is not said and there is a `where`. random_state: a seed for tests and dummy data; it is
    recorded, and the table fails.
    Raises BudgetSpentError before anything is computed.
    """
    from output_checks.protect.private import ask_budget  # noqa: PLC0415
    from output_checks.protect.private_categories import table_of_chosen  # noqa: PLC0415

    ask_budget(accountant, epsilon)
    refuse_other("data", data, Data, "Data", UnreadableDataError)
    table = table_of_chosen(data, where, rows=rows, columns=columns)
    return table.protect(
        "noise",
        epsilon=epsilon,
        accountant=accountant,
        categories=categories,
        cells_per_person=cells_per_person,
        random_state=random_state,
    )


def _names(names: Any) -> Any:
    """One name or several as a list; anything else as it is, for the declaration to refuse."""
    if isinstance(names, str):
        return [names]
    return list(names) if isinstance(names, list | tuple) else names


def _zeros(zeros: Any) -> Any:
    """Every zero as JSON has it; anything else as it is, for the declaration to refuse."""
    return [_plain(zero) for zero in zeros] if isinstance(zeros, list | tuple) else zeros


def _plain(value: Any) -> Any:
    """A mapping as JSON has it, labels as they are written there."""
    if not isinstance(value, Mapping):
        return value
    return {key: None if one is None else json_label(one) for key, one in value.items()}


def _items(what: str, value: Any) -> list[tuple[str, Any]]:
    if value is not None and not isinstance(value, Mapping):
        raise DeclarationError(f"{what} is given for each dimension: {{dimension: …}}")
    return list((value or {}).items())


def _name_of(source: Any) -> str:
    return Path(source).stem if isinstance(source, str | Path) else ""


def _frame(source: Any, unit: str | None) -> pl.LazyFrame:
    if isinstance(source, pl.LazyFrame):
        return source
    if isinstance(source, pl.DataFrame):
        return source.lazy()
    if isinstance(source, str | Path):
        return _scan(path_of("data", source, UnreadableDataError), unit)
    if type(source).__module__.startswith("pandas"):
        return from_pandas(source)
    raise UnreadableDataError(
        f"data can be a polars or pandas frame or a path, not {shown(source)}"
    )


def _scan(path: Path, unit: str | None) -> pl.LazyFrame:
    if not path.is_file():
        is_what = "is a folder, not a file" if path.is_dir() else "is not there"
        raise UnreadableDataError(f"the file {path} {is_what}")
    if path.suffix.lower() == ".parquet":
        return pl.scan_parquet(path, glob=False)
    if path.suffix.lower() == ".csv":
        return scan_csv(path, unit)
    raise UnreadableDataError(f"{path.name}: data are read from .parquet or .csv files")
