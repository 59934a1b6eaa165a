"""The rules, as one table: each takes a grid of cells and a policy, and yields findings."""

from collections.abc import Mapping
from types import MappingProxyType

from output_checks.findings import Findings
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules import (
    all_equal,
    class_disclosure,
    contributors,
    dominance,
    extremes,
    few_values,
    mode,
    negatives,
    noise,
    p_percent,
    positions,
    precision,
    proportions,
    rare_values,
    ratios,
    rounding,
    several_cells,
    spread,
    threshold,
    unit,
    weights,
    withheld_cells,
    without_value,
    zeros,
)
from output_checks.rules.evidence import evidence_for
from output_checks.rules.rule import Rule

_ABOUT_THE_TABLE = (unit.RULE, withheld_cells.RULE, rounding.RULE, precision.RULE, noise.RULE)
_ABOUT_CELLS = (
    threshold.RULE,
    without_value.RULE,
    several_cells.RULE,
    zeros.RULE,
    class_disclosure.RULE,
    proportions.RULE,
    ratios.RULE,
    contributors.RULE,
    few_values.RULE,
    rare_values.RULE,
    weights.RULE,
    dominance.RULE,
    p_percent.RULE,
    negatives.RULE,
    all_equal.RULE,
    spread.RULE,
    extremes.RULE,
    positions.RULE,
    mode.RULE,
)

CELL_RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _ABOUT_CELLS})
"""Rules about single cells: withholding the cell answers them."""

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            evidence_for((*_ABOUT_CELLS, *_ABOUT_THE_TABLE)),
            unit.RULE,
            *_ABOUT_CELLS,
            *_ABOUT_THE_TABLE[1:],
        )
    }
)
"""Every rule of a table, in the order in which findings are listed."""


def judge(grid: Grid, policy: Policy, rules: Mapping[str, Rule] = RULES) -> Findings:
    """Ask every rule that is about the grid's statistic, and list what they find.

    Rule by rule, in the order of the cells.
    """
    return Findings.joined(rule.find(grid, policy) for rule in rules.values() if rule.judges(grid))
