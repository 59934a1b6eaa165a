"""The rules, as one table: each takes a grid of cells and a policy, and yields findings."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.all_equal import all_equal
from output_checks.rules.class_disclosure import class_disclosure
from output_checks.rules.dominance import dominance, p_percent
from output_checks.rules.evidence import evidence, unit
from output_checks.rules.negatives import negatives
from output_checks.rules.noise import noise
from output_checks.rules.rounding import rounding
from output_checks.rules.threshold import threshold
from output_checks.rules.withheld_cells import withheld_cells
from output_checks.rules.zeros import zeros

Rule = Callable[[Grid, Policy], Iterator[Finding]]

CELL_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "threshold": threshold,
        "zeros": zeros,
        "dominance": dominance,
        "p_percent": p_percent,
        "class_disclosure": class_disclosure,
        "all_equal": all_equal,
        "negatives": negatives,
    }
)
"""Rules about single cells: withholding the cell answers them."""

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "evidence": evidence,
        "unit": unit,
        **CELL_RULES,
        "withheld_cells": withheld_cells,
        "rounding": rounding,
        "noise": noise,
    }
)
"""Every rule of a table, in the order in which findings are listed."""


def judge(grid: Grid, policy: Policy, rules: Mapping[str, Rule] = RULES) -> tuple[Finding, ...]:
    """Ask every rule and list what they find, rule by rule, in the order of the cells."""
    return tuple(finding for rule in rules.values() for finding in rule(grid, policy))
