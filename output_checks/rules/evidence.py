"""What cannot be judged cannot pass: missing evidence is a finding."""

from collections.abc import Iterable, Iterator

import numpy as np

from output_checks.findings import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import numbers
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import Verdict

ALWAYS = ("units", "units_with_value", "structural_zero", "withheld")
"""Must be known of every cell; other columns only of cells with people."""

_OF_WEIGHTS = frozenset(
    {
        *("weight", "weighing_units", "largest_weight", "second_largest_weight"),
        "weight_different_values",
    }
)


def evidence_for(rules: Iterable[Rule]) -> Rule:
    """The rule that nothing is missing that any of these rules cannot judge without."""
    asked = tuple(rules)

    def find(grid: Grid, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001
        for names, cells in _missing(grid, _needed(grid, asked)).items():
            yield rule.finding(
                grid,
                cells,
                Verdict.FAIL,
                f"What is behind {'this cell' if len(cells) == 1 else 'these cells'} is not "
                f"known: {', '.join(names)}.",
            )

    rule = Rule(
        name="evidence",
        title="Missing evidence",
        source="Specification of this project: what is not understood is refused",
        finds="A cell of which something is not known that a rule of its statistic must know: an "
        "unknown count is never taken for a large one.",
        remedy="Make the table from the data with Data.table, so that it has its evidence.",
        reads=dict.fromkeys(Kind, ALWAYS),
        search=find,
    )
    return rule


def _needed(grid: Grid, rules: Iterable[Rule]) -> list[str]:
    names = dict.fromkeys(ALWAYS)
    names.update(dict.fromkeys(name for rule in rules for name in rule.reads.get(grid.kind, ())))
    return [name for name in names if grid.weight is not None or name not in _OF_WEIGHTS]


def _missing(grid: Grid, names: Iterable[str]) -> dict[tuple[str, ...], list[int]]:
    """The cells of which the same columns are missing, by those columns, in the cells' order."""
    nobody = numbers(grid, "units_with_value") == 0
    lacking = {}
    for name in names:
        unknown = _is_null(grid, name)
        lacking[name] = unknown if name in ALWAYS else unknown & ~nobody
    found: dict[tuple[str, ...], list[int]] = {}
    for cell in np.flatnonzero(np.logical_or.reduce(list(lacking.values()))):
        missing = tuple(name for name, where in lacking.items() if where[cell])
        found.setdefault(missing, []).append(int(cell))
    return found


def _is_null(grid: Grid, name: str) -> np.ndarray:
    if name not in grid.frame.columns:
        return np.ones(grid.size, dtype=bool)
    return grid.frame[name].is_null().to_numpy()
