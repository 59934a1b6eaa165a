"""Noise protects only as far as its epsilon is small and nobody can draw it again."""

from collections.abc import Iterator

from output_checks.findings import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import Verdict


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:
    if grid.protection is None or grid.method != "noise":
        return
    if grid.protection.options.get("random_state") is not None:
        yield RULE.finding(
            grid,
            (),
            Verdict.FAIL,
            "The noise was drawn with a seed that somebody chose: whoever knows it draws the same "
            "noise of other data and takes it off.",
            remedy="Ask for the table again without random_state.",
        )
    epsilon = float(grid.protection.options["epsilon"])
    if epsilon > policy.epsilon_per_table:
        yield RULE.finding(
            grid,
            (),
            Verdict.REVIEW,
            f"The noise was drawn with epsilon {epsilon:g}; the policy lets up to "
            f"{policy.epsilon_per_table:g} pass without a person.",
        )


RULE = Rule(
    name="noise",
    title="Too little noise",
    source="Dwork (2011), A firm foundation for private data analysis",
    finds="A differentially private table whose epsilon is above the policy's: the larger "
    "epsilon, the less the noise hides that somebody is in the data. And one whose noise was drawn "
    "with a chosen seed (`random_state`), which hides nothing from whoever knows the seed.",
    remedy="Ask for the table again with a smaller epsilon.",
    fields=("epsilon_per_table",),
    reads=dict.fromkeys(Kind, ()),
    search=_find,
)
