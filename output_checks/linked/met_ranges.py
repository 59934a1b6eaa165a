"""Small groups that rounded outputs show within ranges: how narrow these are where they meet.

By itself each output leaves enough open. Together two of them may leave less than the policy wants,
though nobody can be certain that the group is small.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from output_checks.linked.descriptions import Description, is_impossible
from output_checks.linked.hidden import intervals
from output_checks.linked.overlapping import Narrowed
from output_checks.linked.reader import Effort
from output_checks.linked.system import Named, System
from output_checks.linked.views import View
from output_checks.rules.threshold import is_wide


def met_ranges(
    system: System, views: Sequence[View], threshold: int, effort: Effort
) -> Iterator[Narrowed]:
    """Find groups of 1 to threshold - 1 people, or of a share the others, that are told too well.

    Only those of which no single output tells as much.
    """
    named = _ranged(views)
    if not named:
        return
    members = [system.members(one) for one in named]
    truth = [float(views[some[0].view].truth[some[0].cell]) for some in named.values()]
    low, high = intervals(system, members, truth, threshold, effort=effort)
    for cells, number, least, most in zip(named.values(), truth, low, high, strict=True):
        told = _is_narrower(most - least, cells, views) and _is_told(number, least, most, threshold)
        for of, shares in _shares(cells, views).items():
            told |= _is_narrower(most - least, shares, views) and _is_told(
                of - number, of - most, of - least, threshold
            )
        if told:
            yield Narrowed(
                larger=cells, smaller=(), low=int(least), high=int(most), is_certain=True
            )


def _is_narrower(width: float, cells: Sequence[Named], views: Sequence[View]) -> bool:
    """Whether together they tell more than any of these by itself."""
    return all(
        width < views[one.view].most[one.cell] - views[one.view].least[one.cell] for one in cells
    )


def _is_told(number: float, least: float, most: float, threshold: int) -> bool:
    return 0 < number < threshold and not is_wide(least, most, threshold)


def _shares(cells: Sequence[Named], views: Sequence[View]) -> dict[float, list[Named]]:
    """The cells that show a group as a share, by of how many people it is one."""
    found: dict[float, list[Named]] = {}
    for one in cells:
        whole = views[one.view].whole
        if whole is not None:
            found.setdefault(float(whole[one.cell]), []).append(one)
    return found


def _ranged(views: Sequence[View]) -> dict[Description, tuple[Named, ...]]:
    """Groups that are shown within ranges alone, with all the cells that are of them."""
    found: dict[Description, list[Named]] = {}
    exactly: set[Description] = set()
    for number, view in enumerate(views):
        exactly |= {view.cells[cell] for cell in np.flatnonzero(view.published | view.hidden)}
        for cell in np.flatnonzero((view.least < view.most) & ~view.hidden):
            if not is_impossible(view.cells[cell]):
                found.setdefault(view.cells[cell], []).append(Named(view=number, cell=int(cell)))
    return {one: tuple(cells) for one, cells in found.items() if one not in exactly}
