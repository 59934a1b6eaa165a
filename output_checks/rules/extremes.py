"""A minimum or maximum is somebody's own value: SDC handbook; OpenSAFELY allows none."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from output_checks.findings import Found, ranks
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import Verdict, people

_WORDS = {0.0: "minimum", 1.0: "maximum"}


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    word = _WORDS.get(grid.facts.position if grid.facts.position is not None else np.nan)
    if word is None:
        return
    sharing = numbers(grid, "units_at")
    cells = np.flatnonzero(shown(grid) & (sharing > 0))
    sharing = sharing[cells]
    of_few, of_any = ranks(
        (Verdict.worst((policy.extremes, policy.any_extreme)), policy.any_extreme)
    )
    severities = np.where(_are_few(sharing, policy), of_few, of_any)
    yield RULE.each(grid, cells, severities, _said(word, policy), sharing)


def _are_few(sharing: Any, policy: Policy) -> Any:
    return (sharing < policy.threshold) & (policy.extremes is not Verdict.PASS)


def _said(word: str, policy: Policy) -> Callable[[float], str]:
    def say(sharing: float) -> str:
        if _are_few(sharing, policy):
            has = "person has" if sharing == 1 else "people have"
            return (
                f"Only {sharing:,.0f} {has} the shown {word}; at least {policy.threshold} must "
                "share it."
            )
        return (
            f"The cell shows a {word}, which the policy does not allow, although "
            f"{people(sharing)} share it."
        )

    return say


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
    search=_find,
    about_cells=True,
)
