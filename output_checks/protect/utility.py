"""What a protection costs: how much of a table is withheld, changed or merged, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from output_checks.errors import OutputCheckError, ProtectionError, unknown
from output_checks.given import refuse_other, shown
from output_checks.grid import Grid
from output_checks.protect import METHODS
from output_checks.protect.coarsen import coarsen
from output_checks.protect.contributions import inner_shape
from output_checks.protect.picture import Line, drawn_in_console, picture
from output_checks.protect.protectable import Protectable, refuse_no_table
from output_checks.rules.threshold import is_wide
from output_checks.statistics import Kind
from output_checks.words import Verdict

Asked = Sequence[tuple[str, Mapping[str, Any]]]
METHODS_COMPARED: Asked = (
    ("suppress", {}),
    ("round", {}),
    ("midpoint", {}),
    ("cell-key", {}),
    ("coarsen", {}),
)
"""What a comparison looks at where it is not told; noise must be paid for, so it must be asked."""
_COARSENING = ("along", "reviews")
_ADDITIVE = frozenset({Kind.COUNT, Kind.SUM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Utility:
    """What is left of one statistic of a table, and what a reader can still tell.

    verdict: of the whole table. cells: of the table before, totals included, impossible ones not.
    withheld, merged, changed: how many of them are not shown, not shown apart, shown otherwise.
    value_withheld: the share of the table's sum that is in withheld cells, of those without
    totals; of people where the statistic does not add up. mean_change, greatest_change: of the
    cells that are shown, absolute, in the statistic's unit. relative_change: mean_change by the
    mean of the true values. kept: the share of information left by merging.
    small: cells with fewer people than the policy's threshold, before. told: how many cells are
    still known to a reader to be that small, or within too narrow an interval. narrowest: the
    narrowest interval of people that a reader can tell for a small cell; None where nothing
    limits it.
    """

    statistic: str
    verdict: Verdict
    cells: int
    withheld: int
    merged: int
    changed: int
    value_withheld: float
    mean_change: float
    greatest_change: float
    relative_change: float
    kept: float
    small: int
    told: int
    narrowest: float | None

    @property
    def share_lost(self) -> float:
        """The share of cells that are withheld or merged."""
        return (self.withheld + self.merged) / self.cells if self.cells else 0.0


def utility(
    table: Protectable, before: Protectable | None = None, statistic: str | None = None
) -> Utility:
    """What protecting a table has cost.

    before: the table that a coarser one was made of; otherwise the table itself, unprotected.
    statistic: one of its statistics, the first where it is not named.
    Raises ProtectionError for a statistic that the table does not show.
    """
    refuse_no_table("table", table)
    if before is not None:
        _refuse_other_origin(table, before)
    names = [grid.statistic for grid in table.grids]
    chosen = names[0] if statistic is None else statistic
    if not isinstance(chosen, str) or chosen not in names:
        named = chosen if isinstance(chosen, str) else shown(chosen)
        raise ProtectionError(unknown("statistic of the table", named, names))
    at = names.index(chosen)
    now, plain = table.grids[at], table.plains[at]
    first = plain if before is None else before.plains[at]
    possible = ~now.frame["structural_zero"].to_numpy()
    withheld = now.frame["withheld"].to_numpy() & possible
    changes, truth = _changes(now, possible & ~withheld)
    total = _amounts(plain).sum()
    cells = int((~first.frame["structural_zero"]).sum())
    told, narrowest = _told(now, table.policy.threshold)
    return Utility(
        statistic=chosen,
        verdict=table.report().verdict,
        cells=cells,
        withheld=int(withheld.sum()),
        merged=cells - int(possible.sum()),
        changed=int((changes > 0).sum()),
        value_withheld=float(
            _amounts(plain)[_inner(withheld, plain)].sum() / total if total else 0
        ),
        mean_change=float(changes.mean()) if len(changes) else 0.0,
        greatest_change=float(changes.max(initial=0.0)),
        relative_change=float(changes.mean() / truth.mean()) if truth.any() else 0.0,
        kept=_kept(plain, first),
        small=int(_small(first, table.policy.threshold).sum()),
        told=told,
        narrowest=narrowest,
    )


def _refuse_other_origin(table: Protectable, before: Any) -> None:
    refuse_no_table("before", before)
    for name in ("dataset", "unit", "dimensions", "statistics", "of", "where"):
        if getattr(table.declaration, name) != getattr(before.declaration, name):
            raise ProtectionError(
                f"before must be the table that this one was made of, but its {name} differs"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One way of protecting a table: the protected table and what it cost, or why it cannot be."""

    method: str
    options: Mapping[str, Any]
    table: Any = None
    utility: Utility | None = None
    reason: str = ""

    @property
    def label(self) -> str:
        """The method with the options that were asked for, but for secrets and accountants."""
        said = [f"{name}={value}" for name, value in self.options.items() if _is_sayable(value)]
        return ", ".join([self.method, *said])


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Ways of protecting one table, side by side; a frame, in the terminal, or one picture."""

    title: str
    ways: tuple[Compared, ...]

    @property
    def frame(self) -> pl.DataFrame:
        """One row a way: its method, the fields of `Utility` (null where it cannot), the reason."""
        rows = [
            {"method": one.label, **(asdict(one.utility) if one.utility else {})}
            | {"reason": one.reason}
            for one in self.ways
        ]
        return pl.DataFrame(rows, schema=_SCHEMA)

    def _lines(self) -> list[Line]:
        return [_line(one) for one in self.ways]

    def _repr_html_(self) -> str:
        return picture(self.title, self._lines())

    def __rich__(self) -> Any:
        return drawn_in_console(self.title, self._lines())


_SCHEMA = {
    "method": pl.String,
    "statistic": pl.String,
    "verdict": pl.String,
    **dict.fromkeys(("cells", "withheld", "merged", "changed"), pl.Int64),
    **dict.fromkeys(("value_withheld", "mean_change", "greatest_change"), pl.Float64),
    **dict.fromkeys(("relative_change", "kept"), pl.Float64),
    **dict.fromkeys(("small", "told"), pl.Int64),
    "narrowest": pl.Float64,
    "reason": pl.String,
}


def compare(
    table: Protectable, methods: Asked = METHODS_COMPARED, statistic: str | None = None
) -> Comparison:
    """Protect a table in several ways and put side by side what each costs.

    methods: (method, options) each; "coarsen" takes what `coarsen` does. Noise is paid for as
    ever. A way that cannot be gone has its reason in the place of figures.
    Raises ProtectionError for a table that is protected already, and for a method or an option
    that there is not.
    """
    refuse_no_table("table", table)
    if table.grids[0].protection is not None:
        raise ProtectionError("the table is protected already; compare from the one before that")
    asked = _asked(methods)
    declared = table.declaration
    return Comparison(
        title=f"{', '.join(declared.statistics)} by {', '.join(declared.dimensions)}",
        ways=tuple(_tried(table, method, options, statistic) for method, options in asked),
    )


def _asked(methods: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """Pairs of a method and its options. Raises ProtectionError for anything else."""
    words = '[("round", {"base": 5}), …]'
    refuse_other("methods", methods, (list, tuple), f"a list of {words}", ProtectionError)
    for one in methods:
        if (
            not isinstance(one, list | tuple)
            or len(one) != 2
            or not isinstance(one[0], str)
            or not isinstance(one[1], Mapping)
            or not all(isinstance(name, str) for name in one[1])
        ):
            raise ProtectionError(f"each of methods is a pair as in {words}, not {shown(one)}")
        _refuse_unknown(one[0], one[1])
    return [(method, options) for method, options in methods]


def _refuse_unknown(method: str, options: Mapping[str, Any]) -> None:
    known = {name: tuple(one.kinds) for name, one in METHODS.items()} | {"coarsen": _COARSENING}
    if method not in known:
        raise ProtectionError("methods: " + unknown("protection", method, known))
    for name in options:
        if name not in known[method]:
            raise ProtectionError("methods: " + unknown(f"option of {method}", name, known[method]))


def _tried(
    table: Protectable, method: str, options: Mapping[str, Any], statistic: str | None
) -> Compared:
    try:
        if method == "coarsen":
            protected = _coarsened(table, options)
        else:
            protected = table.protect(method, **options)
    except OutputCheckError as error:
        return Compared(method=method, options=options, reason=str(error))
    cost = utility(protected, table, statistic)
    return Compared(method=method, options=options, table=protected, utility=cost)


def _coarsened(table: Protectable, options: Mapping[str, Any]) -> Any:
    return coarsen(table, options.get("along"), reviews=options.get("reviews", False))


def _line(one: Compared) -> Line:
    cost = one.utility
    if cost is None:
        return Line(label=one.label, reason=one.reason)
    return Line(
        label=one.label,
        verdict=str(cost.verdict),
        values=(
            (cost.share_lost, f"{cost.withheld + cost.merged} of {cost.cells}"),
            (cost.value_withheld, f"{cost.value_withheld:.1%}"),
            (cost.relative_change, f"{cost.mean_change:,.3g} ({cost.relative_change:.1%})"),
            (cost.told / cost.cells, f"{cost.told} of {cost.small}" if cost.small else "none"),
        ),
    )


def _changes(now: Grid, shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far the shown values are from the truth, and the truth, both absolute."""
    if now.kind is Kind.MODE:
        differ = (now.frame["value"] != now.frame["exact"]).fill_null(value=False)
        return differ.to_numpy()[shown].astype(float), np.zeros(0)
    value = now.frame["value"].cast(pl.Float64).to_numpy()
    exact = now.frame["exact"].cast(pl.Float64).to_numpy()
    known = shown & ~np.isnan(value) & ~np.isnan(exact)
    return np.abs(value - exact)[known], np.abs(exact[known])


