"""Some controllers want every published count rounded: OpenSAFELY, NHS England (HES)."""

from collections.abc import Iterator

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.statistics import STATISTICS
from output_checks.words import Verdict


def rounding(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Find published counts that are no multiples of the policy's base."""
    base = policy.rounding_base
    if base == 1 or not STATISTICS[grid.statistic].is_whole or grid.method == "noise":
        return
    shown = grid.frame["value"].to_list()
    found = [cell for cell, value in enumerate(shown) if value is not None and value % base]
    if not grid.protection or grid.protection.options.get("base", 1) % base:
        found = [cell for cell, value in enumerate(shown) if value]
    if found:
        yield Finding(
            rule="rounding",
            severity=Verdict.FAIL,
            cells=grid.places(found),
            message=f"{len(found)} counts are not rounded to {base}, as the policy asks.",
            remedy=f"protect('suppress') rounds what it leaves; or protect('round', base={base}).",
        )
