"""Make a safe pattern cheaper: one neighbourhood after the other is chosen anew, the rest kept."""

import numpy as np

from output_checks.protect.effort import Part
from output_checks.protect.search import Search
from output_checks.protect.structure import tied_to

_CHOSEN_AGAIN = 24
"""Complementary cells that are chosen anew at once."""
_FREE = 240
"""Cells that may be withheld instead."""
_ROUNDS = 12
_NODES = 60


def improve(search: Search, effort: Part) -> None:
    """Look for cheaper patterns until the effort is spent or every neighbourhood was tried.

    Each is a small search of its own: what is learnt in it is true everywhere.
    """
    tried = np.zeros(len(search.task.cost), dtype=bool)
    while effort.left and not search.is_proven and search.best is not None:
        extra = search.best & ~search.task.primary & ~tried
        if not extra.any():
            return
        first = int(np.argmax(np.where(extra, search.task.cost, -1.0)))
        again = _neighbourhood(search, first)
        tried[first] = True
        if _chosen_again(search, again, effort):
            tried &= ~tied_to(search.task.attacks[0].structure, again)


def _neighbourhood(search: Search, first: int) -> np.ndarray:
    """Complementary cells around one, by the sums that they share."""
    task, best = search.task, search.best
    structure = task.attacks[0].structure
    extra = best & ~task.primary
    again = np.zeros(len(extra), dtype=bool)
    again[first] = True
    while again.sum() < _CHOSEN_AGAIN:
        more = tied_to(structure, tied_to(structure, again) & best) & extra & ~again
        if not more.any():
            break
        left = _CHOSEN_AGAIN - int(again.sum())
        again[np.flatnonzero(more)[:left]] = True
    return again


def _chosen_again(search: Search, again: np.ndarray, effort: Part) -> bool:
    best, structure = search.best, search.task.attacks[0].structure
    fixed = best & ~again
    near = tied_to(structure, tied_to(structure, again) & best) & search.promising() & ~fixed
    ordered = np.argsort(np.where(near, search.relaxed.dearer, np.inf), kind="stable")
    free = again.copy()
    free[ordered[: min(_FREE, int(near.sum()))]] = True
    for _ in range(_ROUNDS):
        if not effort.left:
            return False
        found = search.master.whole(free, fixed, nodes=_NODES, below=search.cost - 0.5)
        if found is None:
            return False
        if not search.learn(found.astype(float), strictly=True, near=free | fixed):
            return search.offer(found)
    return False