def _amounts(grid: Grid) -> np.ndarray:
    """What the inner cells hold: their values where those add up, otherwise people."""
    column = "exact" if grid.kind in _ADDITIVE else grid.counts
    return np.abs(_inner(grid.frame[column].fill_null(0).to_numpy().astype(float), grid))


def _inner(values: np.ndarray, grid: Grid) -> np.ndarray:
    return values.reshape(grid.shape)[tuple(slice(one) for one in inner_shape(grid))]


def _small(grid: Grid, threshold: int) -> np.ndarray:
    people = grid.frame[grid.counts].fill_null(0).to_numpy()
    return (people > 0) & (people < threshold)


def _told(grid: Grid, threshold: int) -> tuple[int, float | None]:
    """Small cells that a reader can tell, and the narrowest interval of any small cell."""
    if grid.method == "noise":
        return 0, None
    withheld = grid.frame["withheld"].to_list()
    spans = grid.frame.select("people_lower", "people_upper").rows()
    told, widths = 0, []
    for cell in np.flatnonzero(_small(grid, threshold)):
        lower, upper = spans[cell]
        if lower is None and not withheld[cell]:  # the true value is there to be read
            told, widths = told + 1, [*widths, 0.0]
            continue
        told += not is_wide(lower or 0, upper, threshold)
        if upper is not None:
            widths.append(upper - (lower or 0))
    return told, min(widths, default=None)


def _kept(now: Grid, before: Grid) -> float:
    whole = _entropy(_inner(before.frame[before.counts].to_numpy(), before))
    return min(_entropy(_inner(now.frame[now.counts].to_numpy(), now)) / whole, 1.0) if whole else 1


def _entropy(counts: np.ndarray) -> float:
    shares = counts[counts > 0] / max(counts.sum(), 1)
    return float(-(shares * np.log(shares)).sum())


def _is_sayable(value: Any) -> bool:
    return isinstance(value, bool | int | float)
