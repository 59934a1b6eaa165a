"""The most frequent value must be that of enough people, and not of (nearly) all: statbarns."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import described, numbers, shown
from output_checks.rules.class_disclosure import ranks_of_shares
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import people, share_text


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    having = numbers(grid, "units_in_mode")
    shares = 100 * having / np.maximum(described(grid), 1)
    cells = np.flatnonzero(shown(grid) & (having > 0))
    few = cells[having[cells] < policy.threshold]
    yield RULE.each(grid, few, policy.mode, partial(_few, policy), having[few])
    many = cells[shares[cells] >= _least(policy)]
    shares = shares[many]
    yield RULE.each(grid, many, ranks_of_shares(shares, policy), _nearly_all, shares)


def _few(policy: Policy, having: float) -> str:
    return (
        f"The mode is the value of {people(having)}; the policy asks for at least "
        f"{policy.threshold}."
    )


def _least(policy: Policy) -> float:
    return min(policy.class_disclosure_review, policy.class_disclosure_fail)


def _nearly_all(share: float) -> str:
    who = "All" if share >= 100 else share_text(share)
    return f"{who} of the people in the cell have the mode."


RULE = Rule(
    name="mode",
    title="The most frequent value",
    source="statbarns, mode; SDC handbook, group disclosure",
    finds="A mode that fewer people have than the threshold: it is then nobody's secret whose it "
    "is. Also a mode that all or nearly all have, by the shares of `class_disclosure`, since it "
    "tells what each of them is.",
    remedy="Merge the variable's values into fewer, or withhold the cell.",
    fields=("threshold", "mode", "class_disclosure_review", "class_disclosure_fail"),
    reads={Kind.MODE: ("units_with_value", "units_in_mode")},
    search=_find,
    about_cells=True,
)
