"""A weighted number must not hide how few people are behind it: ABS, unweighted contributors."""

from collections.abc import Iterator

import numpy as np

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import WEIGHTED
from output_checks.words import Verdict, people


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001
    counts = numbers(grid, "units")
    cells = np.flatnonzero(shown(grid) & (counts > 0) & (numbers(grid, "weight") == 0))
    said = (
        (
            Verdict.REVIEW,
            f"The cell looks empty, but {people(counts[at])} with a weight of 0 are behind it.",
        )
        for at in cells
    )
    yield from RULE.each(grid, cells, said)


RULE = Rule(
    name="weights",
    title="Weighted tables",
    source="ABS DataLab: at least 10 unweighted contributors, and unweighted counts as evidence",
    finds="Every rule looks at the people behind a weighted number, and not at what they stand "
    "for: 3 people who stand for 4,000 are 3 people. This rule itself finds the opposite case: a "
    "cell that looks empty because the weights of its people are 0.",
    remedy="Leave people without a weight out with where, so that the evidence counts who is in.",
    reads=dict.fromkeys(WEIGHTED, ("units", "weight")),
    find=_find,
    about_cells=True,
)
