"""Make a safe pattern cheaper: a part of it is shown, and what it takes then is withheld anew."""

import numpy as np

from output_checks.protect.effort import Part
from output_checks.protect.pattern import Growth
from output_checks.protect.search import Search
from output_checks.protect.structure import tied_to

_FEWEST, _MOST = 10, 40
"""Complementary cells that are shown at once."""
_BY_CHANCE = 0.3
"""How much the prices of cells differ from their costs, as a standard deviation of logarithms."""
_RELAXED = 0.8
"""How much cheaper a cell seems that the pattern in fractions withholds."""
_OF = 6
"""Cells that may be withheld instead, for each that the pattern in fractions withholds."""
_DEARER = 1.05
"""Up to which multiple of the best's cost cells are cleaned that were withheld before."""
_IN_VAIN = 25
"""So many tries without a cheaper pattern, and no more are made."""


def regrow(search: Search, effort: Part) -> None:
    """Try part after part, chosen by chance (always the same), until little is gained."""
    chance = np.random.default_rng(0)
    task, now = search.task, search.best
    if now is None:
        return
    price = task.cost * (1.0 - _RELAXED * search.relaxed.chosen)
    may = search.nearby(_OF * search.relaxed.chosen.sum()) | now
    growth = Growth(task, may, price, search.effort)
    in_vain = 0
    while effort.left and not search.is_proven and in_vain < _IN_VAIN:
        shown = _some(search, now, chance)
        if not shown.any():
            return
        found = _grown(search, growth, now & ~shown, price, chance)
        in_vain += 1
        if found is not None and task.cost_of(found) <= task.cost_of(now):
            in_vain = 0 if search.offer(found) else in_vain
            now = found
        else:
            search.look_back()


def _some(search: Search, now: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Complementary cells that are tied to each other by sums."""
    extra = now & ~search.task.primary
    shown = np.zeros(len(now), dtype=bool)
    if not extra.any():
        return shown
    shown[chance.choice(np.flatnonzero(extra))] = True
    for _ in range(chance.integers(_FEWEST, _MOST)):
        near = np.flatnonzero(tied_to(search.task.attacks[0].structure, shown) & extra & ~shown)
        if not len(near):
            break
        shown[chance.choice(near)] = True
    return shown


def _grown(
    search: Search, growth: Growth, kept: np.ndarray, price: np.ndarray, chance: np.random.Generator
) -> np.ndarray | None:
    search.remember()
    growth.set_price(price * np.exp(_BY_CHANCE * chance.standard_normal(len(price))))
    withheld = kept.copy()
    if not growth.until_safe(withheld, search.readers):
        return None
    found = search.cleaned(withheld, withheld & ~kept)
    if search.task.cost_of(found) > _DEARER * search.cost:
        return None
    return search.cleaned(found, tied_to(search.task.attacks[0].structure, found & ~kept))
