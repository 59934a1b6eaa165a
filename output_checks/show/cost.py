"""What a protection cost, in words, for the page of a checker."""

from collections.abc import Iterator

from output_checks.protect.protectable import Protectable
from output_checks.protect.utility import Utility, utility


def cost_of(table: Protectable) -> list[tuple[str, str]]:
    """Names and texts about what protecting a table cost; nothing for one that is as it was."""
    if table.grids[0].protection is None:
        return []
    several = len(table.grids) > 1
    return [
        (f"{grid.statistic}: {name}" if several else name, text)
        for grid in table.grids
        for name, text in _said(utility(table, statistic=grid.statistic))
    ]


def _said(cost: Utility) -> Iterator[tuple[str, str]]:
    yield "Cells withheld", f"{cost.withheld:,} of {cost.cells:,}"
    if cost.withheld:
        yield "Value withheld", f"{100 * cost.value_withheld:.1f} %"
    if cost.changed:
        yield "Cells changed", f"{cost.changed:,} of {cost.cells:,}"
        yield "Mean absolute change", f"{cost.mean_change:,.4g}"
        yield "Greatest absolute change", f"{cost.greatest_change:,.4g}"
    yield "Small cells before", f"{cost.small:,}, of which a reader can still tell {cost.told:,}"
