"""A minimum or maximum is somebody's own value: SDC handbook; OpenSAFELY allows none."""

from collections.abc import Iterator

import numpy as np

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import Verdict, people

_WORDS = {0.0: "minimum", 1.0: "maximum"}


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:
    word = _WORDS.get(grid.facts.position if grid.facts.position is not None else np.nan)
    if word is None:
        return
    sharing = numbers(grid, "units_at")
    cells = np.flatnonzero(shown(grid) & (sharing > 0))
    yield from RULE.each(grid, cells, (_said(sharing[at], word, policy) for at in cells))


def _said(sharing: float, word: str, policy: Policy) -> tuple[Verdict, str]:
    if sharing < policy.threshold and policy.extremes is not Verdict.PASS:
        has = "person has" if sharing == 1 else "people have"
        return (
            Verdict.worst((policy.extremes, policy.any_extreme)),
            f"Only {sharing:,.0f} {has} the shown {word}; at least {policy.threshold} must share "
            "it.",
        )
    return (
        policy.any_extreme,
        f"The cell shows a {word}, which the policy does not allow, although {people(sharing)} "
        "share it.",
    )


RULE = Rule(
    name="extremes",
    title="Minimum and maximum",
    source="SDC handbook, minima and maxima; statbarns, extreme values; OpenSAFELY allows none",
    finds="A minimum or maximum that fewer people share than the threshold: it is the value of "
    "somebody, often of the one person that everybody knows. `any_extreme` is for policies that "
    "allow none at all. A percentile near an end is judged by `positions`, which is stricter.",
    remedy="Show a percentile further in (p5, p95), the mean of the threshold's number of "
    "smallest or largest values, or a band's rounded end.",
    fields=("threshold", "extremes", "any_extreme"),
    only="minimum, maximum",
    reads={Kind.POSITION: ("units_at",)},
    find=_find,
    about_cells=True,
)
